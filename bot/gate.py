"""The gate: nothing passes that WeChat has not signed for us, in the mode that settings say.

Enters: query string and body. Leaves: the XML inside, and later the sealed reply. Called by
`bot.callback`, before anything is parsed.
"""

import hashlib
import hmac
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.crypto import MessageCipher, Undecipherable

MAX_BODY_BYTES = 64 * 1024
# Possessive: nobody has signed the body yet, and blanks must not make the search run for seconds.
_ENCRYPT = re.compile(
    rb"<Encrypt>\s*+(?:<!\[CDATA\[\s*+)?+([A-Za-z0-9+/=]++)\s*+(?:\]\]>\s*+)?+</Encrypt>"
)
_SECONDS = re.compile(r"[0-9]{1,12}")


class Refused(Exception):
    """Not from WeChat, or not for us: 403. The reason is for our log, never for the sender."""


class Unreadable(Exception):
    """Signed by WeChat and yet not understood: 200 with an empty body, and an alert in the log."""


@dataclass(frozen=True, slots=True)
class Opened:
    """`xml` as WeChat wrote it; `cipher` is the key that opened it, for the reply."""

    xml: bytes
    cipher: MessageCipher | None
    nonce: str


def signature(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode(), usedforsecurity=False).hexdigest()


class Gate:
    """`ciphers`: the present key first, then the previous one, which WeChat may go on using for a
    while after a change. Empty in plain mode: the mode never depends on what a request says."""

    def __init__(
        self,
        token: str,
        ciphers: tuple[MessageCipher, ...],
        *,
        skew_s: int,
        now_s: Callable[[], float],
    ) -> None:
        self._token = token
        self._ciphers = ciphers
        self._skew_s = skew_s
        self._now_s = now_s

    def verify_url(self, query: Mapping[str, str]) -> str:
        """The echo that the console expects when the server is configured there."""
        self._check(query, "signature")
        if "echostr" not in query:
            raise Refused("no echostr")
        return query["echostr"]

    def open(self, query: Mapping[str, str], body: bytes) -> Opened:
        nonce = query.get("nonce", "")
        if not self._ciphers:
            self._check(query, "signature")
            return Opened(body, None, nonce)
        if query.get("encrypt_type") != "aes":
            raise Refused("plaintext in safe mode")
        sealed = _ENCRYPT.findall(body)
        if len(sealed) != 1:
            raise Refused("not exactly one Encrypt element")
        self._check(query, "msg_signature", sealed[0].decode())
        for cipher in self._ciphers:
            try:
                return Opened(cipher.open(sealed[0]), cipher, nonce)
            except Undecipherable as error:
                why = str(error)
        raise Unreadable(f"signed, but {why}; is WECHAT_AES_KEY the key in the console?")

    def seal(self, reply_xml: str, opened: Opened) -> str:
        """In safe mode every reply is encrypted, with the key of the question."""
        if opened.cipher is None or not reply_xml:
            return reply_xml
        encrypted = opened.cipher.close(reply_xml)
        timestamp, nonce = str(int(self._now_s())), os.urandom(8).hex()
        signed = signature(self._token, timestamp, nonce, encrypted)
        return (
            f"<xml><Encrypt><![CDATA[{encrypted}]]></Encrypt>"
            f"<MsgSignature><![CDATA[{signed}]]></MsgSignature>"
            f"<TimeStamp>{timestamp}</TimeStamp><Nonce><![CDATA[{nonce}]]></Nonce></xml>"
        )

    def _check(self, query: Mapping[str, str], name: str, *more: str) -> None:
        timestamp, nonce, given = (query.get(key, "") for key in ("timestamp", "nonce", name))
        if not (timestamp and nonce and given):
            raise Refused("signature parameters missing")
        wanted = signature(self._token, timestamp, nonce, *more)
        if not hmac.compare_digest(wanted.encode(), given.encode()):
            raise Refused(f"wrong {name}")
        if not _SECONDS.fullmatch(timestamp):
            raise Refused("timestamp is no number of seconds")
        if abs(self._now_s() - int(timestamp)) > self._skew_s:
            raise Refused("timestamp too far from our clock")
