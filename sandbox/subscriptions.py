"""Subscription notices 订阅通知: what a citizen accepts on the phone, and …/subscribe/bizsend."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from sandbox.actions import Act, event
from sandbox.citizens import Citizen
from sandbox.errcodes import ApiError
from sandbox.push_results import SUCCESS, subscription_result
from sandbox.template_messages import PushDesk, chosen, drawn, show
from sandbox.world import NoSuchCitizen, World
from sandbox.xml import Element

ACCEPT, REJECT = "accept", "reject"
_FOR_GOOD = 1_000_000_000
_FROM_ARTICLE = 2


@dataclass(slots=True)
class Acceptances:
    """(openid, template id) → how many notices may still be sent."""

    left: dict[tuple[str, str], int] = field(default_factory=dict)

    def answer(self, openid: str, template_id: str, *, accepted: bool, for_good: bool) -> None:
        key = openid, template_id
        if not accepted:
            self.left.pop(key, None)
        else:
            self.left[key] = _FOR_GOOD if for_good else self.left.get(key, 0) + 1

    def of(self, openid: str) -> dict[str, int | None]:
        """Template id → how many are left, None when accepted for good."""
        return {
            template_id: None if left >= _FOR_GOOD else left
            for (whose, template_id), left in self.left.items()
            if whose == openid and left
        }

    def use(self, openid: str, template_id: str) -> bool:
        key = openid, template_id
        left = self.left.get(key, 0)
        if left and left < _FOR_GOOD:
            self.left[key] = left - 1
        return left > 0


def send(
    world: World, desk: PushDesk, acceptances: Acceptances, request: Mapping[str, Any]
) -> dict[str, Any]:
    """Non-followers get them, too. The caller holds the world's lock."""
    openid = request.get("touser")
    try:
        citizen = world.citizen(openid if isinstance(openid, str) else "")
    except NoSuchCitizen as error:
        raise ApiError(40003) from error
    template = chosen(desk, request)
    card = drawn(world, template, request, link="page")
    if not acceptances.use(citizen.openid, template.template_id):
        raise ApiError(43101)
    msg_id = world.new_msg_id()
    desk.accepted += 1

    def finish(status: str) -> Act:
        if status == SUCCESS:
            show(world, desk, citizen, card, "subscription_notice")
        return subscription_result(template.template_id, msg_id, status)

    desk.results.expect(citizen, finish)
    return {"errcode": 0, "errmsg": "ok", "msgid": msg_id}


def answered(
    acceptances: Acceptances, citizen: Citizen, answers: Mapping[str, bool], *, for_good: bool
) -> Act:
    """The sheet on the phone: 允许 or 取消 for each template; the event tells the server."""
    for template_id, accepted in answers.items():
        acceptances.answer(citizen.openid, template_id, accepted=accepted, for_good=for_good)
    lists = [_entry(template_id, accepted) for template_id, accepted in answers.items()]
    return event("subscribe_msg_popup_event", None, Element("SubscribeMsgPopupEvent", tuple(lists)))


def switched_off(acceptances: Acceptances, citizen: Citizen, template_id: str) -> Act:
    """On the management page of the phone: only refusals are told from there."""
    acceptances.answer(citizen.openid, template_id, accepted=False, for_good=False)
    entry = Element(
        "List",
        (Element("TemplateId", template_id), Element("SubscribeStatusString", REJECT)),
    )
    return event("subscribe_msg_change_event", None, Element("SubscribeMsgChangeEvent", (entry,)))


def _entry(template_id: str, accepted: bool) -> Element:
    return Element(
        "List",
        (
            Element("TemplateId", template_id),
            Element("SubscribeStatusString", ACCEPT if accepted else REJECT),
            Element("PopupScene", _FROM_ARTICLE),
        ),
    )
