"""The stand-in for the hotline: the contract (docs/contracts/hotline.yaml) over a store of its own,
and what its staff do. Knows nothing of the adapter in backends/."""
