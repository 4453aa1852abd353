"""Payment orders and refunds: rows, look-ups and changes. Inside the caller's transaction."""
