"""Whether a reply that came back is one the citizen could read: 200 alone proves nothing.

Called after the measured time with a sample of bodies, each beside the delivery it answers.
"""

import re
import xml.etree.ElementTree as ET  # our own server's replies
from collections import Counter
from collections.abc import Callable, Iterable

from bench.account import NotOurs, ServiceAccount
from bench.traffic import Delivery

ReplyCheck = Callable[[ServiceAccount, Delivery, bytes], str]


class WrongReply(Exception):
    """A reply that WeChat would refuse or would show to the wrong citizen."""


def success(_account: ServiceAccount, _delivery: Delivery, body: bytes) -> str:
    if body != b"success":
        raise WrongReply(f"expected the body 'success', got {body[:60]!r}")
    return "success"


def sealed_text(account: ServiceAccount, delivery: Delivery, body: bytes) -> str:
    """The text of an encrypted reply to the delivery's citizen."""
    try:
        envelope = ET.fromstring(body)  # noqa: S314
        part = {child.tag: child.text or "" for child in envelope}
        expected = account.sign(part["TimeStamp"], part["Nonce"], part["Encrypt"])
        reply = ET.fromstring(account.open(part["Encrypt"]))  # noqa: S314
    except (ET.ParseError, KeyError, ValueError, NotOurs) as error:
        raise WrongReply(f"not an encrypted reply ({error!r}): {body[:60]!r}") from error
    if expected != part["MsgSignature"]:
        raise WrongReply("the reply's MsgSignature does not fit its content")
    if reply.findtext("ToUserName") != delivery.openid:
        raise WrongReply("the reply is addressed to another citizen")
    if reply.findtext("FromUserName") != account.original_id:
        raise WrongReply("the reply does not come from our account")
    content = reply.findtext("Content")
    if not content:
        raise WrongReply("the reply has no text")
    return content


def echoed_text(account: ServiceAccount, delivery: Delivery, body: bytes) -> str:
    content = sealed_text(account, delivery, body)
    said = ET.fromstring(f"<m>{delivery.said}</m>").findtext("Content") or ""  # noqa: S314
    if not content.endswith(said):
        raise WrongReply(f"expected an echo of {said!r}, got {content!r}")
    return content


def first_lines(replies: Iterable[str]) -> dict[str, int]:
    """How often each reply came, by its first line with numbers as #: shows that what was
    measured were answers, not apologies."""
    return dict(Counter(re.sub(r"\d+", "#", reply.split("\n", 1)[0])[:30] for reply in replies))
