"""The stand-in for WeChat Pay: its API v3, its notifications, its bills, the pay sheet."""
