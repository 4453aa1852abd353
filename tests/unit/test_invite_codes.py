"""Codes of invitations: read in any spacing, and never mistaken for something else."""

from dataclasses import replace
from typing import Any, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dialogs.engine.definition import Turn
from dialogs.household import invite_codes
from tests.fakes import FakeSecrets
from tests.shape.account_worlds import world
from tests.shape.conftest import POLICY
from tests.shape.walk import NOW, message

HERE = world()
TURN = Turn(message("", key="m", openid="o", at=NOW), NOW, "", {}, HERE, POLICY)


@given(st.text(max_size=30))
def test_every_code_can_be_read_back_as_it_is_shown(key: str) -> None:
    code = invite_codes.fresh(replace(TURN, key=key))
    assert len(code) == invite_codes.LENGTH
    assert set(code) <= set(invite_codes.ALPHABET)
    assert invite_codes.as_code(invite_codes.shown(code)) == code
    assert invite_codes.HEARS.match(invite_codes.shown(code).lower().replace(" ", ""))


def test_another_answer_or_another_key_of_ours_is_another_code() -> None:
    class Others(FakeSecrets):
        def fingerprint(self, text: str) -> str:
            return super().fingerprint(f"other {text}")

    code = invite_codes.fresh(replace(TURN, key="a"))
    assert code != invite_codes.fresh(replace(TURN, key="b"))
    ask = cast("Any", replace(HERE, secrets=Others()))
    assert code != invite_codes.fresh(replace(TURN, key="a", ask=ask))


@pytest.mark.parametrize(
    "said",
    [
        "k7mp2qx9",
        " K7MP 2QX9 ",
        "k7mp-2qx9",
        "K7MP·2QX9。",
        "邀请码k7mp2qx9",
        "我的邀请码是：k7 mp 2q x9",
    ],
)
def test_a_code_is_read_in_any_spacing(said: str) -> None:
    assert invite_codes.as_code(said) == "k7mp2qx9"


@pytest.mark.parametrize(
    "said",
    ["", "wangfang", "23456789", "k7mp2qx", "k7mp2qx9a", "k7mp2qxo", "k1mp2qx9", "sh210000000017"],
)
def test_names_numbers_and_meter_codes_are_none(said: str) -> None:
    assert invite_codes.as_code(said) == ""
    assert not invite_codes.HEARS.match(said)
