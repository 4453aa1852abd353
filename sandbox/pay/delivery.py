"""One notification on its way to the server: what the switches make of it, and whether it was
taken. Five seconds are all the server has."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

from sandbox.pay.desk import PayDesk
from sandbox.pay.envelope import FORGERIES, GENUINE, Packed, packed
from sandbox.pay.notices import Notice
from sandbox.transport import HttpAnswer, HttpRequest, OnLate, Timing, exchange
from sandbox.world import wire

TOTAL_S = 5.0
_TAKEN = (200, 204)


def deliver(desk: PayDesk, notice: Notice) -> bool:
    """Whether the server has taken it."""
    faults, world = desk.faults, desk.world
    for forgery in FORGERIES:
        if world.chance(getattr(faults, f"{forgery}_rate")):
            _send(desk, notice, forgery)
    if world.chance(faults.notice_parallel_rate):
        with ThreadPoolExecutor(2) as pool:
            return any(list(pool.map(lambda _: _send(desk, notice), range(2))))
    taken = _send(desk, notice)
    if taken and world.chance(faults.notice_twice_rate):
        _send(desk, replace(notice, tries=notice.tries + 1))
    return taken


def _send(desk: PayDesk, notice: Notice, forgery: str = GENUINE) -> bool:
    parcel = packed(desk, notice, forgery)
    title = f"{notice.event_type} {notice.about}" + (f" · {forgery}" if forgery else "")
    if notice.tries and not forgery:
        title += f" · {notice.tries + 1}"

    def on_late(answer: HttpAnswer) -> None:
        _record(desk, title, notice, parcel, answer, "late: answered when nobody listened")

    answer = _exchanged(desk, notice, parcel, on_late)
    taken = answer.status in _TAKEN
    problem = answer.problem or ("" if taken else f"not taken: status {answer.status}")
    if forgery:
        problem = "a forged notification was taken" if taken else ""
    _record(desk, title, notice, parcel, answer, problem)
    return taken


def _exchanged(desk: PayDesk, notice: Notice, parcel: Packed, on_late: OnLate) -> HttpAnswer:
    config = desk.world.config
    if not notice.url.startswith("http://"):
        return HttpAnswer(None, b"", 0, "the sandbox delivers over plain http only")
    request = HttpRequest("POST", notice.url, parcel.body, parcel.headers)
    timing = Timing(config.connect_timeout_s, TOTAL_S, config.late_window_s)
    return exchange(request, timing, on_late)


def _record(
    desk: PayDesk, title: str, notice: Notice, parcel: Packed, answer: HttpAnswer, problem: str
) -> None:
    shown = answer.body.decode("utf-8", "replace")
    desk.world.inspect(
        {
            "kind": "pay",
            "title": title,
            "status": answer.status,
            "ms": answer.ms,
            "request": wire(f"POST {notice.url}", notice.plain, parcel.body.decode()),
            "response": wire(f"{answer.status or '-'}", shown),
            "problem": problem,
        }
    )
