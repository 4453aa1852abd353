"""What the website has published, as citizens are told of it: outages and water quality. Pure."""
