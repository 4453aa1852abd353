"""Customer service's files (templates/) into the words of a message."""
