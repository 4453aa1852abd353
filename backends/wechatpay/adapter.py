"""`Gateway` of the ports over WeChat Pay's API v3.

Constructed through `open_gateway`, which calls nobody; safe to share between threads. What a 2xx
answer says is believed when WeChat signed it; whatever else came back means UNKNOWN.
"""

import re
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any, TypeVar

from backends.errors import BackendUnavailable, NoStatement, Rejected, StatementNotReady
from backends.ports.payments import Order, Refund, RefundStanding, Transaction
from backends.wechatpay import fields, trade_bills
from backends.wechatpay.fields import SHANGHAI, Merchant, Odd
from backends.wechatpay.genuine import SYSTEM
from backends.wechatpay.keys import platform_keys
from backends.wechatpay.library import Client
from backends.wechatpay.options import GatewayOptions

T = TypeVar("T")

_LONGEST_DESCRIPTION = 127
# They become part of a path, which is signed before it is encoded.
_ORDER_NO = re.compile(r"[0-9A-Za-z_-]{6,32}")
_REFUND_NO = re.compile(r"[0-9A-Za-z_-]{1,64}")
# WeChat's trade bill does not escape them.
_SEPARATORS = str.maketrans(",`\r\n", "    ")
_UNKNOWN_ORDER = frozenset({"ORDER_NOT_EXIST", "ORDERNOTEXIST"})
_UNKNOWN_REFUND = frozenset({"RESOURCE_NOT_EXISTS", "REFUND_NOT_EXIST"})


def open_gateway(options: GatewayOptions) -> "WechatPay":
    """KeyFileError when a key cannot be used."""
    keys = platform_keys(options.public_key_file, options.public_key_id, options.cert_dir)
    return WechatPay(options, Client(options, keys))


class WechatPay:
    def __init__(self, options: GatewayOptions, client: Client) -> None:
        self._options = options
        self._client = client
        self._merchant = Merchant(options.mchid, options.appid)

    def prepay(self, order: Order, description: str) -> str:
        _check(_ORDER_NO, order.order_no)
        answer = self._client.pay(
            description=description.translate(_SEPARATORS)[:_LONGEST_DESCRIPTION],
            out_trade_no=order.order_no,
            amount={"total": order.amount_fen, "currency": "CNY"},
            payer={"openid": order.openid},
            # To the letter the same each time: with another value the number is “used”.
            time_expire=order.expires_at.astimezone(SHANGHAI).isoformat(timespec="seconds"),
            attach=f"items={len(order.items)}",
        )
        return _read(lambda: fields.number(answer, "prepay_id"), sent=True)

    def payment_call(self, prepay_id: str, now: datetime, nonce: str) -> Mapping[str, str]:
        time, package = str(int(now.timestamp())), f"prepay_id={prepay_id}"
        appid = self._merchant.appid
        return {
            "appId": appid,
            "timeStamp": time,
            "nonceStr": nonce,
            "package": package,
            "signType": "RSA",
            "paySign": self._client.sign([appid, time, nonce, package]),
        }

    def query(self, order_no: str) -> Transaction | None:
        _check(_ORDER_NO, order_no)
        answer = _unless(_UNKNOWN_ORDER, lambda: self._client.query(out_trade_no=order_no))
        return None if answer is None else _read(lambda: self._transaction(answer, order_no))

    def close(self, order_no: str) -> None:
        _check(_ORDER_NO, order_no)
        self._client.close(order_no)

    def refund(self, refund: Refund) -> RefundStanding:
        _check(_REFUND_NO, refund.refund_no)
        _check(_ORDER_NO, refund.order_no)
        answer = self._client.refund(
            out_refund_no=refund.refund_no,
            amount={"refund": refund.amount_fen, "total": refund.total_fen, "currency": "CNY"},
            out_trade_no=refund.order_no,
            reason=refund.reason,
            notify_url=self._options.refund_notify_url,
        )
        return _read(lambda: _standing(answer, refund.refund_no), sent=True)

    def refund_standing(self, refund_no: str) -> RefundStanding | None:
        _check(_REFUND_NO, refund_no)
        answer = _unless(_UNKNOWN_REFUND, lambda: self._client.query_refund(refund_no))
        return None if answer is None else _read(lambda: _standing(answer, refund_no))

    @contextmanager
    def trade_bill(self, day: date) -> Iterator[Iterator[bytes]]:
        try:
            answer = self._client.trade_bill(day.isoformat())
        except Rejected as error:
            if error.code == "NO_STATEMENT_EXIST":
                raise NoStatement(day) from None
            if error.code == "STATEMENT_CREATING":
                raise StatementNotReady(day) from None
            raise
        offer = _read(lambda: trade_bills.offer(answer, self._options.api_url))
        with tempfile.TemporaryFile() as file:
            self._client.download(offer.path, file)
            file.seek(0)
            yield trade_bills.pieces(file, offer.sha1, day)

    def close_connections(self) -> None:
        self._client.close_connections()

    def _transaction(self, answer: Mapping[str, Any], order_no: str) -> Transaction:
        found = fields.transaction(answer, self._merchant)
        if found.order_no != order_no:
            raise Odd("out_trade_no")
        return found


def _standing(answer: Mapping[str, Any], refund_no: str) -> RefundStanding:
    found = fields.refund_standing(answer, "status")
    if found.refund_no != refund_no:
        raise Odd("out_refund_no")
    return found


def _read(read: Callable[[], T], *, sent: bool = False) -> T:
    """`sent`: what the answer is about has been carried out, whatever it says."""
    try:
        return read()
    except Odd as error:
        why = f"{error} is missing, or not what WeChat's documents say"
        raise BackendUnavailable(SYSTEM, 0.0, why, sent=sent) from None


def _unless(
    unknown: frozenset[str], ask: Callable[[], Mapping[str, Any]]
) -> Mapping[str, Any] | None:
    """None when WeChat does not know what it is asked about."""
    try:
        return ask()
    except Rejected as error:
        if error.code in unknown:
            return None
        raise


def _check(form: re.Pattern[str], number: str) -> None:
    if not form.fullmatch(number):
        raise Rejected(SYSTEM, "PARAM_ERROR", "a number that WeChat Pay cannot know")
