"""The query password 查询密码 before private dialogs: asked for once in half an hour.

Off: never. Optional: of citizens who have set one. Required: whoever is bound to an account sets
one first.
"""

from datetime import timedelta

from dialogs.engine.definition import Dialog, Policy
from dialogs.engine.house import Moment
from dialogs.engine.record import Record

OPEN_FOR = timedelta(minutes=30)
PASSWORD = "query_password"  # noqa: S105 - the dialog that asks for it
ASK, SET = "ask", "set"


def what_is_missing(dialog: Dialog, record: Record, moment: Moment, policy: Policy) -> str:
    """ASK, SET, or '' when the dialog may go on."""
    if not dialog.private or policy.query_password == "off":  # noqa: S105 - a mode
        return ""
    if record.unlocked_until > moment.epoch_s:
        return ""
    openid, records = moment.inbound.openid, moment.ask.records
    if records.password(openid):
        return ASK
    required = policy.query_password == "required"  # noqa: S105 - a mode
    return SET if required and records.bindings(openid) else ""
