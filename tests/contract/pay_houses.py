"""Places where an order can be paid: the in-memory double, and the real adapter against the
sandbox's WeChat Pay."""

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

import requests

from backends.errors import BackendUnavailable
from backends.ports import Gateway
from backends.wechatpay.adapter import open_gateway
from backends.wechatpay.options import GatewayOptions
from sandbox.app import create_app
from sandbox.clock import MovableClock
from sandbox.config import SandboxConfig
from sandbox.pay.joining import PATH, PayStandIn
from sandbox.pay.keys import PayKeys, new_keys
from sandbox.pay.store import PayStore
from sandbox.serving import served
from tests.contract.wechat.test_client import free_port
from tests.fakes.gateway import FakeGateway

APPID = "wx0123456789abcdef"


class NotPayable(Exception):
    """WeChat does not let the citizen pay."""


class PayHouse(Protocol):
    """`payer`: the openid of a citizen."""

    @property
    def gateway(self) -> Gateway: ...

    @property
    def payer(self) -> str: ...

    def now(self) -> datetime: ...

    def pass_time(self, span: timedelta) -> None: ...

    def pay(self, order_no: str, prepay_id: str) -> None: ...

    def refunds_end(self, refund_no: str) -> None:
        """Those that are under way, well."""
        ...

    def lose_next_answer(self) -> None: ...

    def go_away(self) -> None: ...

    def come_back(self) -> None: ...


class FakePayHouse:
    payer = "oPAYER"

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 25, 2, 30, tzinfo=UTC)
        self.gateway = FakeGateway(self.now)

    def now(self) -> datetime:
        return self._now

    def pass_time(self, span: timedelta) -> None:
        self._now += span

    def pay(self, order_no: str, prepay_id: str) -> None:
        del prepay_id
        try:
            self.gateway.pay(order_no)
        except ValueError as error:
            raise NotPayable from error

    def refunds_end(self, refund_no: str) -> None:
        self.gateway.finish(refund_no)

    def lose_next_answer(self) -> None:
        self.gateway.lose_answers()

    def go_away(self) -> None:
        self.gateway.fail_with(BackendUnavailable("wechatpay", 0.0))

    def come_back(self) -> None:
        self.gateway.fail_with(None)


@dataclass(frozen=True, slots=True)
class SandboxPayHouse:
    """`keys`: WeChat's half too."""

    gateway: Gateway
    payer: str
    address: str
    clock: MovableClock
    keys: PayKeys
    options: GatewayOptions

    def now(self) -> datetime:
        return datetime.fromtimestamp(self.clock.now(), UTC)

    def pass_time(self, span: timedelta) -> None:
        self.clock.advance(span.total_seconds())

    def pay(self, order_no: str, prepay_id: str) -> None:
        del order_no
        # What a page gives is signed by the server's clock, which does not move here.
        call = self.gateway.payment_call(prepay_id, datetime.now(UTC), "5K8264ILTKCH16CQ2502S")
        body = {"openid": self.payer, "call": dict(call)}
        answer = requests.post(f"{self.address}/sandbox/api/pay/confirm", json=body, timeout=5)
        if answer.status_code == 400:
            raise NotPayable(answer.json()["error"])
        answer.raise_for_status()

    def refunds_end(self, refund_no: str) -> None:
        del refund_no
        self.pass_time(timedelta(minutes=2))

    def lose_next_answer(self) -> None:
        self.put_faults(lost_answer_rate=1.0)

    def go_away(self) -> None:
        self.put_faults(reset_rate=1.0)

    def come_back(self) -> None:
        self.put_faults(lost_answer_rate=0.0, reset_rate=0.0)

    def put_faults(self, **pay: object) -> None:
        url = f"{self.address}/sandbox/api/faults"
        requests.put(url, json={"pay": pay}, timeout=5).raise_for_status()


@contextmanager
def sandbox_pay_house(folder: Path, server_url: str) -> Iterator[SandboxPayHouse]:
    """`server_url`: where notifications go."""
    port = free_port()
    config = SandboxConfig(
        appid=APPID,
        secret="secret",
        token="callback-token",
        aes_key="A" * 43,
        account_id="gh_0123456789ab",
        server_url=server_url,
        public_url=f"http://127.0.0.1:{port}",
    )
    keys, store, clock = new_keys(), PayStore(":memory:"), MovableClock(time.time)
    with served(create_app(config, clock=clock, pay=PayStandIn(keys, store)), port) as address:
        given = options(folder, keys, f"{address}{PATH}", server_url)
        gateway = open_gateway(given)
        url = f"{address}/sandbox/api/citizens"
        payer = requests.post(url, json={}, timeout=5).json()["openid"]
        yield SandboxPayHouse(gateway, payer, address, clock, keys, given)
        gateway.close_connections()
    store.close()


def options(
    folder: Path, keys: PayKeys, api_url: str, server_url: str, **others: Any
) -> GatewayOptions:
    files: Mapping[str, str] = {
        "merchant.pem": keys.merchant_pem,
        "public_key.pem": keys.public_pem,
        "certificates/platform.pem": keys.certificate_pem,
    }
    for name, pem in files.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(pem)
    given: dict[str, Any] = {
        "api_url": api_url,
        "mchid": keys.mchid,
        "appid": APPID,
        "key_file": folder / "merchant.pem",
        "cert_serial": keys.merchant_serial,
        "apiv3_key": keys.apiv3_key,
        "public_key_file": folder / "public_key.pem",
        "public_key_id": keys.public_key_id,
        "cert_dir": folder / "certificates",
        "notify_url": f"{server_url}/pay/notify",
        "refund_notify_url": f"{server_url}/pay/refund-notify",
    }
    return GatewayOptions(**{**given, **others})
