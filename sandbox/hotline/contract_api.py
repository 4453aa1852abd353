"""The contract (docs/contracts/hotline.yaml) over HTTP: signature, body, switch; then the work."""

import json
import math
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask import Blueprint, Response, g, request
from flask.typing import ResponseReturnValue

from sandbox.hotline import signing
from sandbox.hotline.events import LONGEST_PAGE, page
from sandbox.hotline.intake import take
from sandbox.hotline.nearby import nearby
from sandbox.hotline.places import Spot
from sandbox.hotline.report import FAULTS, Malformed, Refused, coordinate, report_in
from sandbox.hotline.signing import NotSigned
from sandbox.hotline.store import HotlineStore, stamp
from sandbox.serving import ANSWER_LOST

LONGEST_BODY = 65_536
_LAST_EVENT = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Surroundings:
    """`now`: the clock that tickets live by. `caller_s`: the caller's, to check signatures by.
    `fault`: how the switch stands: ok, slow, down or lose_answer. `watch` sees what was said."""

    secret: str
    now: Callable[[], datetime]
    caller_s: Callable[[], float]
    fault: Callable[[], str] = lambda: "ok"
    slow_s: float = 4.0
    watch: Callable[[Mapping[str, Any]], None] = lambda _: None


class TooLarge(Exception):
    pass


def contract_blueprint(store: HotlineStore, around: Surroundings) -> Blueprint:
    blueprint = Blueprint("hotline", __name__)

    _watch(blueprint, around)
    _gate(blueprint, around)

    @blueprint.get("/v1/ping")
    def ping() -> ResponseReturnValue:
        return {"ok": True, "at": stamp(around.now())}

    @blueprint.post("/v1/requests")
    def requests() -> ResponseReturnValue:
        report = report_in(_json_body())
        if request.headers.get("Idempotency-Key") != report.number:
            raise Malformed("Idempotency-Key must be the request's number")
        taken = take(store, report, around.now())
        answer = {"ticket_no": taken.ticket_no, "joined": taken.joined, "state": taken.state}
        return answer, 200 if taken.repeat else 201

    @blueprint.get("/v1/nearby")
    def what_is_nearby() -> ResponseReturnValue:
        fault = request.args.get("fault", "")
        if fault not in FAULTS:
            raise Refused("unknown_fault", "fault must be one of " + ", ".join(FAULTS))
        return nearby(store, fault, _spot(), around.now())

    @blueprint.get("/v1/events")
    def events() -> ResponseReturnValue:
        after, limit = _whole("after", 0, _LAST_EVENT), _whole("limit", 100, LONGEST_PAGE)
        return {"events": page(store, after, max(1, limit))}

    _answer_errors(blueprint)
    return blueprint


def _gate(blueprint: Blueprint, around: Surroundings) -> None:
    @blueprint.before_request
    def gate() -> ResponseReturnValue | None:
        state = around.fault()
        if state == "down":
            return Response("the hotline is down", 503, content_type="text/plain")
        if state == "slow":
            threading.Event().wait(around.slow_s)
        if state == "lose_answer":
            request.environ[ANSWER_LOST] = True
        _check_signature(around)
        return None


def _watch(blueprint: Blueprint, around: Surroundings) -> None:
    @blueprint.before_request
    def start() -> None:
        g.started_s = time.monotonic()

    @blueprint.after_request
    def stop(answer: Response) -> Response:
        answered = answer.get_data(as_text=True)
        if _is_news(answered):
            query = request.query_string.decode("latin-1")
            around.watch(
                {
                    "path": request.path[request.path.index("/v1/") :],
                    "line": f"{request.method} {request.path}" + (f"?{query}" if query else ""),
                    "asked": request.get_data(as_text=True),
                    "answered": answered,
                    "status": answer.status_code,
                    "lost": ANSWER_LOST in request.environ,
                    "ms": round((time.monotonic() - g.started_s) * 1000),
                }
            )
        return answer


def _is_news(answered: str) -> bool:
    """The worker looks for events all the time: only those that bring some are shown."""
    if request.path.endswith("/v1/events"):
        return "event_id" in answered
    return not request.path.endswith("/v1/ping")


def _check_signature(around: Surroundings) -> None:
    query = request.query_string.decode("latin-1")
    target = f"{request.path}?{query}" if query else request.path
    if (request.content_length or 0) > LONGEST_BODY:
        raise TooLarge
    at = request.headers.get("X-Waterdesk-Time", "")
    expected = signing.signature(
        around.secret, request.method, target, at, request.get_data(cache=True)
    )
    signing.check(
        around.secret,
        signed=request.headers.get("X-Waterdesk-Signature", ""),
        time=at,
        expected=expected,
        now_s=around.caller_s(),
    )


def _json_body() -> object:
    try:
        return json.loads(request.get_data().decode("utf-8"))
    except (ValueError, RecursionError) as error:
        raise Malformed("the body is no JSON in UTF-8") from error


def _spot() -> Spot:
    lat, lon = _coordinate("lat", 90), _coordinate("lon", 180)
    if (lat is None) != (lon is None):
        raise Malformed("lat and lon belong together")
    return Spot(request.args.get("text", ""), lat, lon)


def _coordinate(name: str, limit: int) -> float | None:
    given = request.args.get(name, "")
    if not given:
        return None
    try:
        value = float(given)
    except ValueError:
        value = math.nan
    return coordinate(value, name, limit)


def _whole(name: str, default: int, most: int) -> int:
    given = request.args.get(name, str(default))
    if not given.isascii() or not given.isdecimal() or int(given) > most:
        raise Malformed(f"{name} must be a whole number up to {most}")
    return int(given)


def _answer_errors(blueprint: Blueprint) -> None:
    @blueprint.errorhandler(Malformed)
    def malformed(error: Malformed) -> ResponseReturnValue:
        return _problem("malformed", str(error)), 400

    @blueprint.errorhandler(Refused)
    def refused(error: Refused) -> ResponseReturnValue:
        return _problem(error.code, str(error)), 422

    @blueprint.errorhandler(NotSigned)
    def not_signed(error: NotSigned) -> ResponseReturnValue:
        return _problem(error.code, str(error)), 401

    @blueprint.errorhandler(TooLarge)
    def too_large(_: TooLarge) -> ResponseReturnValue:
        return _problem("too_large", f"a body has {LONGEST_BODY} bytes at the most"), 413


def _problem(code: str, reason: str) -> dict[str, str]:
    return {"code": code, "reason": reason}
