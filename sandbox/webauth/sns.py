"""`/sns/oauth2/access_token`: a server gives the code that a page came back with and learns whose
phone it is. Errors as everywhere on this face: HTTP 200 and an errcode."""

import json
import time
from typing import Any

from flask import Blueprint, Response, request

from sandbox.errcodes import ApiError
from sandbox.webauth.codes import Codes
from sandbox.world import World, wire

_LIVES_S = 7_200


def create_blueprint(world: World, codes: Codes) -> Blueprint:
    blueprint = Blueprint("sns", __name__)

    @blueprint.get("/sns/oauth2/access_token")
    def access_token() -> Response:
        started = time.monotonic()
        try:
            answer = _granted(world, codes)
        except ApiError as error:
            answer = {"errcode": error.errcode, "errmsg": str(error)}
        text = json.dumps(answer, ensure_ascii=False)
        _record(world, text, answer.get("errcode", 0), started)
        return Response(text, content_type="text/plain")

    return blueprint


def _granted(world: World, codes: Codes) -> dict[str, Any]:
    given = request.args
    if given.get("grant_type") != "authorization_code":
        raise ApiError(40002)
    if given.get("appid") != world.config.appid:
        raise ApiError(40013)
    if given.get("secret") != world.config.secret:
        raise ApiError(40125)
    if not given.get("code"):
        raise ApiError(41008)
    grant = codes.take(given["code"], world.clock.now())
    answer: dict[str, Any] = {
        "access_token": codes.random(107),
        "expires_in": _LIVES_S,
        "refresh_token": codes.random(107),
        "openid": grant.openid,
        "scope": grant.scope,
    }
    return {**answer, "is_snapshotuser": 1} if grant.virtual else answer


def _record(world: World, text: str, errcode: int, started: float) -> None:
    line = f"GET {request.path.removeprefix('/sandbox/wechat')}?appid={request.args.get('appid')}"
    world.inspect(
        {
            "kind": "api",
            "title": "sns/oauth2/access_token",
            "status": 200,
            "ms": round((time.monotonic() - started) * 1000),
            "request": wire(f"{line}&secret=***&code=***&grant_type=authorization_code", ""),
            "response": wire("200", _without_tokens(text)),
            "problem": f"errcode {errcode}" if errcode else "",
        }
    )


def _without_tokens(text: str) -> str:
    shown = json.loads(text)
    return json.dumps({name: "***" if "token" in name else value for name, value in shown.items()})
