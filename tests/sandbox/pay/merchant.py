"""A merchant of WeChat Pay, written from its documentation: signs what it asks, checks what it is
answered, and pays with a citizen's hand."""

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from werkzeug.test import TestResponse

from sandbox.clock import SHANGHAI
from sandbox.pay.keys import PayKeys
from tests.sandbox.client import Control
from tests.sandbox.conftest import NOW

BASE = "/sandbox/pay"


@dataclass(frozen=True)
class Answer:
    """`json`: {} when there is none."""

    status_code: int
    json: Any
    headers: Mapping[str, str]
    data: bytes

    @property
    def code(self) -> str:
        return str(self.json.get("code", ""))


def _answer(response: TestResponse) -> Answer:
    found = response.get_json(silent=True) or {}
    return Answer(response.status_code, found, dict(response.headers), response.data)


@dataclass
class Merchant:
    control: Control
    keys: PayKeys
    appid: str
    server_url: str
    ahead_s: float = field(default=0.0)

    def signature(self, text: str) -> str:
        raw = self.keys.merchant.sign(text.encode(), padding.PKCS1v15(), hashes.SHA256())
        return base64.b64encode(raw).decode()

    def authorization(self, method: str, target: str, body: str, **forged: str) -> str:
        stamp = forged.get("timestamp", str(int(NOW)))
        given = {
            "mchid": self.keys.mchid,
            "nonce_str": "593BEC0C930BF1AFEB40B4A08C8FB242",
            "signature": self.signature(
                f"{method}\n{target}\n{stamp}\n593BEC0C930BF1AFEB40B4A08C8FB242\n{body}\n"
            ),
            "timestamp": stamp,
            "serial_no": self.keys.merchant_serial,
            **forged,
        }
        values = ",".join(f'{name}="{value}"' for name, value in given.items())
        return f"WECHATPAY2-SHA256-RSA2048 {values}"

    def ask(
        self,
        method: str,
        target: str,
        body: dict[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Answer:
        sent = json.dumps(body, ensure_ascii=False) if body is not None else ""
        given = {
            "Authorization": self.authorization(method, target, sent),
            "Accept": "application/json",
            "User-Agent": "tests",
            "Content-Type": "application/json",
            **(headers or {}),
        }
        return _answer(
            self.control.http.open(BASE + target, method=method, data=sent.encode(), headers=given)
        )

    def checks(self, answer: Answer) -> None:
        """That WeChat Pay has signed it."""
        stamp, once = answer.headers["Wechatpay-Timestamp"], answer.headers["Wechatpay-Nonce"]
        signed = f"{stamp}\n{once}\n".encode() + answer.data + b"\n"
        certified = answer.headers["Wechatpay-Serial"] == self.keys.platform_serial
        key = self.keys.certified if certified else self.keys.public
        raw = base64.b64decode(answer.headers["Wechatpay-Signature"])
        key.public_key().verify(raw, signed, padding.PKCS1v15(), hashes.SHA256())

    def order(self, openid: str, number: str = "W20260105000001", **change: Any) -> dict[str, Any]:
        expires = datetime.fromtimestamp(NOW + self.ahead_s, SHANGHAI) + timedelta(minutes=15)
        order = {
            "appid": self.appid,
            "mchid": self.keys.mchid,
            "description": "云川水务-水费 2025年12月",
            "out_trade_no": number,
            "time_expire": expires.isoformat(timespec="seconds"),
            "notify_url": f"{self.server_url}/pay/notify",
            "amount": {"total": 5670, "currency": "CNY"},
            "payer": {"openid": openid},
        }
        return {**order, **change}

    def prepays(self, openid: str, number: str = "W20260105000001", **change: Any) -> str:
        order = self.order(openid, number, **change)
        answer = self.ask("POST", "/v3/pay/transactions/jsapi", order)
        assert answer.status_code == 200, answer.json
        prepay_id: str = answer.json["prepay_id"]
        return prepay_id

    def queries(self, number: str = "W20260105000001") -> dict[str, Any]:
        target = f"/v3/pay/transactions/out-trade-no/{number}?mchid={self.keys.mchid}"
        answer = self.ask("GET", target)
        assert answer.status_code == 200, answer.json
        found: dict[str, Any] = answer.json
        return found

    def closes(self, number: str = "W20260105000001") -> Answer:
        target = f"/v3/pay/transactions/out-trade-no/{number}/close"
        return self.ask("POST", target, {"mchid": self.keys.mchid})

    def refund(self, number: str, refund_no: str, fen: int, **change: Any) -> Answer:
        body = {
            "out_trade_no": number,
            "out_refund_no": refund_no,
            "reason": "重复缴费",
            "notify_url": f"{self.server_url}/pay/refund-notify",
            "amount": {"refund": fen, "total": 5670, "currency": "CNY"},
            **change,
        }
        return self.ask("POST", "/v3/refund/domestic/refunds", body)

    def standing(self, refund_no: str) -> dict[str, Any]:
        found: dict[str, Any] = self.ask("GET", f"/v3/refund/domestic/refunds/{refund_no}").json
        return found

    def call(self, prepay_id: str, **forged: str) -> dict[str, str]:
        """What a page gives to getBrandWCPayRequest."""
        stamp, once, package = (
            str(int(NOW)),
            "5K8264ILTKCH16CQ2502SI8ZNMTM67VS",
            f"prepay_id={prepay_id}",
        )
        signed = self.signature(f"{self.appid}\n{stamp}\n{once}\n{package}\n")
        call = {"appId": self.appid, "timeStamp": stamp, "nonceStr": once, "package": package}
        return {**call, "signType": "RSA", "paySign": signed, **forged}

    def hand(self, what: str, openid: str, prepay_id: str, **forged: str) -> Answer:
        """Of the citizen, on the pay sheet: `what` is sheet, confirm or cancel."""
        body = {"openid": openid, "call": self.call(prepay_id, **forged)}
        return _answer(self.control.post(f"/pay/{what}", body))

    def is_paid(self, openid: str, number: str = "W20260105000001", **change: Any) -> str:
        """The transaction's id of an order that was placed and paid just now."""
        answer = self.hand("confirm", openid, self.prepays(openid, number, **change))
        assert answer.status_code == 200, answer.json
        transaction_id: str = self.queries(number)["transaction_id"]
        return transaction_id

    def advance(self, seconds: float) -> None:
        self.control.advance(seconds)
        self.ahead_s += seconds

    def opens(self, body: bytes) -> dict[str, Any]:
        """What is in a notification."""
        resource = json.loads(body)["resource"]
        plain = AESGCM(self.keys.apiv3_key.encode()).decrypt(
            resource["nonce"].encode(),
            base64.b64decode(resource["ciphertext"]),
            resource["associated_data"].encode(),
        )
        opened: dict[str, Any] = json.loads(plain)
        return opened
