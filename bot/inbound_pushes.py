"""What WeChat's events say of pushes: what became of one, and what a citizen accepted.

Their fields enter, as `bot.inbound` has read them; whatever is not as the protocol has it is left
out, since nobody waits for an answer.
"""

from collections.abc import Iterator, Mapping
from typing import Any

import structlog

from backends.ports import PushResult

log = structlog.get_logger()
MOST_ENTRIES = 20
LONGEST_ID, LONGEST_TEMPLATE_ID = 19, 64
_LARGEST_ID = 2**63
STATUSES = {
    "success": PushResult.SUCCESS,
    "failed:userblock": PushResult.USER_BLOCK,
    "failed:systemfailed": PushResult.SYSTEM_FAILED,
}

Results = tuple[tuple[int, PushResult], ...]


def results(event: str, fields: Mapping[str, Any]) -> Results:
    """(message id, result) of each push that the event is about."""
    if event == "templatesendjobfinish":
        number = _number(fields.get("MsgID"))
        return ((number, _status(fields.get("Status"))),) if number else ()
    if event == "subscribe_msg_sent_event":
        return tuple(_sent(fields))
    return ()


def answers(event: str, fields: Mapping[str, Any]) -> dict[str, bool]:
    """Template id → accepted. Old documents wrap the change like the popup."""
    if event not in ("subscribe_msg_popup_event", "subscribe_msg_change_event"):
        return {}
    wrapped = ("SubscribeMsgPopupEvent", "SubscribeMsgChangeEvent")
    return {
        entry["TemplateId"]: entry["SubscribeStatusString"] == "accept"
        for name in wrapped
        for entry in _entries(fields.get(name))
        if isinstance(entry.get("SubscribeStatusString"), str)
    }


def _sent(fields: Mapping[str, Any]) -> Iterator[tuple[int, PushResult]]:
    for entry in _entries(fields.get("SubscribeMsgSentEvent")):
        if number := _number(entry.get("MsgID")):
            well = entry.get("ErrorCode") == "0"
            yield number, PushResult.SUCCESS if well else PushResult.USER_BLOCK


def _entries(wrapped: object) -> Iterator[Mapping[str, Any]]:
    """One entry stands by itself, several are a list."""
    inside = wrapped.get("List") if isinstance(wrapped, Mapping) else None
    for entry in (inside if isinstance(inside, list) else [inside])[:MOST_ENTRIES]:
        if not isinstance(entry, Mapping):
            continue
        template_id = entry.get("TemplateId")
        if isinstance(template_id, str) and 0 < len(template_id) <= LONGEST_TEMPLATE_ID:
            yield entry


def _number(text: object) -> int | None:
    if not isinstance(text, str) or not text.isascii() or not text.isdigit():
        return None
    number = int(text) if len(text) <= LONGEST_ID else _LARGEST_ID
    return number if 0 < number < _LARGEST_ID else None


def _status(said: object) -> PushResult:
    """WeChat writes a blank in one of the failures and none in the other."""
    bare = "".join(said.lower().split()) if isinstance(said, str) else ""
    if bare not in STATUSES:
        log.warning("push_result_unknown", status=bare[:40])
    return STATUSES.get(bare, PushResult.SYSTEM_FAILED)
