"""Outside systems, one folder each, behind the Protocols of `backends.ports`."""
