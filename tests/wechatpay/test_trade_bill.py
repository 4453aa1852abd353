"""The day's trade bill: checked against its SHA1, and never as a whole in memory."""

import gzip
import hashlib
import tracemalloc
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from backends.errors import (
    BackendUnavailable,
    NoStatement,
    Rejected,
    StatementBroken,
    StatementNotReady,
)
from backends.wechatpay.adapter import WechatPay
from tests.contract.wechat.platform import Platform, Scripted
from tests.wechatpay.bank import answer, refusal
from tests.wechatpay.test_calls import check_authorization

DAY = date(2026, 11, 24)
ASK = "/v3/bill/tradebill"
FILE = "/v3/billdownload/file"
PLAIN = "交易时间,公众账号ID\r\n`2026-11-24 10:35:10,`wxd6\r\n".encode()


def offered(script: Platform, plain: bytes = PLAIN, **others: Any) -> Scripted:
    said = {
        "hash_type": "SHA1",
        "hash_value": hashlib.sha1(plain, usedforsecurity=False).hexdigest(),
        "download_url": f"{script.base_url}{FILE}?token=xx-yy_zz",
    }
    return answer({**said, **others})


def laid(script: Platform, packed: bytes) -> None:
    script.script(FILE, Scripted(packed, mime="application/octet-stream"))


def read(gateway: WechatPay) -> bytes:
    with gateway.trade_bill(DAY) as pieces:
        return b"".join(pieces)


def test_a_bill_is_asked_for_whole_and_packed_and_comes_plain(
    gateway: WechatPay, script: Platform
) -> None:
    script.script(ASK, offered(script))
    laid(script, gzip.compress(PLAIN))
    assert read(gateway) == PLAIN
    (asked,) = script.to(ASK)
    assert asked.query == {"bill_date": "2026-11-24", "bill_type": "ALL", "tar_type": "GZIP"}
    check_authorization(script.to(FILE)[0], f"{FILE}?token=xx-yy_zz")


def test_what_is_signed_is_what_goes_over_the_wire(gateway: WechatPay, script: Platform) -> None:
    url = f"{script.base_url}{FILE}?token=a%7eb|c"
    script.script(ASK, offered(script, download_url=url))
    laid(script, gzip.compress(PLAIN))
    assert read(gateway) == PLAIN
    check_authorization(script.to(FILE)[0], f"{FILE}?token=a~b%7Cc")


def test_a_day_without_trade_has_no_bill(gateway: WechatPay, script: Platform) -> None:
    script.script(ASK, refusal(400, "NO_STATEMENT_EXIST"))
    with pytest.raises(NoStatement):
        read(gateway)


def test_a_bill_that_is_being_made_can_be_had_later(gateway: WechatPay, script: Platform) -> None:
    script.script(ASK, refusal(400, "STATEMENT_CREATING"))
    with pytest.raises(StatementNotReady):
        read(gateway)


def test_other_refusals_stay_what_they_are(gateway: WechatPay, script: Platform) -> None:
    script.script(ASK, refusal(403, "NO_AUTH"), offered(script))
    script.script(FILE, refusal(400, "INVALID_REQUEST"))
    for code in ("NO_AUTH", "INVALID_REQUEST"):
        with pytest.raises(Rejected, match=code):
            read(gateway)


PACKED = gzip.compress(PLAIN)
BROKEN = {
    "another file": gzip.compress(PLAIN + b"`\r\n"),
    "an empty file": gzip.compress(b""),
    "cut off": PACKED[:-12],
    "not packed": PLAIN,
    "damaged": PACKED[:20] + b"\xff\xff\xff" + PACKED[23:],
    "damaged at its end": PACKED[:-8] + b"\x00\x00\x00\x00" + PACKED[-4:],
    "nothing": b"",
}


@pytest.mark.parametrize("packed", BROKEN.values(), ids=BROKEN)
def test_a_file_that_does_not_fit_its_sha1_is_broken_before_its_last_piece(
    gateway: WechatPay, script: Platform, packed: bytes
) -> None:
    script.script(ASK, offered(script))
    laid(script, packed)
    given: list[bytes] = []
    with pytest.raises(StatementBroken), gateway.trade_bill(DAY) as pieces:
        given.extend(pieces)
    assert given == []


@pytest.mark.parametrize(
    "others",
    [
        {"download_url": "https://elsewhere.example/v3/billdownload/file?token=x"},
        {"download_url": "http://127.0.0.1:1@elsewhere.example/"},
        {"download_url": 5},
        {"hash_type": "MD5"},
        {"hash_value": "0" * 39},
        {"hash_value": None},
    ],
    ids=["elsewhere", "a disguised host", "no text", "MD5", "short", "none"],
)
def test_an_offer_that_is_not_wechats_is_not_fetched(
    gateway: WechatPay, script: Platform, others: dict[str, Any]
) -> None:
    script.script(ASK, offered(script, **others))
    with pytest.raises(BackendUnavailable):
        read(gateway)
    assert not script.to(FILE)


def test_an_address_that_only_begins_like_ours_is_elsewhere(
    gateway: WechatPay, script: Platform
) -> None:
    script.script(ASK, offered(script, download_url=f"{script.base_url}0/v3/file"))
    with pytest.raises(BackendUnavailable, match="download_url"):
        read(gateway)


def test_a_download_that_breaks_off_is_tried_another_time(
    gateway: WechatPay, script: Platform
) -> None:
    script.script(ASK, offered(script))
    script.script(FILE, Scripted(PACKED, declared=len(PACKED) + 10))
    with pytest.raises(BackendUnavailable) as caught:
        read(gateway)
    assert "token" not in str(caught.value)


def test_a_file_without_end_is_cut_off(
    open_with: Callable[..., WechatPay], script: Platform
) -> None:
    script.script(ASK, offered(script))
    laid(script, PACKED)
    with pytest.raises(BackendUnavailable, match="too long"):
        read(open_with(max_bill_bytes=10))


def test_a_large_bill_is_never_as_a_whole_in_memory(gateway: WechatPay, script: Platform) -> None:
    row = b"`2026-11-24 10:35:10,`wxd678efh567hg6787,`1230000109,`0,`,`4200000925202611241\r\n"
    plain = row * 200_000
    script.script(ASK, offered(script, plain))
    laid(script, gzip.compress(plain, 1))
    size = 0
    with gateway.trade_bill(DAY) as pieces:
        tracemalloc.start()
        for piece in pieces:
            size += len(piece)
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
    assert size == len(plain)
    assert peak < 2_500_000
