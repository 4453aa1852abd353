"""Connection applications 报装: from stage to stage until the file is closed. What an application
has come through is what was told of it."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Connection, Engine, select

from sandbox.city.schema import wx_event
from sandbox.office.errors import BadEntry, OfficeError
from sandbox.office.filings import CONNECTION
from sandbox.office.papers import content
from sandbox.office.shift import at_work
from sandbox.office.standing import UNDERWAY, WAITING, Decision, open_request, settle

STAGES = {
    "accepted": "已受理",
    "survey_booked": "已约勘察",
    "surveyed": "已勘察",
    "designed": "已设计",
    "quoted": "已报价",
    "construction": "施工中",
    "inspected": "已验收",
    "metered": "已装表",
    "connected": "已通水",
    "archived": "已归档",
}
_ORDER = tuple(STAGES)
_TOLD_AS = "connection_stage"
DONE = "done"


@dataclass(frozen=True, slots=True)
class StageReached:
    """`promised_on`: by when the next one is promised, 'YYYY-MM-DD' or ''."""

    stage: str
    at: datetime
    promised_on: str
    text: str


def advance(
    engine: Engine,
    request_no: str,
    now: datetime,
    *,
    stage: str = "",
    promised_on: date | None = None,
    text: str = "",
) -> Decision:
    """To `stage`, or to the next one. Stages may be passed over, but never gone back to."""
    if stage and stage not in STAGES:
        raise BadEntry(f"阶段应为 {'、'.join(STAGES)} 之一，不能是 {stage}")
    with at_work(engine, now) as shift:
        row = open_request(shift, request_no, (CONNECTION,), (WAITING, UNDERWAY))
        if promised_on and promised_on < shift.today:
            raise BadEntry(f"承诺日期 {promised_on} 已经过去")
        come_through = stages(shift.connection, (request_no,)).get(request_no, ())
        reached = _after(come_through[-1].stage if come_through else "", stage)
        promise = promised_on.isoformat() if promised_on else ""
        data = {"stage": reached, "promised_on": promise, "text": text}
        shift.tell(_TOLD_AS, data, acct_no=row.acct_no, request_no=request_no)
        state = DONE if reached == _ORDER[-1] else UNDERWAY
        settle(shift, request_no, state, text)
        return Decision(request_no, state)


def stages(
    connection: Connection, request_nos: Collection[str]
) -> Mapping[str, tuple[StageReached, ...]]:
    """Request → what it has come through, in order; those that wait still are left out."""
    told = (
        select(wx_event)
        .where(wx_event.c.kind == _TOLD_AS, wx_event.c.request_no.in_(request_nos))
        .order_by(wx_event.c.event_id)
    )
    found: dict[str, list[StageReached]] = defaultdict(list)
    for row in connection.execute(told):
        data = content(row.data)
        one = StageReached(data["stage"], row.at, data["promised_on"], data["text"])
        found[row.request_no or ""].append(one)
    return {request_no: tuple(reached) for request_no, reached in found.items()}


def _after(last: str, wanted: str) -> str:
    done = _ORDER.index(last) + 1 if last else 0
    reached = _ORDER.index(wanted) if wanted else done
    if reached < done:
        raise OfficeError(f"已经到了“{STAGES[last]}”，不能再回到“{STAGES[wanted]}”")
    return _ORDER[reached]
