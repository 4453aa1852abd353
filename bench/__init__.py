"""What a message costs: Waterdesk beside a raw WSGI function and a bare WeRoBot, one server."""
