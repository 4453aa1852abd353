"""POST /cgi-bin/message/template/send and the account's templates: every rule of the documentation,
then the card on the phone and the result as an event."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from sandbox.account_templates import TEMPLATES as ACCOUNT_TEMPLATES
from sandbox.account_templates import AccountTemplate, fits
from sandbox.citizens import Citizen
from sandbox.errcodes import ApiError
from sandbox.push_results import SUCCESS, PushResults, template_result
from sandbox.world import NoSuchCitizen, World

TEMPLATES: Mapping[str, str] = {
    card: template.template_id for card, template in ACCOUNT_TEMPLATES.items()
}
"""Card → id, as an operator would copy them from the console into the server's settings."""

ID_KNOWN_S = 600.0
LONGEST_URL = 1024
_KEPT_IDS = 200_000


@dataclass(frozen=True, slots=True)
class Card:
    """`rows`: label and value, in the template's order. A mini program goes before the url."""

    title: str
    rows: tuple[tuple[str, str], ...]
    url: str
    mini_program: str = ""

    @property
    def content(self) -> dict[str, Any]:
        rows = [{"label": label, "value": value} for label, value in self.rows]
        content = {"title": self.title, "rows": rows, "url": self.url}
        return {**content, "mini_program": self.mini_program} if self.mini_program else content


@dataclass(slots=True)
class PushDesk:
    """What the account sent. `sent`: (openid, client_msg_id) → when, and the message's id. `shown`:
    (openid, hash of the card) → how often, for tests that ask who got what twice. `added`: of
    templates since the beginning."""

    results: PushResults
    templates: dict[str, AccountTemplate] = field(
        default_factory=lambda: {one.template_id: one for one in ACCOUNT_TEMPLATES.values()}
    )
    sent: dict[tuple[str, str], tuple[float, int]] = field(default_factory=dict)
    accepted: int = 0
    repeated: int = 0
    shown: Counter[tuple[str, int]] = field(default_factory=Counter)
    added: int = 0

    def known(self, openid: str, client_id: str, now: float) -> int | None:
        """The message that this very id has sent within ten minutes."""
        at, msg_id = self.sent.get((openid, client_id), (0.0, 0))
        return msg_id if client_id and now - at < ID_KNOWN_S else None

    def remember(self, openid: str, client_id: str, now: float, msg_id: int) -> None:
        if client_id:
            self.sent[openid, client_id] = (now, msg_id)
        if len(self.sent) > _KEPT_IDS:
            for key in list(self.sent)[: _KEPT_IDS // 2]:
                del self.sent[key]


def send(world: World, desk: PushDesk, request: Mapping[str, Any]) -> dict[str, Any]:
    """The caller holds the world's lock."""
    citizen = receiver(world, request)
    template = chosen(desk, request)
    card = drawn(world, template, request)
    client_id = _client_id(world, request)
    now = world.clock.now()
    known = desk.known(citizen.openid, client_id, now)
    if known is not None:
        desk.repeated += 1
        if world.faults.push.repeat_refused:
            raise ApiError(45065)
        return {"errcode": 0, "errmsg": "ok", "msgid": known}
    msg_id = world.new_msg_id()
    desk.remember(citizen.openid, client_id, now, msg_id)
    desk.accepted += 1

    def finish(status: str) -> Any:
        if status == SUCCESS:
            show(world, desk, citizen, card, "template_message")
        return template_result(msg_id, status)

    desk.results.expect(citizen, finish)
    return {"errcode": 0, "errmsg": "ok", "msgid": msg_id}


def show(world: World, desk: PushDesk, citizen: Citizen, card: Card, via: str) -> None:
    with world.news:
        desk.shown[citizen.openid, hash(card)] += 1
        world.show(citizen, "account", via, "card", **card.content)


def receiver(world: World, request: Mapping[str, Any]) -> Citizen:
    openid = request.get("touser")
    try:
        citizen = world.citizen(openid if isinstance(openid, str) else "")
    except NoSuchCitizen as error:
        raise ApiError(40003) from error
    if not citizen.following:
        raise ApiError(43004)
    return citizen


def chosen(desk: PushDesk, request: Mapping[str, Any]) -> AccountTemplate:
    template = desk.templates.get(str(request.get("template_id")))
    if template is None:
        raise ApiError(40037)
    return template


def drawn(
    world: World, template: AccountTemplate, request: Mapping[str, Any], *, link: str = "url"
) -> Card:
    """`link`: the field with the address of the page."""
    data = request.get("data")
    if not isinstance(data, Mapping):
        raise ApiError(47001, "data is missing")
    rows = []
    for key, label in template.keys.items():
        if key in data:
            rows.append((label, _value(world, template, key, data[key])))
        elif world.faults.push.missing_key_refused:
            raise ApiError(47003, f"data.{key}.value is empty")
        else:
            rows.append((label, ""))
    return Card(template.title, tuple(rows), _url(request.get(link, "")), _mini_program(request))


def _value(world: World, template: AccountTemplate, key: str, given: object) -> str:
    value = given.get("value") if isinstance(given, Mapping) else None
    iso_dates = world.faults.push.iso_dates
    if not isinstance(value, str) or not fits(template, key, value, iso_dates=iso_dates):
        raise ApiError(47003, f"data.{key}.value invalid")
    return value


def _url(url: object) -> str:
    if not isinstance(url, str) or len(url) > LONGEST_URL:
        raise ApiError(40039)
    if url and urlsplit(url).scheme not in ("http", "https"):
        raise ApiError(40039)
    return url


def _mini_program(request: Mapping[str, Any]) -> str:
    asked = request.get("miniprogram")
    if not asked:
        return ""
    appid = asked.get("appid") if isinstance(asked, Mapping) else None
    if not isinstance(appid, str) or not appid.startswith("wx"):
        raise ApiError(40013)
    return f"{appid} {asked.get('pagepath', '')}".strip()


def _client_id(world: World, request: Mapping[str, Any]) -> str:
    client_id = request.get("client_msg_id", "")
    if not isinstance(client_id, str):
        raise ApiError(47001)
    if len(client_id) > world.faults.push.longest_client_msg_id:
        raise ApiError(45067)
    return client_id


def summary(desk: PushDesk) -> dict[str, Any]:
    """How many were taken, how many cards phones show, how many of them twice or more, and who has
    how many."""
    citizens: Counter[str] = Counter()
    for (openid, _), count in desk.shown.items():
        citizens[openid] += count
    return {
        "accepted": desk.accepted,
        "repeated": desk.repeated,
        "shown": citizens.total(),
        "cards": len(desk.shown),
        "shown_twice": sum(count > 1 for count in desk.shown.values()),
        "citizens": citizens,
    }
