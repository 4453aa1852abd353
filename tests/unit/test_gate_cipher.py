"""What the gate opens and seals: keys old and new, noise, silence."""

import base64
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.crypto import MessageCipher
from bot.gate import Opened, Unreadable
from sandbox import crypto
from tests.unit.vectors import (
    AES_KEY,
    APPID,
    IN_XML,
    OFFICIAL,
    OFFICIAL_REPLY,
    OTHER_AES_KEY,
    body_of,
    gate,
    gate_of,
    query_of,
    signed,
)


def test_wechats_example_of_a_reply_opens_with_the_same_cipher() -> None:
    cipher = MessageCipher(OFFICIAL.aes_key, OFFICIAL.appid)
    assert cipher.open(OFFICIAL_REPLY.encode()) == b'{"demo_resp":"good luck"}'


def test_a_ciphertext_of_the_previous_key_opens_and_its_reply_uses_that_key() -> None:
    sealed = crypto.seal(b"<xml>old</xml>", OTHER_AES_KEY, APPID, b"0" * 16)
    both = gate(AES_KEY, OTHER_AES_KEY)
    opened = both.open(signed(sealed), body_of(sealed))
    assert opened.xml == b"<xml>old</xml>"
    reply = both.seal("<xml>new</xml>", opened)
    encrypted = reply.split("<Encrypt><![CDATA[")[1].split("]]>")[0]
    assert crypto.unseal(encrypted, OTHER_AES_KEY).content == b"<xml>new</xml>"


@pytest.mark.parametrize(
    "sealed",
    [
        pytest.param("QUJD", id="not whole blocks"),
        pytest.param("A" * 64, id="noise"),
        pytest.param("QUI", id="no base64"),
        pytest.param(crypto.seal(b"<xml/>", OTHER_AES_KEY, APPID, b"0" * 16), id="foreign key"),
        pytest.param(crypto.seal(b"<xml/>", AES_KEY, "wxother", b"0" * 16), id="foreign AppID"),
    ],
)
def test_signed_but_undecipherable_is_unreadable_and_says_what_to_check(sealed: str) -> None:
    with pytest.raises(Unreadable, match="WECHAT_AES_KEY"):
        gate(AES_KEY).open(signed(sealed), body_of(sealed))


@pytest.mark.parametrize(
    ("padding", "opens"),
    [
        (b"\x08" * 8, True),
        (b"\x20" * 32, True),
        (b"\x00" * 16, False),
        (b"\x21" * 33, False),
        (b"\xff" * 255, False),
        (b"\x07" + b"\x08" * 7, False),
        (b"\x08" * 7 + b"\x09", False),
    ],
)
def test_every_byte_of_the_padding_is_checked(padding: bytes, opens: bool) -> None:
    content = b"<xml/>"
    content += b" " * (-(20 + len(content) + len(APPID) + len(padding)) % 16)
    full = b"0" * 16 + struct.pack(">I", len(content)) + content + APPID.encode() + padding
    encryptor = MessageCipher(AES_KEY, APPID).cipher.encryptor()
    sealed = base64.b64encode(encryptor.update(full) + encryptor.finalize()).decode()
    if opens:
        assert gate(AES_KEY).open(signed(sealed), body_of(sealed)).xml == content
    else:
        with pytest.raises(Unreadable, match="padding"):
            gate(AES_KEY).open(signed(sealed), body_of(sealed))


def test_what_does_not_open_is_not_quoted() -> None:
    sealed = crypto.seal("<xml>我的水表</xml>".encode(), AES_KEY, "wxother", b"0" * 16)
    with pytest.raises(Unreadable) as unreadable:
        gate(AES_KEY).open(signed(sealed), body_of(sealed))
    assert "wxother" not in str(unreadable.value)
    assert sealed[:20] not in str(unreadable.value)


def test_silence_is_never_encrypted() -> None:
    opened = gate_of(IN_XML).open(query_of(IN_XML), body_of(IN_XML.encrypt))
    assert gate_of(IN_XML).seal("", opened) == ""


def test_plain_mode_neither_decrypts_nor_encrypts() -> None:
    query = query_of(IN_XML, encrypt_type="raw")
    plain = gate(now_s=float(IN_XML.timestamp))
    opened = plain.open(query, IN_XML.message.encode())
    assert opened == Opened(IN_XML.message.encode(), None, IN_XML.nonce)
    assert plain.seal("<xml>hello</xml>", opened) == "<xml>hello</xml>"


@given(st.text(min_size=1, max_size=3000))
def test_what_the_gate_seals_opens_to_the_same_text(text: str) -> None:
    keeper = gate(AES_KEY)
    reply = keeper.seal(text, Opened(b"", MessageCipher(AES_KEY, APPID), "n"))
    field = {
        name: reply.split(f"<{name}>")[1].split(f"</{name}>")[0]
        for name in ("Encrypt", "MsgSignature", "TimeStamp", "Nonce")
    }
    bare = {
        name: value.removeprefix("<![CDATA[").removesuffix("]]>") for name, value in field.items()
    }
    query = {
        "timestamp": bare["TimeStamp"],
        "nonce": bare["Nonce"],
        "msg_signature": bare["MsgSignature"],
        "encrypt_type": "aes",
    }
    assert keeper.open(query, reply.encode()).xml.decode() == text
    assert crypto.unseal(bare["Encrypt"], AES_KEY).content.decode() == text


@given(st.binary(max_size=400))
def test_any_signed_ciphertext_opens_or_is_unreadable(noise: bytes) -> None:
    sealed = base64.b64encode(noise).decode() or "A"
    with pytest.raises(Unreadable):
        gate(AES_KEY).open(signed(sealed), body_of(sealed))
