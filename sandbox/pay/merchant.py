"""Whose orders these are, and what is left open (docs/sandbox.md) as the switches stand."""

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Merchant:
    """`knows`: whether an openid is one of the account's. `paid_code`: how it is said that an order
    is paid already. `plain_http`: notifications may go to this machine without https."""

    appid: str
    mchid: str
    knows: Callable[[str], bool]
    paid_code: str
    plain_http: bool
