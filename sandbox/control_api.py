"""The control API (docs/sandbox.md), people's part: citizens, what they do and see; the desk."""

import threading

from flask import Blueprint, Response, request
from flask.typing import ResponseReturnValue

from sandbox.actions import Act
from sandbox.agents import DeskError
from sandbox.citizens import Citizen
from sandbox.composers import BadAction
from sandbox.context import BACKGROUND_LIMIT, Sandbox, here
from sandbox.control_body import BadRequest, body, number_in_query, text
from sandbox.errcodes import ApiError
from sandbox.faults import BadFault
from sandbox.platform import NotNow
from sandbox.ring import Ring
from sandbox.switches import SwitchFailed
from sandbox.world import NoSuchCitizen, TooManyCitizens

LONGEST_WAIT_S = 25.0
_NEWEST = 2.0**53

people = Blueprint("people", __name__)


@people.post("/citizens")
def add_citizen() -> ResponseReturnValue:
    return here().world.add_citizen(text("name")).as_json()


@people.post("/citizens/<openid>/follow")
def follow(openid: str) -> ResponseReturnValue:
    return here().platform.follow(openid, text("scene")).as_json()


@people.post("/citizens/<openid>/unfollow")
def unfollow(openid: str) -> ResponseReturnValue:
    return here().platform.unfollow(openid).as_json()


@people.post("/citizens/<openid>/send")
def send(openid: str) -> ResponseReturnValue:
    sandbox = here()
    citizen, act = sandbox.platform.plan(openid, body())
    if request.args.get("wait") != "0":
        return sandbox.platform.perform(citizen, act).as_json()
    if not sandbox.background.acquire(blocking=False):
        return {"error": f"{BACKGROUND_LIMIT} actions are under way already"}, 429
    threading.Thread(
        target=_perform_unwatched, args=(sandbox, citizen, act), name="send", daemon=True
    ).start()
    return {}, 202


def _perform_unwatched(sandbox: Sandbox, citizen: Citizen, act: Act) -> None:
    try:
        sandbox.platform.perform(citizen, act)
    finally:
        sandbox.background.release()


@people.post("/citizens/<openid>/photos")
def add_photo(openid: str) -> ResponseReturnValue:
    photo = request.files.get("photo")
    if photo is None:
        raise BadRequest("the picture belongs into the multipart field photo")
    with photo.stream:
        content = photo.stream.read()
    world = here().world
    with world.news:
        world.citizen(openid)
        media = world.media.add("image", content, world.clock.now())
    return {"media_id": media.media_id}


@people.get("/media/<media_id>")
def media(media_id: str) -> ResponseReturnValue:
    found = here().world.media.on_phone(media_id)
    if found is None:
        return {"error": "no such picture"}, 404
    return Response(found.content, content_type=found.content_type)


@people.get("/citizens/<openid>/bubbles")
def bubbles(openid: str) -> ResponseReturnValue:
    return news_of(here().world.citizen(openid).bubbles, "bubbles")


@people.post("/agents/<openid>/accept")
def accept(openid: str) -> ResponseReturnValue:
    here().platform.desk.accept(openid)
    return {}


@people.post("/agents/<openid>/say")
def say(openid: str) -> ResponseReturnValue:
    words = text("text")
    if not words.strip():
        raise BadRequest("text is empty")
    here().platform.desk.say(openid, words)
    return {}


@people.post("/agents/<openid>/close")
def close(openid: str) -> ResponseReturnValue:
    here().platform.desk.close(openid)
    return {}


def news_of(ring: Ring, name: str) -> ResponseReturnValue:
    """Long polling: what came after `after`, waited for when there is nothing yet."""
    after = number_in_query("after", 0, _NEWEST)
    wait_s = number_in_query("wait_s", 0, _NEWEST)
    records, last = here().world.wait_for_news(ring, int(after), min(wait_s, LONGEST_WAIT_S))
    return {name: records, "last": last}


def refuse(error: Exception) -> ResponseReturnValue:
    status = next(code for kinds, code in _STATUS.items() if isinstance(error, kinds))
    return {"error": str(error)}, status


_STATUS: dict[tuple[type[Exception], ...], int] = {
    (BadRequest, BadAction, BadFault, ApiError): 400,
    (NoSuchCitizen,): 404,
    (NotNow, DeskError, TooManyCitizens): 409,
    (SwitchFailed,): 503,
}
REFUSALS = tuple(kind for kinds in _STATUS for kind in kinds)
