"""What the utility tells everybody: outlets, prices, what a swindle looks like. Pure."""
