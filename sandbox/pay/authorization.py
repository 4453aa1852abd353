"""Checks who asks: the Authorization header with its five fields, and the other headers."""

import re
from dataclasses import dataclass

from sandbox.pay.errors import PayError
from sandbox.pay.keys import PayKeys
from sandbox.pay.signing import SIGNATURE_TYPE, fits, lines

_WINDOW_S = 300
_FIELDS = ("mchid", "nonce_str", "signature", "timestamp", "serial_no")
_FIELD = re.compile(r'(\w+)="([^"]*)"')
_SHOWN = 100


@dataclass(frozen=True, slots=True)
class Signed:
    """What the signature covers. `target`: path and query as they were sent."""

    method: str
    target: str
    body: bytes


def check(authorization: str, signed: Signed, keys: PayKeys, now: float) -> None:
    """`now` by the server's clock. Raises PayError SIGN_ERROR."""
    given = _given(authorization)
    if given["mchid"] != keys.mchid:
        raise _unsigned("商户号不存在或与证书不符")
    if given["serial_no"].upper() != keys.merchant_serial.upper():
        raise _unsigned("商户证书序列号有误")
    if not given["timestamp"].isdecimal() or abs(now - int(given["timestamp"])) > _WINDOW_S:
        raise _unsigned("Http头Authorization中的timestamp与发起请求的时间不得超过5分钟")
    head = lines(signed.method, signed.target, given["timestamp"], given["nonce_str"])
    message = head + lines(signed.body)
    if not fits(keys.merchant.public_key(), message, given["signature"]):
        raise PayError(401, "SIGN_ERROR", "签名错误", _how_it_differs(signed, message))


def _given(authorization: str) -> dict[str, str]:
    kind, _, rest = authorization.partition(" ")
    given = dict(_FIELD.findall(rest))
    if kind != SIGNATURE_TYPE or set(given) != set(_FIELDS) or not all(given.values()):
        raise _unsigned("Http头Authorization值格式错误，请参考《微信支付商户REST API签名规则》")
    return given


def _unsigned(message: str) -> PayError:
    return PayError(401, "SIGN_ERROR", message)


def _how_it_differs(signed: Signed, message: bytes) -> dict[str, object]:
    beginning = message[:_SHOWN].decode("utf-8", "replace")
    return {
        "detail": {"issue": "sign not match"},
        "field": "signature",
        "location": "authorization",
        "sign_information": {
            "method": signed.method,
            "url": signed.target,
            "truncated_sign_message": beginning,
            "sign_message_length": len(message),
        },
    }
