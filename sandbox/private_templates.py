"""The templates that stand on the account 模板库 → 我的模板: listed, added from WeChat's library by
number and keywords, deleted. The library of the sandbox holds what the account begins with."""

from collections.abc import Mapping
from typing import Any

from sandbox.account_templates import TEMPLATES, AccountTemplate, template_id
from sandbox.errcodes import ApiError
from sandbox.template_messages import PushDesk

MOST_TEMPLATES = 25
_FIRST_NUMBER = 43201
LIBRARY: Mapping[str, AccountTemplate] = {
    str(number): template for number, template in enumerate(TEMPLATES.values(), _FIRST_NUMBER)
}
"""template_id_short → the template with all its keywords."""


def listed(desk: PushDesk) -> dict[str, Any]:
    return {"template_list": [one.as_json() for one in desk.templates.values()]}


def added(desk: PushDesk, number: str, words: object) -> dict[str, Any]:
    """The card shows the keywords in the order asked for; each call makes another template."""
    found = LIBRARY.get(number)
    if found is None:
        raise ApiError(40037)
    if len(desk.templates) >= MOST_TEMPLATES:
        raise ApiError(45026)
    keys = {label: key for key, label in found.keys.items()}
    asked = [str(word) for word in words] if isinstance(words, list) else []
    if not asked or not keys.keys() >= set(asked):
        raise ApiError(40246)
    desk.added += 1
    new_id = template_id(f"{number} {desk.added}")
    chosen = {keys[word]: word for word in asked}
    desk.templates[new_id] = AccountTemplate(new_id, found.title, chosen, found.choices)
    return {"errcode": 0, "errmsg": "ok", "template_id": new_id}


def removed(desk: PushDesk, template_id: str) -> dict[str, Any]:
    if desk.templates.pop(template_id, None) is None:
        raise ApiError(40037)
    return {"errcode": 0, "errmsg": "ok"}
