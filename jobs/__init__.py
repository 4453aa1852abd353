"""What runs beside the server: the worker that hands submissions over, takes events in and tells
citizens of results (`waterdesk worker`)."""
