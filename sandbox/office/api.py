"""The back office over HTTP (docs/sandbox.md): JSON in, JSON out, refusals in Chinese."""

from collections.abc import Callable, Mapping
from dataclasses import asdict
from datetime import date, datetime
from decimal import Decimal
from random import Random
from typing import Any

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from sandbox import office
from sandbox.context import here
from sandbox.control_body import body, number_in_query, text
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError

EngineFactory = Callable[[], Engine]

_CLOSED = "此刻连不上营收系统（数据库断开或卡住），恢复后再办；没有任何改动"
_NO_CITY = "这个沙箱没有城市数据库，业务后台不可用"
_ALL_STATES = "all"


class NoCity(OfficeError):
    pass


def create_blueprint(engine_of: EngineFactory | None) -> Blueprint:
    blueprint = Blueprint("office", __name__)
    _answer_refusals(blueprint)

    def engine() -> Engine:
        if engine_of is None:
            raise NoCity(_NO_CITY)
        return engine_of()

    _serve_lists(blueprint, engine)
    _serve_requests(blueprint, engine)
    _serve_accounts(blueprint, engine)
    return blueprint


def _serve_lists(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.get("/queue")
    def queue() -> ResponseReturnValue:
        office.take_requests(engine(), _now())
        wanted = request.args.get("state", "waiting")
        states = () if wanted == _ALL_STATES else (wanted,)
        return {"requests": _plain(office.queue(engine(), states=states))}

    @blueprint.get("/visits")
    def visits() -> ResponseReturnValue:
        wanted = request.args.get("state")
        found = office.visits(engine(), states=(wanted,)) if wanted else office.visits(engine())
        return {"visits": _plain(found)}

    @blueprint.get("/events")
    def events() -> ResponseReturnValue:
        after = int(number_in_query("after", 0, 2.0**53))
        limit = int(number_in_query("limit", 200, 1000))
        found = office.events(engine(), after=after, limit=limit)
        return {"events": _plain(found), "last": found[-1].event_id if found else after}


def _serve_requests(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.post("/requests/<request_no>/accept")
    def accept(request_no: str) -> ResponseReturnValue:
        return _object(office.accept_reading(engine(), request_no, _now()))

    @blueprint.post("/requests/<request_no>/modify")
    def modify(request_no: str) -> ResponseReturnValue:
        value = _whole("value")
        return _object(office.modify_reading(engine(), request_no, value, text("text"), _now()))

    @blueprint.post("/requests/<request_no>/reject")
    def reject(request_no: str) -> ResponseReturnValue:
        reason, words = text("reason"), text("text")
        return _object(office.reject_reading(engine(), request_no, reason, words, _now()))

    @blueprint.post("/auto")
    def auto() -> ResponseReturnValue:
        rng = Random(_whole("seed", 0))
        return {"ended": dict(office.answer_everything(engine(), _now(), rng))}


def _serve_accounts(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.get("/accounts/<acct_no>")
    def account(acct_no: str) -> ResponseReturnValue:
        return _object(office.dial(engine(), acct_no))

    @blueprint.post("/accounts/<acct_no>/bill")
    def bill(acct_no: str) -> ResponseReturnValue:
        return _object(office.open_bill(engine(), acct_no, _whole("volume_m3"), _now()))

    @blueprint.post("/accounts/<acct_no>/visit")
    def visit(acct_no: str) -> ResponseReturnValue:
        reason = text("reason", "dispute")
        return {"visit_no": office.make_visit_due(engine(), acct_no, _now(), reason=reason)}

    @blueprint.post("/visits/<visit_no>/done")
    def done(visit_no: str) -> ResponseReturnValue:
        return _object(office.visit_done(engine(), visit_no, _whole("value"), _now()))

    @blueprint.post("/visits/<visit_no>/missed")
    def missed(visit_no: str) -> ResponseReturnValue:
        return {"visit_no": office.visit_missed(engine(), visit_no, _now())}


def _answer_refusals(blueprint: Blueprint) -> None:
    @blueprint.errorhandler(OfficeError)
    def refused(error: OfficeError) -> ResponseReturnValue:
        status = {BadEntry: 400, NoSuchThing: 404}.get(type(error), 409)
        return {"error": str(error)}, status

    # Locked, gone, or without the exchange's tables.
    @blueprint.errorhandler(OperationalError)
    @blueprint.errorhandler(ProgrammingError)
    def closed(_: DBAPIError) -> ResponseReturnValue:
        return {"error": _CLOSED}, 503


def _now() -> datetime:
    return here().world.clock.moment()


def _whole(name: str, default: int | None = None) -> int:
    value = body().get(name, default)
    if type(value) is not int:
        raise BadEntry(f"{name} 应为整数")
    return value


def _object(value: Any) -> dict[str, Any]:
    found = _plain(value)
    assert isinstance(found, dict)  # noqa: S101 - of a dataclass
    return found


def _plain(value: Any) -> Any:
    """Dataclasses as JSON: amounts and volumes as text, times as CSMS keeps them."""
    if hasattr(value, "__dataclass_fields__"):
        return _plain(asdict(value))
    if isinstance(value, Mapping):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
