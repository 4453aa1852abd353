"""What is remembered of a citizen between two messages: one small JSON document in Redis."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

SCHEMA = 1
MAX_VISITED = 10
MAX_DONE = 5
MAX_BYTES = 4096


@dataclass(frozen=True, slots=True)
class Frame:
    """One dialog under way. Times are epoch seconds. `state` is a name, never a number, so that a
    step put in between does not move anybody. `expires` lies before the key's own end of life:
    a record that has vanished could not tell the citizen that it expired."""

    dialog: str
    revision: int
    run_id: str
    state: str
    data: Mapping[str, Any]
    started: int
    expires: int
    visited: tuple[str, ...] = ()
    attempts: int = 0
    confirm_id: str = ""


@dataclass(frozen=True, slots=True)
class Human:
    """A person was asked for. `serving` once one has taken the conversation."""

    until: int
    serving: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """`parked`: the one dialog set aside for another. `done`: confirm ids already used.
    `unlocked_until`: until when the query password need not be given again, epoch seconds."""

    frame: Frame | None = None
    parked: Frame | None = None
    human: Human | None = None
    done: tuple[str, ...] = ()
    unlocked_until: int = 0

    @property
    def empty(self) -> bool:
        return self == EMPTY

    def with_done(self, confirm_id: str) -> "Record":
        return replace(self, done=(*self.done, confirm_id)[-MAX_DONE:])


EMPTY = Record()


def to_json(record: Record) -> str:
    """Two large dialogs at once do not fit: the parked one is given up, for the one under way must
    go on. ValueError when that has outgrown its place by itself: a dialog keeps too much."""
    text = _json(record)
    if _fits(text):
        return text
    text = _json(replace(record, parked=None))
    if not _fits(text):
        raise ValueError(f"dialog record of {len(text.encode())} bytes; at most {MAX_BYTES}")
    return text


def _fits(text: str) -> bool:
    return len(text) <= MAX_BYTES // 4 or len(text.encode()) <= MAX_BYTES


def _json(record: Record) -> str:
    body: dict[str, Any] = {"s": SCHEMA}
    if record.frame:
        body["f"] = _frame_out(record.frame)
    if record.parked:
        body["p"] = _frame_out(record.parked)
    if record.human:
        body["h"] = [record.human.until, int(record.human.serving)]
    if record.done:
        body["d"] = record.done
    if record.unlocked_until:
        body["u"] = record.unlocked_until
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def from_json(text: str) -> Record:
    """An empty, foreign or damaged document is an empty record: the citizen starts afresh, where
    an error would meet every message until the document is forgotten."""
    if not text:
        return EMPTY
    try:
        return _record_in(json.loads(text))
    except (ValueError, TypeError, LookupError, AttributeError):
        return EMPTY


def without_expired(text: str, now_s: int) -> str:
    """The document without what was typed into dialogs that have expired; unchanged when there are
    none. What is left is enough to say which dialog expired."""
    record = from_json(text)
    if record.empty:
        return text
    emptied = replace(
        record, frame=_emptied(record.frame, now_s), parked=_emptied(record.parked, now_s)
    )
    return text if emptied == record else _json(emptied)


def _emptied(frame: Frame | None, now_s: int) -> Frame | None:
    if frame is None or frame.expires > now_s:
        return frame
    return replace(frame, data={}, visited=())


def _record_in(body: dict[str, Any]) -> Record:
    if body["s"] != SCHEMA:
        return EMPTY
    human = body.get("h")
    return Record(
        frame=_frame_in(body.get("f")),
        parked=_frame_in(body.get("p")),
        human=Human(until=human[0], serving=bool(human[1])) if human else None,
        done=tuple(body.get("d", ())),
        unlocked_until=int(body.get("u", 0)),
    )


def _frame_out(frame: Frame) -> list[Any]:
    return [
        frame.dialog,
        frame.revision,
        frame.run_id,
        frame.state,
        dict(frame.data),
        frame.started,
        frame.expires,
        frame.visited,
        frame.attempts,
        frame.confirm_id,
    ]


def _frame_in(fields: list[Any] | None) -> Frame | None:
    if fields is None:
        return None
    dialog, revision, run_id, state, data, started, expires, visited, attempts, confirm_id = fields
    return Frame(
        dialog=dialog,
        revision=revision,
        run_id=run_id,
        state=state,
        data=dict(data),
        started=started,
        expires=expires,
        visited=tuple(visited),
        attempts=attempts,
        confirm_id=confirm_id,
    )
