"""What the benchmark accepts as a reply, and what it refuses to have measured."""

import pytest

from bench.account import BENCH_ACCOUNT, ServiceAccount
from bench.replies import WrongReply, echoed_text, first_lines, sealed_text, success
from bench.traffic import Delivery
from bench.workloads import text

CITIZEN = "oBENCH1"
ASKED = Delivery(openid=CITIZEN, said=text("菜单"), query="", body=b"")


def reply(content: str, *, to: str = CITIZEN, sender: str = BENCH_ACCOUNT.original_id) -> str:
    return (
        f"<xml><ToUserName>{to}</ToUserName><FromUserName>{sender}</FromUserName>"
        f"<MsgType>text</MsgType><Content>{content}</Content></xml>"
    )


def envelope(xml: str, account: ServiceAccount = BENCH_ACCOUNT, signature: str = "") -> bytes:
    sealed = account.seal(xml.encode(), bytes(16))
    signature = signature or account.sign("1760000001", "99", sealed)
    return (
        f"<xml><Encrypt>{sealed}</Encrypt><MsgSignature>{signature}</MsgSignature>"
        f"<TimeStamp>1760000001</TimeStamp><Nonce>99</Nonce></xml>"
    ).encode()


def test_a_sealed_reply_to_the_citizen_is_accepted_with_its_text() -> None:
    assert sealed_text(BENCH_ACCOUNT, ASKED, envelope(reply("1 查账单"))) == "1 查账单"


FOREIGN = ServiceAccount("wxforeign", "", BENCH_ACCOUNT.token, BENCH_ACCOUNT.aes_key, "gh_x")


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (envelope(reply("好", to="oBENCH2")), "another citizen"),
        (envelope(reply("好", sender="gh_other")), "our account"),
        (envelope(reply("")), "no text"),
        (envelope(reply("好"), signature="0" * 40), "MsgSignature"),
        (envelope(reply("好"), account=FOREIGN), "AppID"),
        (envelope("<xml>"), "not an encrypted reply"),
        (reply("好").encode(), "not an encrypted reply"),
        (b"success", "not an encrypted reply"),
        (b"", "not an encrypted reply"),
    ],
)
def test_a_reply_that_wechat_would_refuse_is_refused(body: bytes, reason: str) -> None:
    with pytest.raises(WrongReply, match=reason):
        sealed_text(BENCH_ACCOUNT, ASKED, body)


def test_an_echo_must_repeat_what_the_citizen_said() -> None:
    assert echoed_text(BENCH_ACCOUNT, ASKED, envelope(reply("1: 菜单"))) == "1: 菜单"
    with pytest.raises(WrongReply, match="echo"):
        echoed_text(BENCH_ACCOUNT, ASKED, envelope(reply("1: 绑定")))


def test_the_floor_must_say_success() -> None:
    assert success(BENCH_ACCOUNT, ASKED, b"success") == "success"
    with pytest.raises(WrongReply):
        success(BENCH_ACCOUNT, ASKED, b"")


def test_replies_that_differ_in_numbers_only_count_as_one() -> None:
    assert first_lines(["1: 好\n更多", "22: 好", "抱歉"]) == {"#: 好": 2, "抱歉": 1}
