"""Answers as WeChat Pay gives them: what succeeded is signed, what failed is not."""

import json
from collections.abc import Mapping
from typing import Any

from flask import Response

from sandbox.pay.desk import PayDesk
from sandbox.pay.errors import PayError
from sandbox.pay.signing import SIGNATURE_TYPE, lines, nonce, sign

PROBE = "WECHATPAY/SIGNTEST/"


def signed(desk: PayDesk, content: Mapping[str, Any] | None, wanted: str, status: int) -> Response:
    """`wanted`: the Wechatpay-Serial of the request, '' when it named no key. No content: 204."""
    body = b"" if content is None else json.dumps(content, ensure_ascii=False).encode()
    response = Response(body, 204 if content is None else status)
    if content is not None:
        response.content_type = "application/json; charset=utf-8"
    response.headers.update(signature_headers(desk, body, wanted))
    return _numbered(desk, response)


def refused(desk: PayDesk, error: PayError) -> Response:
    body = json.dumps(error.as_json(), ensure_ascii=False)
    response = Response(body, error.status, content_type="application/json; charset=utf-8")
    return _numbered(desk, response)


def bare(desk: PayDesk, status: int) -> Response:
    return _numbered(desk, Response(b"", status))


def signature_headers(desk: PayDesk, body: bytes, wanted: str = "") -> dict[str, str]:
    """`wanted`: the serial of the key to sign with; '' leaves it to the switches."""
    keys = desk.keys
    certified = desk.faults.certificates
    if wanted in (keys.public_key_id, keys.platform_serial):
        certified = wanted == keys.platform_serial
    timestamp, once = str(int(desk.world.clock.of_server())), new_nonce(desk)
    key = keys.certified if certified else keys.public
    probe = PROBE if desk.world.chance(desk.faults.probe_rate) else ""
    return {
        "Wechatpay-Timestamp": timestamp,
        "Wechatpay-Nonce": once,
        "Wechatpay-Signature": probe + sign(key, lines(timestamp, once, body)),
        "Wechatpay-Serial": keys.platform_serial if certified else keys.public_key_id,
        "Wechatpay-Signature-Type": SIGNATURE_TYPE,
    }


def new_nonce(desk: PayDesk, length: int = 32) -> str:
    with desk.world.news:
        return nonce(desk.world.rng, length)


def _numbered(desk: PayDesk, response: Response) -> Response:
    with desk.world.news:
        number = f"08{desk.world.rng.getrandbits(200):050X}"
    response.headers["Request-ID"] = f"{number}-0"
    return response
