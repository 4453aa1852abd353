"""The entry of the server API (server → platform): token, quota, body and switches are checked
here, the call itself is in platform_calls.py, and every call leaves a line in the inspector."""

import json
import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask import Blueprint, Request, Response, request

from sandbox.context import here
from sandbox.errcodes import ApiError
from sandbox.platform_call import Answer, Call, Received
from sandbox.platform_calls import CALLS
from sandbox.serving import ANSWER_LOST
from sandbox.world import World, wire

TEMPLATE_SEND = "/cgi-bin/message/template/send"
_ESCAPE = re.compile(rb"\\u[0-9a-fA-F]{4}")
_SECRETS = re.compile(r'((?:access_token|secret|appsecret)(?:=|"\s*:\s*"))[^&"]+')


@dataclass(frozen=True, slots=True)
class _Done:
    response: Response
    shown: str
    errcode: int
    executed: bool


blueprint = Blueprint("platform_api", __name__)


@blueprint.route("/cgi-bin/<path:name>", methods=["GET", "POST", "PUT", "DELETE"])
def call(name: str) -> Response:
    started = time.monotonic()
    world = here().world
    path = f"/cgi-bin/{name}"
    _wait(world)
    done = _answer(world, path, request)
    lost = done.executed and world.chance(world.faults.api.lost_answer_rate)
    if lost:
        request.environ[ANSWER_LOST] = True
    _record(world, path, done, started, lost)
    return done.response


def _wait(world: World) -> None:
    latency_s = world.faults.api.latency_ms / 1000
    if latency_s > 0:
        threading.Event().wait(latency_s)


def _answer(world: World, path: str, incoming: Request) -> _Done:
    call = CALLS.get(path)
    if call is None:
        return _json(world, {"errcode": 404, "errmsg": "no such interface"}, 404)
    try:
        received = _received(world, path, call, incoming)
        with world.news:
            answer = call.run(received)
    except ApiError as error:
        return _json(world, {"errcode": error.errcode, "errmsg": str(error)})
    return _done(world, answer)


def _received(world: World, path: str, call: Call, incoming: Request) -> Received:
    """The checks that all calls share, in the platform's order."""
    faults = world.faults.api
    if incoming.method != call.method:
        raise ApiError(43001 if call.method == "GET" else 43002)
    if faults.ip_refused:
        raise ApiError(40164)
    with world.news:
        if call.needs_token:
            world.tokens.check(incoming.args.get("access_token"), world.clock.now())
        if path in faults.errcodes:
            raise ApiError(faults.errcodes[path])
        if world.chance(faults.busy_rate):
            raise ApiError(-1)
        if path != "/cgi-bin/clear_quota":
            _take_quota(world, path)
    body: Mapping[str, Any] = {}
    if call.method == "POST" and not call.is_upload:
        body = _body(incoming.get_data(), faults.refuse_escapes)
    return Received(world, incoming, body)


def _take_quota(world: World, path: str) -> None:
    push, per_day = world.faults.push, None
    if path == TEMPLATE_SEND:
        minute = int(world.clock.now() // 60)
        if not world.quotas.take_in_minute(path, minute, push.templates_per_minute):
            raise ApiError(45011)
        per_day = push.templates_per_day
    if not world.quotas.take(path, world.clock.day(), per_day):
        raise ApiError(45009)


def _body(raw: bytes, refuse_escapes: bool) -> Mapping[str, Any]:
    if not raw:
        raise ApiError(44002)
    if refuse_escapes and _ESCAPE.search(raw):
        raise ApiError(40033)
    try:
        body = json.loads(raw.decode("utf-8"))
    except ValueError as error:
        raise ApiError(47001) from error
    if not isinstance(body, dict):
        raise ApiError(47001, "not an object")
    return body


def _done(world: World, answer: Answer) -> _Done:
    if isinstance(answer, Response):
        size = len(answer.get_data())
        return _Done(answer, f"[{answer.content_type}, {size} bytes]", 0, executed=True)
    return _json(world, answer)


def _json(world: World, answer: Mapping[str, Any], status: int = 200) -> _Done:
    errcode = int(answer.get("errcode", 0))
    if errcode:
        answer = {**answer, "errmsg": f"{answer['errmsg']} rid: {_rid(world)}"}
    text = json.dumps(answer, ensure_ascii=False)
    response = Response(text, status, content_type="application/json; encoding=utf-8")
    return _Done(response, text, errcode, executed=errcode == 0)


def _rid(world: World) -> str:
    with world.news:
        parts = [int(world.clock.now()), world.rng.getrandbits(32), world.rng.getrandbits(32)]
    return "-".join(f"{part:08x}" for part in parts)


def _record(world: World, path: str, done: _Done, started: float, lost: bool) -> None:
    is_upload = request.mimetype == "multipart/form-data"
    sent = "[multipart]" if is_upload else request.get_data().decode("utf-8", "replace")
    query = request.query_string.decode("utf-8", "replace")
    line = f"{request.method} {path}" + (f"?{query}" if query else "")
    problem = f"errcode {done.errcode}" if done.errcode else ""
    if lost:
        problem = "executed, but the answer was lost on the way"
    world.inspect(
        {
            "kind": "api",
            "title": path.removeprefix("/cgi-bin/"),
            "status": None if lost else done.response.status_code,
            "ms": round((time.monotonic() - started) * 1000),
            "request": wire(_masked(line), _masked(sent)),
            "response": wire(str(done.response.status_code), _masked(done.shown)),
            "problem": problem,
        }
    )


def _masked(text: str) -> str:
    return _SECRETS.sub(r"\1***", text)
