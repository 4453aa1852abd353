"""The hotline 热线: its HTTP API (docs/contracts/hotline.yaml)."""
