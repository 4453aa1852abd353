"""The vectors of the protocol sheet: the official ones and one of our own."""

import json

import pytest

from sandbox import crypto

OFFICIAL_KEY = "A" * 43
OFFICIAL_APPID = "wxba5fad812f8e6fb9"
OFFICIAL_INCOMING = (
    "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJGQqcvZq"
    "zDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrfMZuMcp3Fn2Pe"
    "de2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgRtWygb3VIYnSeOBrebu"
    "fAlr7F9mFUPAJGj04="
)
OFFICIAL_REPLY = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)
OWN_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
OWN_MESSAGE = (
    "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
    "<FromUserName><![CDATA[oWATER0000000000000000000001]]></FromUserName>"
    "<CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
    "<Content><![CDATA[交水费]]></Content><MsgId>24000000000000001</MsgId></xml>"
)
OWN_ENCRYPT = (
    "Q3stYC6hdFzMh9T8HCvyDNlQSuDDtQm2I6puL+LFAVfrpQFViqeq15p/A3LoSNgzG45/uIBbJLS86DScr1YJR599zVMiZV"
    "DlJncY8Lm1SPN74Rj9qbE1yL8eRTVqxFCRuEe69OJueAh1NPMWsJsLHBMgpAdgcSUmHxtjxS6rTjO9U6GjnJSnT/iHxXpF"
    "0XwnNx9N+AVsUuK9EfOvg6WiKo33hppFK5AWszVKCxi6rlx0fWERYFEjkEOrP6Np9xooIvnykQVIUJgoIU6Hbizkrm9M6U"
    "HoMzPjHesEt/ilJdGN8AnepXuKr624ElsA6qTbHtYMu6FZbufSocfgc+dvVQ94h55WYasMIUROdMSOpw7e7DFgPj5T9zQG"
    "k3Wr4OKT3Vp/7y9/Mw2aBpLb4oq4gWum4H/A7LUHsOlmENVoYiM="
)


@pytest.mark.parametrize(
    ("parts", "expected"),
    [
        (("AAAAA", "1714036504", "1514711492"), "f464b24fc39322e44b38aa78f5edd27bd1441696"),
        (("AAAAA", "1714037059", "486452656"), "899cf89e464efb63f54ddac96b0a0a235f53aa78"),
        (("AAAAA", "1714112445", "415670741"), "6c5c811b55cc85e0e1b54100749188c20beb3f5d"),
        (
            ("AAAAA", "1714112445", "415670741", OFFICIAL_INCOMING),
            "046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
        ),
        (
            ("AAAAA", "1713424427", "415670741", OFFICIAL_REPLY),
            "1b9339964ed2e271e7c7b6ff2b0ef902fc94dea1",
        ),
        (("watertoken", "1760000000", "998877"), "b76ce4691f5f6bd8dc47854ae76eed70aea89a90"),
        (
            ("watertoken", "1760000000", "998877", OWN_ENCRYPT),
            "db7185b4348c2cdbf0ee2a06c9a4f184c6004259",
        ),
    ],
)
def test_signatures_are_those_of_the_protocol_sheet(parts: tuple[str, ...], expected: str) -> None:
    assert crypto.signature(*parts) == expected


def test_the_official_incoming_message_is_opened() -> None:
    opened = crypto.unseal(OFFICIAL_INCOMING, OFFICIAL_KEY)
    assert opened.appid == OFFICIAL_APPID
    assert json.loads(opened.content)["debug_str"] == "hello world"
    assert len(opened.content) == 167


def test_the_official_reply_is_sealed_to_the_letter() -> None:
    sealed = crypto.seal(
        b'{"demo_resp":"good luck"}', OFFICIAL_KEY, OFFICIAL_APPID, b"707722b803182950"
    )
    assert sealed == OFFICIAL_REPLY


def test_our_own_xml_is_sealed_and_opened_to_the_letter() -> None:
    sealed = crypto.seal(OWN_MESSAGE.encode(), OWN_KEY, "wx0123456789abcdef", b"0123456789abcdef")
    assert sealed == OWN_ENCRYPT
    assert crypto.unseal(OWN_ENCRYPT, OWN_KEY).content.decode() == OWN_MESSAGE


@pytest.mark.parametrize("length", range(70))
def test_every_length_survives_the_padding_of_32(length: int) -> None:
    sealed = crypto.seal(b"x" * length, OWN_KEY, "wx0123456789abcdef", b"r" * 16)
    assert crypto.unseal(sealed, OWN_KEY) == crypto.Opened(b"x" * length, "wx0123456789abcdef")


@pytest.mark.parametrize("sealed", ["", "not base64!", "QUJD", "A" * 64])
def test_what_was_not_sealed_with_this_key_is_refused(sealed: str) -> None:
    with pytest.raises(crypto.CryptoError):
        crypto.unseal(sealed, OWN_KEY)
