"""The citizens' side of the platform: follow, leave, write, tap; and what each of it sets off."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from sandbox import actions
from sandbox.actions import Act
from sandbox.agents import Desk
from sandbox.attempt import Attempt, Callback
from sandbox.citizens import Citizen, Service
from sandbox.composers import BadAction, Resources, compose
from sandbox.custom_windows import open_window
from sandbox.delivery import Courier, Delivered
from sandbox.replies import Judgement
from sandbox.world import World
from sandbox.xml import Element, render, shuffled, with_unknown

FAULT_TEXT = "该公众号提供的服务出现故障，请稍后再试"
_ALWAYS_PASS = ("raw", "event")


class NotNow(RuntimeError):
    """An act that does not fit the citizen's present state."""


@dataclass(frozen=True, slots=True)
class Outcome:
    outcome: str
    reply: str
    attempts: tuple[Attempt, ...]
    bubbles: tuple[Mapping[str, Any], ...]

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


class Platform:
    def __init__(self, world: World, courier: Courier) -> None:
        self._world = world
        self._courier = courier
        self.desk = Desk(world, self.tell_server)
        self._resources = Resources(
            media_exists=lambda media_id: world.media.on_phone(media_id) is not None,
            record_voice=lambda: world.media.add_silence(world.clock.now()).media_id,
            picture_url=lambda media_id: f"{world.config.public_url}/sandbox/api/media/{media_id}",
        )

    def follow(self, openid: str, scene: str) -> Outcome:
        with self._world.news:
            citizen = self._world.citizen(openid)
            if citizen.following:
                raise NotNow("this citizen follows already")
            citizen.following = True
            citizen.followed_at = self._world.clock.now()
            citizen.scene = scene
        return self._perform(citizen, _subscribe(scene))

    def unfollow(self, openid: str) -> Outcome:
        with self._world.news:
            citizen = self._world.citizen(openid)
            if not citizen.following:
                raise NotNow("this citizen does not follow")
            citizen.following = False
            citizen.windows.clear()
            citizen.service = Service.NONE
        return self._perform(citizen, actions.event("unsubscribe", ""))

    def plan(self, openid: str, action: Mapping[str, Any]) -> tuple[Citizen, Act]:
        """Checks an action without playing it. Raises BadAction, NotNow, NoSuchCitizen."""
        with self._world.news:
            citizen = self._world.citizen(openid)
            if not citizen.following and action.get("type") not in _ALWAYS_PASS:
                raise NotNow("this citizen does not follow the account: follow first")
            try:
                return citizen, compose(action, self._resources)
            except BadAction:
                raise
            except ValueError as error:
                raise BadAction(str(error)) from error

    def perform(self, citizen: Citizen, act: Act) -> Outcome:
        self.desk.close_idle()
        return self._perform(citizen, act)

    def _perform(self, citizen: Citizen, act: Act) -> Outcome:
        world = self._world
        with world.news:
            callback = self._callback(citizen, act)
            if act.bubble is not None:
                bubble = act.bubble
                world.show(citizen, "citizen", "message", bubble.kind, **bubble.content)
            if act.right is not None:
                open_window(citizen, act.right, world.clock.now())
            if act.is_message:
                citizen.last_message_at = world.clock.now()
                if self.desk.takes(citizen):
                    return Outcome("silent", "", (), ())
        return self._conclude(citizen, act, self._courier.deliver(callback))

    def _conclude(self, citizen: Citizen, act: Act, delivered: Delivered) -> Outcome:
        verdict = delivered.verdict
        shown: list[Mapping[str, Any]] = []
        with self._world.news:
            if verdict.judgement in (Judgement.REFUSED, Judgement.UNDELIVERED):
                if act.shows_fault:
                    shown.append(self._notice(citizen, FAULT_TEXT))
                return Outcome("failed", verdict.clear, delivered.attempts, tuple(shown))
            if verdict.transfer:
                self.desk.queue(citizen)
            if act.shows_reply:
                for bubble in verdict.bubbles:
                    shown.append(
                        self._world.show(citizen, "account", "reply", bubble.kind, **bubble.content)
                    )
        return Outcome(verdict.judgement.value, verdict.clear, delivered.attempts, tuple(shown))

    def tell_server(self, citizen: Citizen, act: Act) -> None:
        """An event of the platform's own making: its answer is shown to nobody."""
        self._courier.deliver(self._callback(citizen, act))

    def _notice(self, citizen: Citizen, text: str) -> dict[str, Any]:
        return self._world.show(citizen, "system", "platform", "notice", text=text)

    def _callback(self, citizen: Citizen, act: Act) -> Callback:
        world = self._world
        if act.raw is not None:
            return Callback(citizen.openid, act.raw, act.title, act.is_message)
        with world.news:
            elements = [
                Element("ToUserName", world.config.account_id),
                Element("FromUserName", citizen.openid),
                Element("CreateTime", int(world.clock.now())),
                Element("MsgType", act.msg_type),
                *act.elements,
            ]
            if act.is_message:
                elements.append(Element("MsgId", world.new_msg_id()))
            faults = world.faults.callback
            if faults.unknown_elements:
                elements = with_unknown(elements, world.rng)
            if faults.shuffle:
                elements = shuffled(elements, world.rng)
        return Callback(citizen.openid, render(elements), act.title, act.is_message)


def _subscribe(scene: str) -> Act:
    if not scene or scene.startswith("last_trade_no_"):
        return actions.event("subscribe", scene)
    ticket = Element("Ticket", "gQH47joAAAAAAAAAASxodHRwOi8v")
    return actions.event("subscribe", f"qrscene_{scene}", ticket)
