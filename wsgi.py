"""Where a message enters. Any WSGI server can serve `wsgi:application`; see docs/operations.md."""

import os
from pathlib import Path

from bot.app import build_app
from bot.settings import load_settings

application = build_app(load_settings(os.environ, env_file=Path(".env")))
