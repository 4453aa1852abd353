"""Who gets through the gate: signatures, the clock, the mode."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.gate import Refused, signature
from sandbox import crypto
from tests.unit.vectors import (
    AES_KEY,
    APPID,
    IN_XML,
    NOW_S,
    OFFICIAL,
    OFFICIAL_REPLY,
    Vector,
    body_of,
    gate,
    gate_of,
    query_of,
    signed,
)


@pytest.mark.parametrize("vector", [OFFICIAL, IN_XML], ids=["official", "xml"])
def test_the_known_ciphertexts_open(vector: Vector) -> None:
    opened = gate_of(vector).open(query_of(vector), body_of(vector.encrypt))
    assert opened.xml.decode() == vector.message


@pytest.mark.parametrize("vector", [OFFICIAL, IN_XML], ids=["official", "xml"])
def test_the_known_signature_verifies_the_url(vector: Vector) -> None:
    echo = gate_of(vector).verify_url({**query_of(vector), "echostr": "4375120948345356249"})
    assert echo == "4375120948345356249"


@pytest.mark.parametrize(
    ("timestamp", "nonce", "more", "expected"),
    [
        ("1714036504", "1514711492", (), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        ("1714037059", "486452656", (), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (
            "1713424427",
            "415670741",
            (OFFICIAL_REPLY,),
            "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        ),
    ],
)
def test_signatures_are_those_of_wechats_examples(
    timestamp: str, nonce: str, more: tuple[str, ...], expected: str
) -> None:
    assert signature("AAAAA", timestamp, nonce, *more) == expected


@pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature"])
def test_a_missing_or_empty_parameter_is_refused(name: str) -> None:
    without = {key: value for key, value in query_of(IN_XML).items() if key != name}
    for query in (without, query_of(IN_XML, **{name: ""})):
        with pytest.raises(Refused):
            gate_of(IN_XML).open(query, body_of(IN_XML.encrypt))


@pytest.mark.parametrize("name", ["timestamp", "nonce", "msg_signature"])
def test_a_changed_parameter_is_refused(name: str) -> None:
    query = query_of(IN_XML, **{name: query_of(IN_XML)[name][:-1] + "5"})
    with pytest.raises(Refused, match="wrong msg_signature"):
        gate_of(IN_XML).open(query, body_of(IN_XML.encrypt))


def test_the_signature_covers_the_ciphertext() -> None:
    other = ("R" if IN_XML.encrypt[0] != "R" else "Q") + IN_XML.encrypt[1:]
    with pytest.raises(Refused, match="wrong msg_signature"):
        gate_of(IN_XML).open(query_of(IN_XML), body_of(other))


@pytest.mark.parametrize("off_by_s", [-300, 300])
def test_a_timestamp_five_minutes_off_passes(off_by_s: int) -> None:
    sealed = crypto.seal(b"<xml/>", AES_KEY, APPID, b"0" * 16)
    query = signed(sealed, str(int(NOW_S) + off_by_s))
    assert gate(AES_KEY).open(query, body_of(sealed)).xml == b"<xml/>"


@pytest.mark.parametrize("timestamp", ["1", "1795320301", "1795319699"])
def test_a_timestamp_further_off_is_refused_though_well_signed(timestamp: str) -> None:
    sealed = crypto.seal(b"<xml/>", AES_KEY, APPID, b"0" * 16)
    with pytest.raises(Refused, match="too far from our clock"):
        gate(AES_KEY).open(signed(sealed, timestamp), body_of(sealed))


@pytest.mark.parametrize(
    "timestamp", ["soon", "-1", "1.5", "１７９５３２００００", "9" * 400, "9" * 5000]
)
def test_a_timestamp_that_is_no_plausible_number_is_refused_though_well_signed(
    timestamp: str,
) -> None:
    sealed = crypto.seal(b"<xml/>", AES_KEY, APPID, b"0" * 16)
    with pytest.raises(Refused, match="timestamp"):
        gate(AES_KEY).open(signed(sealed, timestamp), body_of(sealed))


@pytest.mark.parametrize("encrypt_type", ["", "raw", "AES"])
def test_safe_mode_refuses_whatever_does_not_claim_to_be_encrypted(encrypt_type: str) -> None:
    query = query_of(IN_XML, encrypt_type=encrypt_type)
    with pytest.raises(Refused, match="plaintext"):
        gate_of(IN_XML).open(query, IN_XML.message.encode())


def test_two_ciphertexts_in_one_body_are_refused() -> None:
    body = body_of(IN_XML.encrypt + "</Encrypt><Encrypt>" + IN_XML.encrypt)
    with pytest.raises(Refused, match="not exactly one"):
        gate_of(IN_XML).open(query_of(IN_XML), body)


def test_a_body_of_blanks_does_not_keep_the_gate_busy() -> None:
    blanks = b" " * 32_000
    hostile = (b"<Encrypt>" + blanks + blanks, b"<Encrypt>A" + blanks + blanks)
    began_s = time.process_time()
    for body in hostile:
        with pytest.raises(Refused):
            gate(AES_KEY).open({"encrypt_type": "aes"}, body)
    assert time.process_time() - began_s < 0.5


@given(st.dictionaries(st.text(max_size=12), st.text(max_size=40)), st.binary(max_size=300))
def test_nothing_unsigned_gets_through(query: dict[str, str], body: bytes) -> None:
    for keeper in (gate(), gate(AES_KEY)):
        with pytest.raises(Refused):
            keeper.open(query, body)
        with pytest.raises(Refused):
            keeper.verify_url(query)
