"""Private values at rest and passwords (`ports.Secrets`)."""
