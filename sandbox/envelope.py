"""One delivery on the wire: query string and body, signed and encrypted as the mode and the forging
switches say."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from urllib.parse import urlencode

from sandbox import crypto
from sandbox.config import Mode, SandboxConfig
from sandbox.faults import CallbackFaults
from sandbox.xml import cdata

_FOREIGN_APPID = "wxffffffffffffffff"


@dataclass(frozen=True, slots=True)
class Envelope:
    query: str
    body: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What makes one delivery's signature different from the next one's."""

    timestamp: str
    nonce: str
    salt: bytes


def new_stamp(rng: Random, real_now: Callable[[], float], skew_s: float) -> Stamp:
    return Stamp(
        timestamp=str(int(real_now() - skew_s)),
        nonce=str(rng.randrange(10**8, 10**9)),
        salt=bytes(rng.choices(b"0123456789abcdef", k=16)),
    )


def pack(
    xml: str, openid: str, config: SandboxConfig, faults: CallbackFaults, stamp: Stamp
) -> Envelope:
    query = {
        "signature": crypto.signature(config.token, stamp.timestamp, stamp.nonce),
        "timestamp": stamp.timestamp,
        "nonce": stamp.nonce,
        "openid": openid,
    }
    body = xml
    if config.mode is Mode.SAFE and not faults.downgrade:
        sealed = _seal(xml, config, faults, stamp)
        query["encrypt_type"] = "aes"
        query["msg_signature"] = crypto.signature(
            config.token, stamp.timestamp, stamp.nonce, sealed
        )
        body = (
            f"<xml><ToUserName>{cdata(config.account_id)}</ToUserName>"
            f"<Encrypt>{cdata(sealed)}</Encrypt></xml>"
        )
    if faults.wrong_signature:
        for name in ("signature", "msg_signature"):
            if name in query:
                query[name] = _spoilt(query[name])
    return Envelope(urlencode(query), body)


def _seal(xml: str, config: SandboxConfig, faults: CallbackFaults, stamp: Stamp) -> str:
    key = config.aes_key
    if faults.previous_key and config.previous_aes_key:
        key = config.previous_aes_key
    appid = _FOREIGN_APPID if faults.foreign_appid else config.appid
    return crypto.seal(xml.encode(), key, appid, stamp.salt)


def _spoilt(signature: str) -> str:
    return ("0" if signature[0] != "0" else "1") + signature[1:]
