"""The control API (docs/sandbox.md), the levers: state, menu, inspector, faults, clock, tokens."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.clock import MovableClock
from sandbox.context import Sandbox, here
from sandbox.control_api import news_of
from sandbox.control_body import BadRequest, body, moment, number
from sandbox.faults import merge
from sandbox.office import clerk
from sandbox.verification import verify_callback_url

_LONGEST_ADVANCE_S = 400 * 86_400

levers = Blueprint("levers", __name__)


@levers.get("/state")
def state() -> ResponseReturnValue:
    world = here().world
    config = world.config
    return {
        "account": {
            "name": config.name,
            "appid": config.appid,
            "original_id": config.account_id,
            "mode": config.mode.value,
        },
        "citizens": [citizen.as_json() for citizen in world.citizens()],
        "faults": world.faults.as_json(),
        **_time(world.clock),
        "seed": config.seed,
        "hints": [{"title": hint.title, "text": hint.text} for hint in config.hints],
    }


@levers.get("/menu")
def menu() -> ResponseReturnValue:
    return here().world.menu or {"button": []}


@levers.get("/inspector")
def inspector() -> ResponseReturnValue:
    return news_of(here().world.inspector, "entries")


@levers.get("/faults")
def get_faults() -> ResponseReturnValue:
    return here().world.faults.as_json()


@levers.put("/faults")
def put_faults() -> ResponseReturnValue:
    change = body()
    sandbox = here()
    with sandbox.throwing:
        return _throw(sandbox, change)


def _throw(sandbox: Sandbox, change: Mapping[str, Any]) -> ResponseReturnValue:
    world, switches = sandbox.world, sandbox.switches
    before, after = world.faults, merge(world.faults, change)
    if (before.csms, before.redis) != (after.csms, after.redis):
        if switches is None:
            return {"error": "csms and redis can only be switched in the demo (make demo)"}, 409
        if before.csms != after.csms:
            switches.set_csms(after.csms)
            world.faults = merge(world.faults, {"csms": after.csms})
        if before.redis != after.redis:
            switches.set_redis(after.redis)
    world.faults = after
    return after.as_json()


@levers.post("/token/invalidate")
def invalidate_token() -> ResponseReturnValue:
    world = here().world
    with world.news:
        world.tokens.invalidate_all(world.clock.now())
    return {}


@levers.post("/clock")
def advance_clock() -> ResponseReturnValue:
    sandbox = here()
    clock = sandbox.world.clock
    with sandbox.world.news:
        clock.advance(_seconds_ahead(clock))
    sandbox.platform.desk.close_idle()
    if sandbox.city is not None:
        clerk.work(sandbox.city(), clock.moment())
    return _time(clock)


def _seconds_ahead(clock: MovableClock) -> float:
    if "to" not in body():
        return number(body().get("advance_s"), "advance_s", 0, _LONGEST_ADVANCE_S)
    try:
        seconds = moment("to").timestamp() - clock.now()
    except ValueError as error:
        raise BadRequest(f"时间应像 2026-11-22T10:30，不能是 {body()['to']}") from error
    if seconds < 0:
        raise BadRequest("沙盒的时间只能向前走")
    if seconds > _LONGEST_ADVANCE_S:
        raise BadRequest("一次最多向前 400 天")
    return seconds


def _time(clock: MovableClock) -> dict[str, Any]:
    return {"now": clock.iso(), "ahead_s": clock.ahead_s}


@levers.post("/verify")
def verify() -> ResponseReturnValue:
    problem = verify_callback_url(here().world)
    return {"ok": not problem, "problem": problem}
