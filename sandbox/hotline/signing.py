"""Who may call: the signature and the time of a request, as the contract words them."""

import hashlib
import hmac

SKEW_S = 300


class NotSigned(Exception):
    """`code` as the contract names it."""

    def __init__(self, code: str, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def signature(secret: str, method: str, target: str, time: str, body: bytes) -> str:
    """`target`: path and query as they stand in the request line."""
    text = "\n".join((method, target, time, hashlib.sha256(body).hexdigest()))
    return hmac.new(secret.encode(), text.encode(), hashlib.sha256).hexdigest()


def check(secret: str, *, signed: str, time: str, expected: str, now_s: float) -> None:
    """Raises NotSigned. `expected` is what `signature` gives for what arrived."""
    if not secret:
        raise NotSigned("bad_signature", "the hotline has no secret set")
    if not time.isascii() or not time.isdecimal():
        raise NotSigned("bad_time", "X-Waterdesk-Time must be whole seconds since 1970")
    if abs(now_s - int(time)) > SKEW_S:
        raise NotSigned("bad_time", f"the clocks differ by more than {SKEW_S} s")
    if not hmac.compare_digest(expected.encode(), signed.encode()):
        raise NotSigned("bad_signature", "X-Waterdesk-Signature does not fit")
