"""WeChat Pay's bills: exact to the letter, ready the next morning, wrong when a switch says so."""

import gzip
import hashlib
from urllib.parse import urlsplit

import pytest

from sandbox.pay import bill_words
from tests.sandbox.client import Control
from tests.sandbox.pay.merchant import Answer, Merchant

# NOW is 2026-01-05 16:00 in Beijing.
TODAY, TOMORROW = "2026-01-05", "2026-01-06"
TO_THE_MORNING_S = 18 * 3600
NUMBER = "W20260105000001"
ALL = (
    "交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,"
    "货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,"
    "商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注"
)


def order(
    merchant: Merchant, day: str, query: str = "bill_type=ALL", kind: str = "tradebill"
) -> Answer:
    return merchant.ask("GET", f"/v3/bill/{kind}?bill_date={day}&{query}")


def fetch(merchant: Merchant, url: str) -> Answer:
    link = urlsplit(url)
    return merchant.ask("GET", f"{link.path.removeprefix('/sandbox/pay')}?{link.query}")


def plain(merchant: Merchant, ordered: Answer) -> str:
    """The file, which fits its checksum."""
    assert ordered.status_code == 200, ordered.json
    content = fetch(merchant, ordered.json["download_url"]).data
    if content.startswith(b"\x1f\x8b"):
        content = gzip.decompress(content)
    assert hashlib.sha1(content, usedforsecurity=False).hexdigest() == ordered.json["hash_value"]
    return content.decode()


def rows(text: str) -> list[dict[str, str]]:
    lines = text.split("\r\n")
    names = lines[0].split(",")
    return [
        dict(zip(names, line.removeprefix("`").split(",`"), strict=True)) for line in lines[1:-3]
    ]


@pytest.fixture
def traded(merchant: Merchant, payer: str) -> Merchant:
    """Two payments today, of which one is given back in part."""
    merchant.is_paid(payer, attach="bills=12;13")
    merchant.is_paid(payer, "W20260105000002")
    merchant.refund(NUMBER, "R1", 1000)
    merchant.advance(TO_THE_MORNING_S)
    return merchant


def test_the_trade_bill_has_payments_and_refunds(traded: Merchant) -> None:
    text = plain(traded, order(traded, TODAY))
    assert text.split("\r\n")[0] == ALL
    found = rows(text)
    assert sorted(one["交易状态"] for one in found) == ["REFUND", "SUCCESS", "SUCCESS"]
    refund = next(one for one in found if one["交易状态"] == "REFUND")
    assert (refund["退款金额"], refund["订单金额"], refund["手续费"]) == (
        "10.00",
        "0.00",
        "-0.06000",
    )
    paid = next(one for one in found if one["商户订单号"] == NUMBER and one is not refund)
    assert (paid["订单金额"], paid["手续费"], paid["商户数据包"]) == (
        "56.70",
        "0.34000",
        "bills=12;13",
    )
    assert (paid["特约商户号"], paid["设备号"], paid["微信退款单号"]) == ("0", "", "0")
    assert text.endswith("`3,`113.40,`10.00,`0.00,`0.62000,`113.40,`10.00\r\n")


def test_a_refund_stands_in_the_bill_of_its_own_day(traded: Merchant) -> None:
    traded.refund("W20260105000002", "R2", 5670)
    traded.advance(86_400)
    (refund,) = rows(plain(traded, order(traded, TOMORROW)))
    assert (refund["商户订单号"], refund["商户退款单号"]) == ("W20260105000002", "R2")


def test_payments_and_refunds_have_bills_of_their_own(traded: Merchant) -> None:
    paid = plain(traded, order(traded, TODAY, "bill_type=SUCCESS"))
    assert len(paid.split("\r\n")[0].split(",")) == 20
    assert len(rows(paid)) == 2
    back = plain(traded, order(traded, TODAY, "bill_type=REFUND"))
    assert len(back.split("\r\n")[0].split(",")) == 29
    assert rows(back)[0]["退款成功时间"] == "2026-01-05 16:01:00"


def test_the_fund_flow_keeps_a_balance(traded: Merchant) -> None:
    text = plain(traded, order(traded, TODAY, "account_type=BASIC", "fundflowbill"))
    lines = text.split("\r\n")
    assert lines[0] == bill_words.FLOW
    assert lines[-2] == "`6.0,`3.0,`113.46,`3.0,`10.68"
    assert lines[-4].split(",")[7] == "`102.78"


def test_it_comes_packed_when_that_is_wanted(traded: Merchant) -> None:
    ordered = order(traded, TODAY, "bill_type=ALL&tar_type=GZIP")
    answer = fetch(traded, ordered.json["download_url"])
    assert answer.data.startswith(b"\x1f\x8b")
    assert "Wechatpay-Signature" not in answer.headers
    assert len(rows(plain(traded, ordered))) == 3


def test_a_link_lives_for_five_minutes(traded: Merchant) -> None:
    url = order(traded, TODAY).json["download_url"]
    traded.advance(300)
    assert fetch(traded, url).status_code == 400


@pytest.mark.parametrize(
    ("day", "code"),
    [
        (TODAY, "INVALID_REQUEST"),
        ("2026-01-04", "NO_STATEMENT_EXIST"),
        ("2025-09-01", "INVALID_REQUEST"),
        ("20260104", "PARAM_ERROR"),
    ],
)
def test_not_every_day_has_a_bill(merchant: Merchant, payer: str, day: str, code: str) -> None:
    merchant.is_paid(payer)
    answer = order(merchant, day)
    assert (answer.status_code, answer.code) == (400, code)


def test_it_is_being_made_until_ten(merchant: Merchant, payer: str) -> None:
    merchant.is_paid(payer)
    merchant.advance(TO_THE_MORNING_S - 60)
    assert order(merchant, TODAY).code == "STATEMENT_CREATING"
    merchant.advance(60)
    assert order(merchant, TODAY).status_code == 200


def test_switches_make_it_wrong(control: Control, traded: Merchant) -> None:
    right = rows(plain(traded, order(traded, TODAY)))

    def wrong(**switch: bool) -> list[dict[str, str]]:
        assert control.faults(pay=switch).status_code == 200
        found = rows(plain(traded, order(traded, TODAY)))
        control.faults(pay=dict.fromkeys(switch, False))
        return found

    assert len(wrong(bill_row_missing=True)) == len(right) - 1
    assert len(wrong(bill_row_extra=True)) == len(right) + 1
    assert "56.71" in [one["订单金额"] for one in wrong(bill_amount_differs=True)]
    assert ",1" in wrong(bill_comma=True)[0]["商户数据包"]
    assert rows(plain(traded, order(traded, TODAY))) == right


def test_switches_spoil_the_file(control: Control, traded: Merchant) -> None:
    control.faults(pay={"bill_bom": True})
    assert plain(traded, order(traded, TODAY)).startswith("\ufeff")
    control.faults(pay={"bill_bom": False, "bill_bad_hash": True})
    with pytest.raises(AssertionError):
        plain(traded, order(traded, TODAY))
    control.faults(pay={"bill_bad_hash": False, "bill_truncated": True})
    with pytest.raises(EOFError):
        plain(traded, order(traded, TODAY, "bill_type=ALL&tar_type=GZIP"))


def test_a_refund_that_nobody_asked_for_can_be_in_it(control: Control, traded: Merchant) -> None:
    traded.refund("W20260105000002", "R2", 1)
    traded.advance(86_400)
    control.faults(pay={"bill_foreign_refund": True})
    found = rows(plain(traded, order(traded, TOMORROW)))
    assert "FOREIGN" in "".join(one["商户退款单号"] for one in found)
