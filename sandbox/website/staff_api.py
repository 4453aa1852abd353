"""The website's editors over HTTP: JSON in, JSON out; an error is {"error": "…"} in Chinese."""

from collections.abc import Callable
from datetime import datetime

from flask import Blueprint
from flask.typing import ResponseReturnValue

from sandbox.control_body import body, moment, text
from sandbox.website import editors
from sandbox.website.editors import Draft, NoSuch, NotLikeThis, NotNow
from sandbox.website.store import WebsiteStore


def staff_blueprint(store: WebsiteStore, now: Callable[[], datetime]) -> Blueprint:
    blueprint = Blueprint("website_staff", __name__)

    @blueprint.get("/notices")
    def notices() -> ResponseReturnValue:
        return {"notices": store.notices()}

    @blueprint.post("/notices")
    def publish() -> ResponseReturnValue:
        return {"id": editors.publish(store, _draft(), now())}

    @blueprint.post("/notices/<notice_id>/extend")
    def extend(notice_id: str) -> ResponseReturnValue:
        editors.extend(store, notice_id, _moment("ends_at"), now())
        return {}

    @blueprint.post("/notices/<notice_id>/restore")
    def restore(notice_id: str) -> ResponseReturnValue:
        editors.restore(store, notice_id, now())
        return {}

    @blueprint.post("/notices/<notice_id>/cancel")
    def cancel(notice_id: str) -> ResponseReturnValue:
        editors.cancel(store, notice_id, now())
        return {}

    @blueprint.get("/quality")
    def quality() -> ResponseReturnValue:
        return {"values": store.quality()}

    @blueprint.post("/quality")
    def publish_quality() -> ResponseReturnValue:
        """Of today."""
        on = now().date()
        editors.publish_quality(store, text("plant"), text("kind"), text("result"), on, now())
        return {}

    _answer_errors(blueprint)
    return blueprint


def _draft() -> Draft:
    places = body().get("places", "")
    return Draft(
        kind=text("kind"),
        area=text("area"),
        places=editors.places_in(
            places if isinstance(places, str) else "、".join(map(str, places))
        ),
        reason=text("reason"),
        starts_at=_moment("starts_at"),
        ends_at=_moment("ends_at"),
        tips=text("tips"),
    )


def _moment(name: str) -> datetime:
    try:
        return moment(name)
    except ValueError as error:
        raise NotLikeThis("时间要写成 2026-11-22T09:00 的样子") from error


def _answer_errors(blueprint: Blueprint) -> None:
    @blueprint.errorhandler(NotLikeThis)
    def not_like_this(error: NotLikeThis) -> ResponseReturnValue:
        return {"error": str(error)}, 400

    @blueprint.errorhandler(NoSuch)
    def no_such(error: NoSuch) -> ResponseReturnValue:
        return {"error": str(error)}, 404

    @blueprint.errorhandler(NotNow)
    def not_now(error: NotNow) -> ResponseReturnValue:
        return {"error": str(error)}, 409
