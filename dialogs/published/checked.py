"""When the website was last looked at, as citizens read it beside what it says."""

from typing import Any

from backends.ports import Checked
from dialogs.engine.definition import Turn


def kept(turn: Turn, checked: Checked) -> dict[str, Any]:
    """`at` is '' when it has never been read."""
    at = checked.checked_at
    shown = at.astimezone(turn.now.tzinfo).isoformat(timespec="minutes") if at else ""
    return {"at": shown, "failing": checked.failing, "site": turn.policy.website_url}
