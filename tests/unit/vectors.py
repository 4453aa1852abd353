"""Messages with known signatures and ciphertexts: WeChat's own example, and one in XML;
and gates to try them at."""

from dataclasses import dataclass

from bot.crypto import MessageCipher
from bot.gate import Gate, signature


@dataclass(frozen=True)
class Vector:
    token: str
    aes_key: str
    appid: str
    timestamp: str
    nonce: str
    encrypt: str
    msg_signature: str
    signature: str
    message: str


OFFICIAL = Vector(
    token="AAAAA",
    aes_key="A" * 43,
    appid="wxba5fad812f8e6fb9",
    timestamp="1714112445",
    nonce="415670741",
    encrypt=(
        "+qdx1OKCy+5JPCBFWw70tm0fJGb2Jmeia4FCB7kao+/Q5c/ohsOzQHi8khUOb05JCpj0JB4RvQMkUyus8TPxLKJG"
        "QqcvZqzDpVzazhZv6JsXUnnR8XGT740XgXZUXQ7vJVnAG+tE8NUd4yFyjPy7GgiaviNrlCTj+l5kdfMuFUPpRSrf"
        "MZuMcp3Fn2Pede2IuQrKEYwKSqFIZoNqJ4M8EajAsjLY2km32IIjdf8YL/P50F7mStwntrA2cPDrM1kb6mOcfBgR"
        "tWygb3VIYnSeOBrebufAlr7F9mFUPAJGj04="
    ),
    msg_signature="046e02f8204d34f8ba5fa3b1db94908f3df2e9b3",
    signature="6c5c811b55cc85e0e1b54100749188c20beb3f5d",
    message=(
        '{"ToUserName":"gh_97417a04a28d","FromUserName":"o9AgO5Kd5ggOC-bXrbNODIiE3bGY",'
        '"CreateTime":1714112445,"MsgType":"event","Event":"debug_demo","debug_str":"hello world"}'
    ),
)
OFFICIAL_REPLY = (
    "ELGduP2YcVatjqIS+eZbp80MNLoAUWvzzyJxgGzxZO/5sAvd070Bs6qrLARC9nVHm48Y4hyRbtzve1L32tmxSQ=="
)

IN_XML = Vector(
    token="watertoken",
    aes_key="abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG",
    appid="wx0123456789abcdef",
    timestamp="1760000000",
    nonce="998877",
    encrypt=(
        "Q3stYC6hdFzMh9T8HCvyDNlQSuDDtQm2I6puL+LFAVfrpQFViqeq15p/A3LoSNgzG45/uIBbJLS86DScr1YJR599"
        "zVMiZVDlJncY8Lm1SPN74Rj9qbE1yL8eRTVqxFCRuEe69OJueAh1NPMWsJsLHBMgpAdgcSUmHxtjxS6rTjO9U6Gj"
        "nJSnT/iHxXpF0XwnNx9N+AVsUuK9EfOvg6WiKo33hppFK5AWszVKCxi6rlx0fWERYFEjkEOrP6Np9xooIvnykQVI"
        "UJgoIU6Hbizkrm9M6UHoMzPjHesEt/ilJdGN8AnepXuKr624ElsA6qTbHtYMu6FZbufSocfgc+dvVQ94h55WYasM"
        "IUROdMSOpw7e7DFgPj5T9zQGk3Wr4OKT3Vp/7y9/Mw2aBpLb4oq4gWum4H/A7LUHsOlmENVoYiM="
    ),
    msg_signature="db7185b4348c2cdbf0ee2a06c9a4f184c6004259",
    signature="b76ce4691f5f6bd8dc47854ae76eed70aea89a90",
    message=(
        "<xml><ToUserName><![CDATA[gh_0123456789ab]]></ToUserName>"
        "<FromUserName><![CDATA[oWATER0000000000000000000001]]></FromUserName>"
        "<CreateTime>1760000000</CreateTime><MsgType><![CDATA[text]]></MsgType>"
        "<Content><![CDATA[交水费]]></Content><MsgId>24000000000000001</MsgId></xml>"
    ),
)

NOW_S = 1_795_320_000.0
TOKEN, AES_KEY, APPID = IN_XML.token, IN_XML.aes_key, IN_XML.appid
OTHER_AES_KEY = "GFEDCBA9876543210zyxwvutsrqponmlkjihgfedcbA"


def gate(*aes_keys: str, token: str = TOKEN, now_s: float = NOW_S, appid: str = APPID) -> Gate:
    ciphers = tuple(MessageCipher(key, appid) for key in aes_keys)
    return Gate(token, ciphers, skew_s=300, now_s=lambda: now_s)


def gate_of(vector: Vector) -> Gate:
    return gate(
        vector.aes_key, token=vector.token, now_s=float(vector.timestamp), appid=vector.appid
    )


def query_of(vector: Vector, **changed: str) -> dict[str, str]:
    return {
        "timestamp": vector.timestamp,
        "nonce": vector.nonce,
        "signature": vector.signature,
        "msg_signature": vector.msg_signature,
        "encrypt_type": "aes",
        **changed,
    }


def body_of(encrypt: str) -> bytes:
    return f"<xml><ToUserName>gh</ToUserName><Encrypt>{encrypt}</Encrypt></xml>".encode()


def signed(encrypt: str, timestamp: str = str(int(NOW_S))) -> dict[str, str]:
    msg_signature = signature(TOKEN, timestamp, "n", encrypt)
    return {
        "timestamp": timestamp,
        "nonce": "n",
        "msg_signature": msg_signature,
        "encrypt_type": "aes",
    }
