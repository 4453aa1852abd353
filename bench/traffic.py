"""Citizens' messages as WeChat would deliver them in safe mode: signed, encrypted, never twice.

In: a workload (citizen, turn → inner XML) and a seed. Out: deliveries, ready before the clock of a
measurement starts. Called by the rounds of the benchmark and by the profile.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
from typing import Protocol

from bench.account import ServiceAccount

CALLBACK_PATH = "/wechat"
MESSAGES_PER_SECOND_OF_IDS = 1_000_000  # so that streams begun in different seconds never share ids


class Workload(Protocol):
    def __call__(self, citizen: int, turn: int) -> str:
        """What this citizen sends in this turn: the XML elements that follow CreateTime."""
        ...


@dataclass(frozen=True, slots=True)
class Delivery:
    """One callback: `said` is the clear inner XML, `query` and `body` go over the wire."""

    openid: str
    said: str
    query: str
    body: bytes

    def http_request(self, host: str) -> bytes:
        head = (
            f"POST {CALLBACK_PATH}?{self.query} HTTP/1.1\r\nHost: {host}\r\n"
            "User-Agent: Mozilla/4.0\r\nAccept: */*\r\nContent-Type: text/xml\r\n"
            f"Content-Length: {len(self.body)}\r\n\r\n"
        )
        return head.encode() + self.body


def openid_of(citizen: int) -> str:
    return f"oBENCH{citizen:022d}"


def deliveries(
    account: ServiceAccount, workload: Workload, *, citizens: int, seed: int, now_s: int
) -> Iterator[Delivery]:
    """An endless stream. Every citizen speaks once before any speaks again, always in the same
    order, so that no two messages of one citizen are under way at the same time."""
    chance = random.Random(seed)
    order = list(range(citizens))
    chance.shuffle(order)
    for number in count():
        turn, place = divmod(number, citizens)
        said = workload(order[place], turn)
        msg_id = now_s * MESSAGES_PER_SECOND_OF_IDS + number
        yield _delivery(account, openid_of(order[place]), said, msg_id, now_s, chance)


def _delivery(
    account: ServiceAccount, openid: str, said: str, msg_id: int, now_s: int, chance: random.Random
) -> Delivery:
    clear = (
        f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>"
        f"<FromUserName><![CDATA[{openid}]]></FromUserName>"
        f"<CreateTime>{now_s}</CreateTime>{said}<MsgId>{msg_id}</MsgId></xml>"
    )
    sealed = account.seal(clear.encode(), chance.randbytes(16))
    timestamp, nonce = str(now_s), str(chance.randrange(10**8, 10**9))
    query = (
        f"signature={account.sign(timestamp, nonce)}&timestamp={timestamp}&nonce={nonce}"
        f"&openid={openid}&encrypt_type=aes"
        f"&msg_signature={account.sign(timestamp, nonce, sealed)}"
    )
    body = (
        f"<xml><ToUserName><![CDATA[{account.original_id}]]></ToUserName>"
        f"<Encrypt><![CDATA[{sealed}]]></Encrypt></xml>"
    )
    return Delivery(openid, said, query, body.encode())
