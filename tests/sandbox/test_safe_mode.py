"""Safe mode: what goes out is sealed, and what comes back is accepted only when sealed rightly."""

import pytest

from sandbox import crypto
from sandbox.config import SandboxConfig
from tests.sandbox.client import Control
from tests.sandbox.toy_server import Toy, reply_xml, sealed_reply, text_content


def test_a_delivery_is_sealed_and_signed(toy: Toy, safe: Control, config: SandboxConfig) -> None:
    openid = safe.follower()
    safe.says(openid, "交水费")
    got = toy.seen[-1]
    assert got.query("encrypt_type") == "aes"
    assert got.query("msg_signature") == crypto.signature(
        config.token, got.query("timestamp"), got.query("nonce"), got.element("Encrypt")
    )
    assert got.element("FromUserName") == ""
    assert crypto.unseal(got.element("Encrypt"), config.aes_key).appid == config.appid
    assert got.clear(config.aes_key).findtext("Content") == "交水费"


def test_a_sealed_reply_is_shown(toy: Toy, safe: Control, config: SandboxConfig) -> None:
    openid = safe.follower()
    clear = reply_xml(openid, config.account_id, text_content("您好"))
    toy.answers(sealed_reply(clear, config))
    outcome = safe.says(openid, "你好")
    assert outcome["outcome"] == "answered"
    assert outcome["reply"] == clear
    assert outcome["bubbles"][0]["text"] == "您好"


@pytest.mark.parametrize("body", ["", "success"])
def test_silence_needs_no_sealing(toy: Toy, safe: Control, body: str) -> None:
    openid = safe.follower()
    toy.answers(body)
    assert safe.says(openid, "你好")["outcome"] == "silent"


@pytest.mark.parametrize(
    ("forged", "problem"),
    [
        ({"signature": "0" * 40}, "MsgSignature"),
        ({"appid": "wxffffffffffffffff"}, "AppID"),
        ({"aes_key": "x" * 43}, "padding"),
    ],
)
def test_a_wrongly_sealed_reply_is_a_fault(
    toy: Toy, safe: Control, config: SandboxConfig, forged: dict[str, str], problem: str
) -> None:
    openid = safe.follower()
    clear = reply_xml(openid, config.account_id, text_content("您好"))
    toy.answers(sealed_reply(clear, config, **forged))
    outcome = safe.says(openid, "你好")
    assert outcome["outcome"] == "failed"
    assert len(outcome["attempts"]) == 1
    assert problem in outcome["attempts"][0]["problem"]


def test_plain_xml_in_safe_mode_is_a_fault(toy: Toy, safe: Control, config: SandboxConfig) -> None:
    openid = safe.follower()
    toy.answers(reply_xml(openid, config.account_id, text_content("您好")))
    outcome = safe.says(openid, "你好")
    assert outcome["outcome"] == "failed"
    assert "plain XML in safe mode" in outcome["attempts"][0]["problem"]


def test_the_previous_key_is_used_when_asked_and_the_reply_must_use_it_too(
    toy: Toy, safe: Control, config: SandboxConfig
) -> None:
    openid = safe.follower()
    safe.faults(callback={"previous_key": True})
    clear = reply_xml(openid, config.account_id, text_content("您好"))
    toy.answers(sealed_reply(clear, config, aes_key=config.previous_aes_key))
    assert safe.says(openid, "你好")["outcome"] == "answered"
    assert toy.seen[-1].clear(config.previous_aes_key).findtext("Content") == "你好"


def test_the_forging_switches_forge(toy: Toy, safe: Control, config: SandboxConfig) -> None:
    openid = safe.follower()
    safe.faults(callback={"downgrade": True})
    safe.says(openid, "明文")
    assert toy.seen[-1].query("encrypt_type") == ""
    assert toy.seen[-1].element("Content") == "明文"

    safe.faults(callback={"downgrade": False, "foreign_appid": True})
    safe.says(openid, "别家")
    sealed = toy.seen[-1].element("Encrypt")
    assert crypto.unseal(sealed, config.aes_key).appid != config.appid

    safe.faults(callback={"foreign_appid": False, "wrong_signature": True, "skew_s": 600})
    safe.says(openid, "伪造")
    got = toy.seen[-1]
    stamp = got.query("timestamp")
    assert int(stamp) == int(toy.seen[0].query("timestamp")) - 600
    expected = crypto.signature(config.token, stamp, got.query("nonce"), got.element("Encrypt"))
    assert got.query("msg_signature") != expected
