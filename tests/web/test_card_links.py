"""What a card said, in the address of the page behind it: read by us alone, and not for ever."""

from datetime import UTC, datetime, timedelta
from urllib.parse import parse_qs

import pytest

from backends.secrets.adapter import SealedSecrets
from bot.reach import NoSecrets
from web.card_links import LIVES, Said, reading, sealing

NOON = datetime(2026, 11, 22, 12, tzinfo=UTC)
KEY = "v8GmLkkmNOw3B8bDPEFAwkqnDDZKGxWCsGvlYkz2cYA="
ROWS = {
    "户号": "31*****017",
    "本期欠费": "12345678.90元",
    "欠费合计": "12345678.90元",
    "缴费截止": "2026年12月10日",
    "温馨提示": "缴过的请忽略；回复“缴费方式”看怎么缴",
}


@pytest.fixture(scope="module")
def secrets() -> SealedSecrets:
    return SealedSecrets([KEY, ""])


def sealed_by(secrets: SealedSecrets) -> str:
    (sealed,) = parse_qs(sealing(secrets, lambda: NOON)(ROWS).removeprefix("?"))["card"]
    return sealed


def test_the_page_reads_what_the_card_said_and_when(secrets: SealedSecrets) -> None:
    assert reading(secrets, lambda: NOON)(sealed_by(secrets)) == Said(ROWS, NOON)


def test_the_address_tells_nothing_and_is_short_enough_for_wechat(secrets: SealedSecrets) -> None:
    query = sealing(secrets, lambda: NOON)(ROWS)
    assert "017" not in query
    assert len(query) < 900


def test_after_two_months_it_is_not_said_any_more(secrets: SealedSecrets) -> None:
    sealed = sealed_by(secrets)
    assert reading(secrets, lambda: NOON + LIVES)(sealed) is None
    assert reading(secrets, lambda: NOON + LIVES - timedelta(seconds=1))(sealed)


@pytest.mark.parametrize("text", ["{}", "[1]", "null", "x", '{"rows": 1, "at": "2026-11-22"}'])
def test_what_we_have_sealed_for_another_purpose_is_no_card(
    secrets: SealedSecrets, text: str
) -> None:
    assert reading(secrets, lambda: NOON)(secrets.seal(text)) is None


@pytest.mark.parametrize("sealed", ["", "x", "字", "gAAAAA"])
def test_what_others_have_written_is_no_card(secrets: SealedSecrets, sealed: str) -> None:
    assert reading(secrets, lambda: NOON)(sealed) is None


def test_without_a_key_the_page_says_no_more_than_before() -> None:
    assert sealing(NoSecrets(), lambda: NOON)(ROWS) == ""
    assert reading(NoSecrets(), lambda: NOON)("x") is None
