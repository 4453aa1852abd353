"""What cron jobs plan: one file per reminder, each walks a list of what is due, page by page."""
