"""What a connection application 报装 asks, and what one that was returned still holds. Pure."""
