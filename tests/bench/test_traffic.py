"""The benchmark's traffic is what WeChat would send: checked with lines that share nothing with
the code that made it, with a published vector, and with WeRoBot's own cipher."""

import hashlib
from base64 import b64decode
from collections import Counter
from itertools import islice, pairwise
from urllib.parse import parse_qs
from xml.etree import ElementTree

import pytest
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from werobot.crypto import MessageCrypt

from bench.account import BENCH_ACCOUNT, NotOurs, ServiceAccount
from bench.traffic import Delivery, deliveries, openid_of
from bench.workloads import NOT_AN_ACCOUNT_NUMBER, chatter, menu_and_binding, text

NOW_S = 1_760_000_000

VECTOR_ACCOUNT = ServiceAccount(
    app_id="wx0123456789abcdef",
    secret="",
    token="watertoken",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    original_id="gh_0123456789ab",
)
VECTOR_XML = (
    "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
    "<FromUserName><![CDATA[oWATER0000000000000000000001]]></FromUserName>"
    "<CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[交水费]]></Content><MsgId>24000000000000001</MsgId></xml>"
)
VECTOR_SIGNATURE = "db7185b4348c2cdbf0ee2a06c9a4f184c6004259"


def stream(count: int, *, seed: int = 1, citizens: int = 7) -> list[Delivery]:
    endless = deliveries(BENCH_ACCOUNT, chatter, citizens=citizens, seed=seed, now_s=NOW_S)
    return list(islice(endless, count))


def decrypted_by_hand(sealed: str) -> tuple[bytes, bytes]:
    key = b64decode(BENCH_ACCOUNT.aes_key + "=")
    decryptor = Cipher(algorithms.AES(key), modes.CBC(key[:16])).decryptor()
    padded = decryptor.update(b64decode(sealed)) + decryptor.finalize()
    assert 1 <= padded[-1] <= 32
    full = padded[: len(padded) - padded[-1]]
    length = int.from_bytes(full[16:20], "big")
    return full[20 : 20 + length], full[20 + length :]


def sha1_of_sorted(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()  # noqa: S324 (WeChat's rule)


def element(xml: bytes, name: str) -> str:
    return ElementTree.fromstring(xml).findtext(name) or ""


def one(query: dict[str, list[str]], name: str) -> str:
    (value,) = query[name]
    return value


def test_both_signatures_of_every_delivery_are_valid() -> None:
    for delivery in stream(20):
        query = parse_qs(delivery.query, strict_parsing=True)
        sealed = element(delivery.body, "Encrypt")
        timestamp, nonce = one(query, "timestamp"), one(query, "nonce")
        token = BENCH_ACCOUNT.token
        assert one(query, "signature") == sha1_of_sorted(token, timestamp, nonce)
        assert one(query, "msg_signature") == sha1_of_sorted(token, timestamp, nonce, sealed)
        assert one(query, "encrypt_type") == "aes"
        assert int(timestamp) == NOW_S


def test_the_ciphertext_holds_the_citizen_s_message_and_our_appid() -> None:
    for delivery in stream(20):
        sealed = element(delivery.body, "Encrypt")
        clear, app_id = decrypted_by_hand(sealed)
        assert app_id.decode() == BENCH_ACCOUNT.app_id
        assert element(clear, "FromUserName") == delivery.openid
        assert element(clear, "ToUserName") == BENCH_ACCOUNT.original_id
        assert element(clear, "CreateTime") == str(NOW_S)
        assert element(clear, "Content")


@pytest.mark.parametrize("length", range(32))
def test_werobot_opens_texts_of_every_length_of_padding(length: int) -> None:
    crypt = MessageCrypt(BENCH_ACCOUNT.token, BENCH_ACCOUNT.aes_key, BENCH_ACCOUNT.app_id)
    clear = f"<xml>{'水' * 3}{'x' * length}</xml>".encode()
    sealed = BENCH_ACCOUNT.seal(clear, b"0123456789abcdef")
    signature = BENCH_ACCOUNT.sign("1", "2", sealed)
    assert crypt.decrypt_message("1", "2", signature, sealed) == clear
    assert BENCH_ACCOUNT.open(sealed) == clear


def test_the_known_vector_comes_out_to_the_byte() -> None:
    sealed = VECTOR_ACCOUNT.seal(VECTOR_XML.encode(), b"0123456789abcdef")
    assert sealed.startswith("Q3stYC6hdFzMh9T8HCvyDNlQSuDDtQm2I6puL")
    assert VECTOR_ACCOUNT.sign("1760000000", "998877", sealed) == VECTOR_SIGNATURE


def test_a_text_sealed_for_another_account_is_not_ours() -> None:
    other = ServiceAccount(
        "wxother", "", BENCH_ACCOUNT.token, BENCH_ACCOUNT.aes_key, BENCH_ACCOUNT.original_id
    )
    with pytest.raises(NotOurs, match="AppID"):
        BENCH_ACCOUNT.open(other.seal(b"<xml/>", bytes(16)))
    with pytest.raises(NotOurs, match="whole blocks"):
        BENCH_ACCOUNT.open("")


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others() -> None:
    assert stream(50, seed=3) == stream(50, seed=3)
    assert stream(50, seed=3) != stream(50, seed=4)


def test_every_citizen_speaks_once_before_any_speaks_again() -> None:
    openids = [delivery.openid for delivery in stream(21, citizens=7)]
    everybody = {openid_of(citizen) for citizen in range(7)}
    assert {frozenset(openids[at : at + 7]) for at in (0, 7, 14)} == {frozenset(everybody)}
    assert openids[:7] == openids[7:14]


def test_no_message_id_comes_twice_even_in_a_stream_begun_a_second_later() -> None:
    seen: list[str] = []
    for now_s in (NOW_S, NOW_S + 1):
        endless = deliveries(BENCH_ACCOUNT, chatter, citizens=5, seed=1, now_s=now_s)
        for delivery in islice(endless, 50):
            sealed = element(delivery.body, "Encrypt")
            clear, _ = decrypted_by_hand(sealed)
            seen.append(element(clear, "MsgId"))
    assert len(set(seen)) == 100
    assert all(0 < int(msg_id) < 2**63 for msg_id in seen)


def test_the_http_request_carries_the_whole_body_under_its_length() -> None:
    (delivery,) = stream(1)
    head, _, body = delivery.http_request("127.0.0.1:80").partition(b"\r\n\r\n")
    assert head.startswith(f"POST /wechat?{delivery.query} HTTP/1.1\r\n".encode())
    assert f"Content-Length: {len(body)}".encode() in head
    assert body == delivery.body


def test_the_menu_workload_never_answers_a_question_before_it_was_asked() -> None:
    for citizen in range(8):
        turns = [menu_and_binding(citizen, turn) for turn in range(24)]
        for before, now in pairwise([text("取消"), *turns]):
            in_dialog = before in {text("绑定"), text(NOT_AN_ACCOUNT_NUMBER)}
            assert in_dialog == (now in {text(NOT_AN_ACCOUNT_NUMBER), text("取消")})


@pytest.mark.parametrize("turn", [1, 2, 5])
def test_the_menu_workload_is_the_same_mix_in_every_pass_after_the_first(turn: int) -> None:
    shares = Counter(menu_and_binding(citizen, turn) for citizen in range(4000))
    expected = {"绑定": 1000, "取消": 1000, NOT_AN_ACCOUNT_NUMBER: 1000, "菜单": 500, "帮助": 500}
    assert set(shares) == {text(content) for content in expected}
    for content, times in expected.items():
        assert shares[text(content)] == pytest.approx(times, rel=0.15)
