"""The calls of API v3 one by one; the entry that all of them share is sandbox/pay/api.py."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from flask import Response

from sandbox.pay import refunds, trades
from sandbox.pay.answers import new_nonce
from sandbox.pay.desk import PayDesk
from sandbox.pay.errors import bad_field
from sandbox.pay.prepaying import prepay
from sandbox.pay.refund_views import view as refund_view
from sandbox.pay.signing import sealed

Answer = Mapping[str, Any] | Response | None
"""None is 204; a Response is given as it is, unsigned."""


@dataclass(frozen=True, slots=True)
class Asked:
    desk: PayDesk
    names: tuple[str, ...]
    query: Mapping[str, str]
    body: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Call:
    """`pattern` of the path after /v3/; what its groups match are the names that are asked for."""

    method: str
    pattern: re.Pattern[str]
    run: Callable[[Asked], Answer]


def _prepay(asked: Asked) -> Answer:
    desk = asked.desk
    with desk.store.writing() as db:
        return prepay(db, asked.body, desk.merchant(), desk.now(), desk.world.rng)


def _by_number(asked: Asked) -> Answer:
    _check_mchid(asked.desk, asked.query.get("mchid"), "query")
    with asked.desk.store.reading() as db:
        return _shown(asked.desk, trades.by_number(db, asked.names[0]))


def _by_transaction(asked: Asked) -> Answer:
    _check_mchid(asked.desk, asked.query.get("mchid"), "query")
    with asked.desk.store.reading() as db:
        return _shown(asked.desk, trades.by_transaction(db, asked.names[0]))


def _shown(desk: PayDesk, trade: Any) -> Answer:
    return trades.view(trade, desk.merchant(), desk.now(), desk.faults.query_lag_s)


def _close(asked: Asked) -> Answer:
    desk = asked.desk
    _check_mchid(desk, asked.body.get("mchid"), "body")
    with desk.store.writing() as db:
        trades.close(db, asked.names[0], desk.merchant(), desk.now())
    return None


def _refund(asked: Asked) -> Answer:
    desk, fate = asked.desk, asked.desk.fate()
    desk.end_refunds()
    with desk.store.writing() as db:
        refund = refunds.ask(db, asked.body, desk.merchant(), fate, desk.now(), desk.world.rng)
        shown = refund_view(refund, trades.by_number(db, refund["out_trade_no"]))
    desk.wake()
    return shown


def _refund_standing(asked: Asked) -> Answer:
    asked.desk.end_refunds()
    with asked.desk.store.reading() as db:
        refund = refunds.by_number(db, asked.names[0])
        return refund_view(refund, trades.by_number(db, refund["out_trade_no"]))


def _abnormal(asked: Asked) -> Answer:
    desk, fate = asked.desk, asked.desk.fate()
    desk.end_refunds()
    with desk.store.writing() as db:
        refund = refunds.apply_abnormal(db, asked.names[0], asked.body, fate)
        shown = refund_view(refund, trades.by_number(db, refund["out_trade_no"]))
    desk.wake()
    return shown


def _certificates(asked: Asked) -> Answer:
    keys, once = asked.desk.keys, new_nonce(asked.desk, 12)
    certificate = keys.certificate
    return {
        "data": [
            {
                "serial_no": keys.platform_serial,
                "effective_time": certificate.not_valid_before_utc.isoformat(),
                "expire_time": certificate.not_valid_after_utc.isoformat(),
                "encrypt_certificate": {
                    "algorithm": "AEAD_AES_256_GCM",
                    "nonce": once,
                    "associated_data": "certificate",
                    "ciphertext": sealed(
                        keys.apiv3_key, keys.certificate_pem.encode(), "certificate", once
                    ),
                },
            }
        ]
    }


def _check_mchid(desk: PayDesk, given: object, location: str) -> None:
    if given != desk.keys.mchid:
        raise bad_field("mchid" if location == "query" else "/mchid", given, "商户号错误", location)


def _call(method: str, pattern: str, run: Callable[[Asked], Answer]) -> Call:
    return Call(method, re.compile(pattern), run)


CALLS = (
    _call("POST", r"pay/transactions/jsapi", _prepay),
    _call("GET", r"pay/transactions/out-trade-no/([^/]+)", _by_number),
    _call("GET", r"pay/transactions/id/([^/]+)", _by_transaction),
    _call("POST", r"pay/transactions/out-trade-no/([^/]+)/close", _close),
    _call("POST", r"refund/domestic/refunds", _refund),
    _call("GET", r"refund/domestic/refunds/([^/]+)", _refund_standing),
    _call("POST", r"refund/domestic/refunds/([^/]+)/apply-abnormal-refund", _abnormal),
    _call("GET", r"certificates", _certificates),
)
