"""The hotline's staff over HTTP: JSON in, JSON out; an error is {"error": "…"}."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.control_body import BadRequest, body, moment, text
from sandbox.hotline import staff
from sandbox.hotline.report import Malformed, coordinate
from sandbox.hotline.staff import Announcement, NoSuch, NotNow
from sandbox.hotline.store import HotlineStore

_LARGEST_RADIUS_M = 50_000
ACTIONS = {
    "assign": "assigned",
    "on_way": "on_way",
    "working": "working",
    "done": "done",
    "close": "closed",
    "return": "returned",
    "cancel": "cancelled",
}


def staff_blueprint(store: HotlineStore, now: Callable[[], datetime]) -> Blueprint:
    blueprint = Blueprint("hotline_staff", __name__)

    @blueprint.get("/tickets")
    def tickets() -> ResponseReturnValue:
        return {"tickets": staff.tickets(store)}

    @blueprint.get("/tickets/<ticket_no>")
    def ticket(ticket_no: str) -> ResponseReturnValue:
        return staff.ticket(store, ticket_no)

    @blueprint.post("/tickets/<ticket_no>/<action>")
    def act(ticket_no: str, action: str) -> ResponseReturnValue:
        if action == "join":
            staff.join(store, ticket_no, text("into"), now())
        elif action in ACTIONS:
            staff.move(store, ticket_no, ACTIONS[action], text("text"), now())
        else:
            raise NoSuch("no such action")
        return staff.ticket(store, ticket_no)

    @blueprint.get("/outages")
    def outages() -> ResponseReturnValue:
        return {"outages": staff.outages(store)}

    @blueprint.post("/outages")
    def publish() -> ResponseReturnValue:
        return {"outage_no": staff.publish(store, _announcement(body()), now())}

    @blueprint.post("/outages/<outage_no>/end")
    def end(outage_no: str) -> ResponseReturnValue:
        staff.end(store, outage_no, now())
        return {}

    _answer_errors(blueprint)
    return blueprint


def _announcement(given: Mapping[str, Any]) -> Announcement:
    radius_m = given.get("radius_m")
    if radius_m is not None and (
        isinstance(radius_m, bool)
        or not isinstance(radius_m, int)
        or not 0 < radius_m <= _LARGEST_RADIUS_M
    ):
        raise BadRequest(f"radius_m must be a whole number from 1 to {_LARGEST_RADIUS_M}")
    return Announcement(
        kind=text("kind"),
        area=text("area"),
        reason=text("reason"),
        starts_at=_moment("starts_at"),
        ends_at=_moment("ends_at"),
        lat=coordinate(given.get("lat"), "lat", 90),
        lon=coordinate(given.get("lon"), "lon", 180),
        radius_m=radius_m,
        word=text("word"),
    )


def _moment(name: str) -> datetime:
    try:
        return moment(name)
    except ValueError as error:
        raise BadRequest(f"{name} must be a time such as 2026-11-22T09:00") from error


def _answer_errors(blueprint: Blueprint) -> None:
    @blueprint.errorhandler(Malformed)
    def malformed(error: Malformed) -> ResponseReturnValue:
        return {"error": str(error)}, 400

    @blueprint.errorhandler(NoSuch)
    def no_such(error: NoSuch) -> ResponseReturnValue:
        return {"error": str(error)}, 404

    @blueprint.errorhandler(NotNow)
    def not_now(error: NotNow) -> ResponseReturnValue:
        return {"error": str(error)}, 409
