"""Sends pushes as a server would, and looks at what came of them."""

from typing import Any

from sandbox.template_messages import TEMPLATES
from tests.sandbox.client import Control
from tests.sandbox.test_tokens import WECHAT
from tests.sandbox.toy_server import Toy

BILL = {
    "character_string1": "10*****017",
    "thing2": "2026年10月",
    "thing3": "12立方米",
    "amount4": "45.60元",
    "date5": "2026年12月10日",
}


def ask(control: Control, token: str, path: str, body: dict[str, Any]) -> dict[str, Any]:
    answer = control.http.post(f"{WECHAT}/{path}?access_token={token}", json=body)
    found: dict[str, Any] = answer.get_json()
    return found


def send(
    control: Control, token: str, openid: str, card: str = "bill", **change: Any
) -> dict[str, Any]:
    data = change.pop("data", BILL)
    body = {
        "touser": openid,
        "template_id": TEMPLATES.get(card, card),
        "data": {key: {"value": value} for key, value in data.items()},
        **change,
    }
    return ask(control, token, "message/template/send", body)


def cards(control: Control, openid: str) -> list[dict[str, Any]]:
    return [bubble for bubble in control.bubbles(openid) if bubble["kind"] == "card"]


def results(toy: Toy, count: int) -> list[tuple[str, str]]:
    """Of the events that came, those about pushes: id and status."""
    for _ in range(count):
        assert toy.arrived.acquire(timeout=5)
    return [
        (one.element("MsgID"), one.element("Status"))
        for one in list(toy.seen)
        if one.element("Event") == "TEMPLATESENDJOBFINISH"
    ]
