"""Puts the hotline's stand-in into the sandbox: its two blueprints, with the sandbox's clocks, its
switch and its inspector."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from flask import Flask

from sandbox.clock import SHANGHAI
from sandbox.hotline.contract_api import Surroundings, contract_blueprint
from sandbox.hotline.staff_api import staff_blueprint
from sandbox.hotline.store import HotlineStore
from sandbox.world import World, wire

SLOW_S = 4.0
"""Longer than a conversation waits for the hotline, shorter than the worker does."""


@dataclass(frozen=True, slots=True)
class HotlineStandIn:
    store: HotlineStore
    secret: str = field(repr=False)
    slow_s: float = SLOW_S


def join_hotline(app: Flask, stand_in: HotlineStandIn, world: World) -> None:
    def now() -> datetime:
        return datetime.fromtimestamp(world.clock.now(), SHANGHAI)

    def watch(exchange: Mapping[str, Any]) -> None:
        world.inspect(_entry(exchange))

    around = Surroundings(
        secret=stand_in.secret,
        now=now,
        caller_s=world.clock.of_server,
        fault=lambda: world.faults.hotline,
        slow_s=stand_in.slow_s,
        watch=watch,
    )
    contract = contract_blueprint(stand_in.store, around)
    app.register_blueprint(contract, url_prefix="/sandbox/hotline")
    staff = staff_blueprint(stand_in.store, now)
    app.register_blueprint(staff, url_prefix="/sandbox/api/hotline")


def _entry(exchange: Mapping[str, Any]) -> dict[str, Any]:
    lost, status = exchange["lost"], exchange["status"]
    problem = "executed, but the answer was lost on the way" if lost else ""
    return {
        "kind": "hotline",
        "title": exchange["path"],
        "status": None if lost else status,
        "ms": exchange["ms"],
        "request": wire(exchange["line"], exchange["asked"]),
        "response": wire(str(status), exchange["answered"]),
        "problem": problem or (f"status {status}" if status >= 400 else ""),
    }
