"""The back office over HTTP (docs/sandbox.md): JSON in, JSON out, refusals in Chinese."""

from flask import Blueprint, request
from flask.typing import ResponseReturnValue
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError, OperationalError, ProgrammingError

from sandbox import office
from sandbox.control_body import body, number_in_query, text
from sandbox.office.api_requests import serve_applications, serve_checks, serve_readings
from sandbox.office.api_values import EngineFactory, as_object, now, plain, whole
from sandbox.office.errors import BadEntry, NoSuchThing, OfficeError

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
    serve_readings(blueprint, engine)
    serve_applications(blueprint, engine)
    serve_checks(blueprint, engine)
    _serve_accounts(blueprint, engine)
    return blueprint


def _serve_lists(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.get("/queue")
    def queue() -> ResponseReturnValue:
        office.take_requests(engine(), now())
        wanted = request.args.get("state", "waiting")
        states = () if wanted == _ALL_STATES else tuple(wanted.split(","))
        kinds = tuple(filter(None, request.args.get("kind", "").split(",")))
        return {"requests": plain(office.queue(engine(), states=states, kinds=kinds))}

    @blueprint.get("/visits")
    def visits() -> ResponseReturnValue:
        wanted = request.args.get("state")
        found = office.visits(engine(), states=(wanted,)) if wanted else office.visits(engine())
        return {"visits": plain(found)}

    @blueprint.get("/events")
    def events() -> ResponseReturnValue:
        after = int(number_in_query("after", 0, 2.0**53))
        limit = int(number_in_query("limit", 200, 1000))
        found = office.events(engine(), after=after, limit=limit)
        return {"events": plain(found), "last": found[-1].event_id if found else after}


def _serve_accounts(blueprint: Blueprint, engine: EngineFactory) -> None:
    @blueprint.get("/accounts/<acct_no>")
    def account(acct_no: str) -> ResponseReturnValue:
        return as_object(office.dial(engine(), acct_no))

    @blueprint.post("/accounts/<acct_no>/bill")
    def bill(acct_no: str) -> ResponseReturnValue:
        volume_m3 = whole("volume_m3") if "volume_m3" in body() else None
        return as_object(office.open_bill(engine(), acct_no, volume_m3, now()))

    @blueprint.post("/accounts/<acct_no>/payment")
    def payment(acct_no: str) -> ResponseReturnValue:
        return as_object(office.pay_at_counter(engine(), acct_no, now()))

    @blueprint.post("/accounts/<acct_no>/visit")
    def visit(acct_no: str) -> ResponseReturnValue:
        reason = text("reason", "dispute")
        return {"visit_no": office.make_visit_due(engine(), acct_no, now(), reason=reason)}

    @blueprint.post("/visits/<visit_no>/done")
    def done(visit_no: str) -> ResponseReturnValue:
        return as_object(office.visit_done(engine(), visit_no, whole("value"), now()))

    @blueprint.post("/visits/<visit_no>/missed")
    def missed(visit_no: str) -> ResponseReturnValue:
        return {"visit_no": office.visit_missed(engine(), visit_no, now())}


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
