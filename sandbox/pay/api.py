"""The entry of API v3 (server → WeChat Pay): switches, headers and signature are checked here, the
answer is signed, and every call leaves a line in the inspector."""

import json
import time
from collections.abc import Mapping
from typing import Any

from flask import Blueprint, Response, request

from sandbox.pay import authorization
from sandbox.pay.answers import bare, refused, signed
from sandbox.pay.authorization import Signed
from sandbox.pay.bill_calls import BILL_CALLS
from sandbox.pay.calls import CALLS, Asked, Call
from sandbox.pay.desk import PayDesk
from sandbox.pay.errors import PayError, too_often
from sandbox.serving import ANSWER_LOST
from sandbox.world import wire

_ALL = (*CALLS, *BILL_CALLS)
_METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE"]


def create_blueprint(desk: PayDesk) -> Blueprint:
    blueprint = Blueprint("pay", __name__)

    @blueprint.route("/v3/<path:name>", methods=_METHODS)
    def call(name: str) -> Response:
        started = time.monotonic()
        broken = desk.world.chance(desk.faults.reset_rate)
        response = bare(desk, 500) if broken else _answered(desk, name)
        lost = not broken and response.status_code < 300
        lost = lost and desk.world.chance(desk.faults.lost_answer_rate)
        if broken or lost:
            request.environ[ANSWER_LOST] = True
        problem = "the connection broke before anything was done" if broken else ""
        if lost:
            problem = "executed, but the answer was lost on the way"
        _record(desk, response, started, problem)
        return response

    return blueprint


def _answered(desk: PayDesk, name: str) -> Response:
    of_path = [(call, match) for call in _ALL if (match := call.pattern.fullmatch(name))]
    if not of_path:
        return bare(desk, 404)
    fitting = next((one for one in of_path if one[0].method == request.method), None)
    if fitting is None:
        return bare(desk, 405)
    try:
        return _run(desk, fitting[0], fitting[1].groups())
    except PayError as error:
        return refused(desk, error)


def _run(desk: PayDesk, call: Call, names: tuple[str, ...]) -> Response:
    body = _check(desk)
    wanted = request.headers.get("Wechatpay-Serial", "")
    if desk.world.chance(desk.faults.accepted_rate):
        return signed(desk, {"code": "ACCEPTED", "message": "已受理，请用原参数重试"}, wanted, 202)
    answer = call.run(Asked(desk, names, request.args, body))
    return answer if isinstance(answer, Response) else signed(desk, answer, wanted, 200)


def _check(desk: PayDesk) -> Mapping[str, Any]:
    """What all calls share; the body as JSON, {} without one."""
    raw = request.get_data()
    for name in ("Accept", "User-Agent"):
        if not request.headers.get(name):
            raise PayError(400, "PARAM_ERROR", f"Http头缺少{name}")
    covered = Signed(request.method, _target(), raw)
    given = request.headers.get("Authorization", "")
    authorization.check(given, covered, desk.keys, desk.world.clock.of_server())
    if desk.world.chance(desk.faults.limited_rate):
        raise too_often()
    if desk.world.chance(desk.faults.error_rate):
        raise PayError(500, "SYSTEM_ERROR", "系统异常，请用相同参数重试")
    return _parsed(raw) if request.method == "POST" else {}


def _parsed(raw: bytes) -> Mapping[str, Any]:
    if request.mimetype != "application/json":
        raise PayError(400, "PARAM_ERROR", "Http头Content-Type应为application/json")
    try:
        body = json.loads(raw)
    except ValueError as error:
        raise PayError(400, "PARAM_ERROR", "请求体不是有效的JSON") from error
    if not isinstance(body, dict):
        raise PayError(400, "PARAM_ERROR", "请求体应为JSON对象")
    return body


def _target() -> str:
    """Path and query as they were sent, without what stands before /v3 in a sandbox only."""
    raw = str(request.environ["REQUEST_URI"])
    return raw[raw.index("/v3/") :]


def _record(desk: PayDesk, response: Response, started: float, problem: str) -> None:
    streamed = response.is_streamed
    body = "[a file]" if streamed else response.get_data().decode("utf-8", "replace")
    code = json.loads(body).get("code", "") if response.status_code >= 400 and body else ""
    sent = request.get_data().decode("utf-8", "replace")
    lost = ANSWER_LOST in request.environ
    desk.world.inspect(
        {
            "kind": "pay",
            "title": request.path.partition("/v3/")[2],
            "status": None if lost else response.status_code,
            "ms": round((time.monotonic() - started) * 1000),
            "request": wire(f"{request.method} {_target()}", sent),
            "response": wire(str(response.status_code), body),
            "problem": problem or str(code),
        }
    )
