"""The stand-in for the utility's website: its feeds (docs/contracts/website.md) and pages, and what
its editors do. Knows nothing of the adapter in backends/."""
