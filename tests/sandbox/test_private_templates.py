"""The templates that stand on the account: listed, added from the library, deleted."""

from typing import Any

import pytest

from sandbox.config import SandboxConfig
from sandbox.private_templates import LIBRARY, MOST_TEMPLATES
from sandbox.template_messages import TEMPLATES
from tests.sandbox.client import Control
from tests.sandbox.pushing import ask, send
from tests.sandbox.test_tokens import WECHAT, stable

DUE = next(number for number, one in LIBRARY.items() if one.template_id == TEMPLATES["due"])


@pytest.fixture
def token(control: Control, config: SandboxConfig) -> str:
    return str(stable(control, config)["access_token"])


def listed(control: Control, token: str) -> dict[str, dict[str, Any]]:
    path = f"{WECHAT}/template/get_all_private_template?access_token={token}"
    found = control.http.get(path).get_json()["template_list"]
    return {one["template_id"]: one for one in found}


def add(control: Control, token: str, number: str, *words: str) -> dict[str, Any]:
    body = {"template_id_short": number, "keyword_name_list": list(words)}
    return ask(control, token, "template/api_add_template", body)


def test_they_are_listed_with_their_keys(control: Control, token: str) -> None:
    found = listed(control, token)
    assert set(found) == set(TEMPLATES.values())
    assert all(len(template_id) == 43 for template_id in found)
    assert "{{amount2.DATA}}" in found[TEMPLATES["due"]]["content"]


def test_one_of_the_library_is_added_with_the_keywords_that_are_asked_for(
    control: Control, token: str
) -> None:
    answer = add(control, token, DUE, "本期欠费", "户号")
    content = listed(control, token)[answer["template_id"]]["content"]
    assert content == "本期欠费:{{amount2.DATA}}\n户号:{{character_string1.DATA}}"
    data = {"amount2": "45.60元", "character_string1": "10*****017"}
    assert send(control, token, control.follower(), answer["template_id"], data=data)["msgid"]


def test_what_the_library_does_not_have_is_refused(control: Control, token: str) -> None:
    assert add(control, token, "99999", "户号")["errcode"] == 40037
    assert add(control, token, DUE, "电话")["errcode"] == 40246
    assert add(control, token, DUE)["errcode"] == 40246


def test_there_is_room_for_so_many(control: Control, token: str) -> None:
    codes = [add(control, token, DUE, "户号")["errcode"] for _ in range(MOST_TEMPLATES - 11)]
    assert codes == [0] * (MOST_TEMPLATES - 12) + [45026]


def test_a_deleted_one_cannot_be_sent(control: Control, token: str) -> None:
    body = {"template_id": TEMPLATES["bill"]}
    assert ask(control, token, "template/del_private_template", body)["errcode"] == 0
    assert ask(control, token, "template/del_private_template", body)["errcode"] == 40037
    assert send(control, token, control.follower())["errcode"] == 40037
