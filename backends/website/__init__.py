"""The feeds of the utility's website: outages and water quality (docs/contracts/website.md)."""
