"""Planned notices to citizens: claimed from the ledger, sent, settled."""
