"""The push ledger's statements, each inside its caller's transaction."""
