"""What inviting family and joining one share."""
