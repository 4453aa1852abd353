"""A notification as it goes over the wire: encrypted, signed; and forged in the ways that a server
must notice."""

import json
from collections.abc import Mapping
from dataclasses import dataclass

from sandbox.pay.answers import PROBE, new_nonce
from sandbox.pay.desk import PayDesk
from sandbox.pay.notices import SUMMARIES, Notice
from sandbox.pay.signing import SIGNATURE_TYPE, lines, sealed, sign
from sandbox.pay.trades import rfc3339

GENUINE = ""
FORGERIES = ("tampered", "wrong_serial", "old", "foreign_key", "signtest")
_OLD_S = 600
_UNKNOWN_SERIAL = "PUB_KEY_ID_" + "0" * 28


@dataclass(frozen=True, slots=True)
class Packed:
    headers: Mapping[str, str]
    body: bytes


def packed(desk: PayDesk, notice: Notice, forgery: str = GENUINE) -> Packed:
    keys, body = desk.keys, _body(desk, notice)
    certified = desk.faults.certificates
    serial = keys.platform_serial if certified else keys.public_key_id
    key = keys.certified if certified else keys.public
    stamp = int(desk.world.clock.of_server())
    if forgery == "old":
        stamp -= _OLD_S
    if forgery == "foreign_key":
        key = keys.merchant
    once = new_nonce(desk)
    signature = sign(key, lines(str(stamp), once, body))
    if forgery == "signtest":
        signature = PROBE + signature
    headers = {
        "Content-Type": "application/json",
        "Accept": "*/*",
        "User-Agent": "Mozilla/4.0",
        "Wechatpay-Timestamp": str(stamp),
        "Wechatpay-Nonce": once,
        "Wechatpay-Signature": signature,
        "Wechatpay-Signature-Type": SIGNATURE_TYPE,
        "Wechatpay-Serial": _UNKNOWN_SERIAL if forgery == "wrong_serial" else serial,
    }
    return Packed(headers, _other(body) if forgery == "tampered" else body)


def _body(desk: PayDesk, notice: Notice) -> bytes:
    once, kind = new_nonce(desk, 12), notice.original_type
    secret = sealed(desk.keys.apiv3_key, notice.plain.encode(), kind, once)
    content = {
        "id": notice.notice_id,
        "create_time": rfc3339(notice.made_at),
        "resource_type": "encrypt-resource",
        "event_type": notice.event_type,
        "summary": SUMMARIES[notice.event_type],
        "resource": {
            "original_type": kind,
            "algorithm": "AEAD_AES_256_GCM",
            "ciphertext": secret,
            "associated_data": kind,
            "nonce": once,
        },
    }
    return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()


def _other(body: bytes) -> bytes:
    return body.replace(b'"algorithm"', b'"Algorithm"')
