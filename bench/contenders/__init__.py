"""The WSGI applications that are compared. Each is started by granian in a process of its own."""
