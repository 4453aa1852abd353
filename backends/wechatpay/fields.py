"""Reads values from what WeChat Pay says, one by one: nothing is believed unchecked.

Enters: a JSON object of an answer or a notification. Leaves: values of the ports, or Odd.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, TypeVar
from zoneinfo import ZoneInfo

from backends.ports.payments import (
    RefundStanding,
    RefundStatus,
    TradeState,
    Transaction,
)

SHANGHAI: Final = ZoneInfo("Asia/Shanghai")
_MOST_FEN = 10**12
_ID = re.compile(r"[0-9A-Za-z_\-|*@]{1,64}")

Known = TypeVar("Known", TradeState, RefundStatus)


class Odd(ValueError):
    """A value that is missing, or is not what WeChat's documents say. Names the field only."""


@dataclass(frozen=True, slots=True)
class Merchant:
    mchid: str
    appid: str


def object_in(body: str | bytes) -> Mapping[str, Any]:
    try:
        data = json.loads(body)
    except (ValueError, RecursionError):
        data = None
    if not isinstance(data, dict):
        raise Odd("body")
    return data


def transaction(data: Mapping[str, Any], merchant: Merchant) -> Transaction:
    of_merchant(data, merchant)
    if data.get("appid") != merchant.appid:
        raise Odd("appid")
    state = _known(TradeState, data, "trade_state")
    amount = part(data, "amount")
    _yuan(amount)
    plain = Transaction(number(data, "out_trade_no"), state, _fen(amount, "total"))
    if not plain.paid:
        return plain
    return Transaction(
        plain.order_no,
        state,
        plain.amount_fen,
        transaction_id=number(data, "transaction_id"),
        openid=number(part(data, "payer"), "openid"),
        paid_at=_moment(data, "success_time"),
    )


def refund_standing(data: Mapping[str, Any], status_name: str) -> RefundStanding:
    """`status_name`: `status` in answers, `refund_status` in notifications."""
    status = _known(RefundStatus, data, status_name)
    amount = part(data, "amount")
    _yuan(amount)
    return RefundStanding(
        refund_no=number(data, "out_refund_no"),
        order_no=number(data, "out_trade_no"),
        refund_id=number(data, "refund_id"),
        status=status,
        amount_fen=_fen(amount, "refund"),
        total_fen=_fen(amount, "total"),
        succeeded_at=_moment(data, "success_time") if status is RefundStatus.SUCCESS else None,
    )


def of_merchant(data: Mapping[str, Any], merchant: Merchant) -> None:
    if data.get("mchid") != merchant.mchid:
        raise Odd("mchid")


def text(data: Mapping[str, Any], name: str, *, longest: int, empty: bool = False) -> str:
    value = data.get(name)
    if not isinstance(value, str) or len(value) > longest or not (value or empty):
        raise Odd(name)
    return value


def number(data: Mapping[str, Any], name: str) -> str:
    """An order's, a refund's, a person's: letters, digits and a few signs."""
    value = text(data, name, longest=64)
    if not _ID.fullmatch(value):
        raise Odd(name)
    return value


def part(data: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = data.get(name)
    if not isinstance(value, dict):
        raise Odd(name)
    return value


def _known(kind: type[Known], data: Mapping[str, Any], name: str) -> Known:
    try:
        return kind(text(data, name, longest=32))
    except ValueError:
        raise Odd(name) from None


def _fen(amount: Mapping[str, Any], name: str) -> int:
    value = amount.get(name)
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_FEN:
        raise Odd(name)
    return value


def _yuan(amount: Mapping[str, Any]) -> None:
    if amount.get("currency", "CNY") != "CNY":
        raise Odd("currency")


def _moment(data: Mapping[str, Any], name: str) -> datetime:
    try:
        value = datetime.fromisoformat(text(data, name, longest=40))
        if value.tzinfo is not None:
            return value.astimezone(SHANGHAI)
    except (ValueError, OverflowError):
        pass
    raise Odd(name)
