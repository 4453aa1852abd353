"""The adapter with the sandbox's WeChat Pay: its bill, its keys, and what it tells by itself."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from queue import Queue
from typing import Any

import pytest

from backends.errors import BackendUnavailable, NotGenuine, StatementBroken, StatementNotReady
from backends.ports import (
    Order,
    OrderItem,
    Refund,
    RefundStanding,
    RefundState,
    RefundStatus,
    Transaction,
    WhyRefund,
)
from backends.wechatpay.adapter import open_gateway
from backends.wechatpay.fields import SHANGHAI
from backends.wechatpay.notices import open_notices
from sandbox.pay.envelope import FORGERIES
from tests.contract.pay_houses import SandboxPayHouse, sandbox_pay_house

NUMBERS = count(1)
WHAT = "云川水务-水费 2026年10月"


@dataclass(frozen=True, slots=True)
class Post:
    path: str
    headers: dict[str, str] = field(repr=False)
    body: bytes = field(repr=False)


@contextmanager
def post_box(posts: Queue[Post]) -> Iterator[str]:
    """Takes every notification; its address."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(204)
            self.end_headers()
            posts.put(Post(self.path, dict(self.headers.items()), body))

        def log_message(self, format: str, *args: object) -> None:
            """Silent."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


@pytest.fixture(scope="module")
def posts() -> Queue[Post]:
    return Queue()


@pytest.fixture(scope="module")
def sandbox(
    tmp_path_factory: pytest.TempPathFactory, posts: Queue[Post]
) -> Iterator[SandboxPayHouse]:
    folder = tmp_path_factory.mktemp("pay")
    with post_box(posts) as address, sandbox_pay_house(folder, address) as house:
        house.put_faults(notice_after_s=0.0)
        yield house


@pytest.fixture
def house(sandbox: SandboxPayHouse) -> Iterator[SandboxPayHouse]:
    yield sandbox
    rates = {f"{forgery}_rate": 0.0 for forgery in FORGERIES}
    switches = ("certificates", "bill_bad_hash", "bill_truncated")
    sandbox.put_faults(**rates, **dict.fromkeys(switches, False))


@pytest.fixture
def ask(house: SandboxPayHouse) -> Callable[[], tuple[str, str]]:
    """The number of a new order, and its prepay_id."""

    def ask() -> tuple[str, str]:
        now = house.now()
        item = OrderItem("0012345678", "B1", "2026-10", 4392)
        number = f"WD261125103000{next(NUMBERS):010}"
        order = Order(number, house.payer, (item,), now, now + timedelta(minutes=15))
        return number, house.gateway.prepay(order, WHAT)

    return ask


@pytest.fixture
def pay(house: SandboxPayHouse, ask: Callable[[], tuple[str, str]]) -> Callable[[], str]:
    """The number of an order that was paid."""

    def pay() -> str:
        number, prepay_id = ask()
        house.pay(number, prepay_id)
        return number

    return pay


@pytest.fixture
def read(house: SandboxPayHouse) -> Callable[[Post], Transaction | RefundStanding | None]:
    notices = open_notices(house.options)
    return lambda post: notices.opened(post.headers, post.body, datetime.now(UTC))


@pytest.mark.parametrize("certificates", [False, True], ids=["public key", "certificate"])
def test_a_payment_is_told_as_a_query_says_it(
    house: SandboxPayHouse,
    pay: Callable[[], str],
    posts: Queue[Post],
    read: Callable[[Post], object],
    certificates: bool,
) -> None:
    house.put_faults(certificates=certificates)
    number = pay()
    post = posts.get(timeout=10)
    assert post.path == "/pay/notify"
    assert read(post) == house.gateway.query(number)


def test_the_end_of_a_refund_is_told_as_a_query_says_it(
    house: SandboxPayHouse,
    pay: Callable[[], str],
    posts: Queue[Post],
    read: Callable[[Post], object],
) -> None:
    number = pay()
    posts.get(timeout=10)
    refund_no = number.replace("WD", "RF")
    why, state = WhyRefund.SURPLUS, RefundState.APPROVED
    house.gateway.refund(
        Refund(
            refund_no, refund_no, number, "B1", 92, 4392, why, "多缴退回", "", state, house.now()
        )
    )
    house.pass_time(timedelta(minutes=2))
    standing = house.gateway.refund_standing(refund_no)
    assert standing is not None
    assert standing.status is RefundStatus.SUCCESS
    post = posts.get(timeout=10)
    assert post.path == "/pay/refund-notify"
    assert read(post) == standing


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_notification_is_refused_and_the_true_one_after_it_is_not(
    house: SandboxPayHouse,
    pay: Callable[[], str],
    posts: Queue[Post],
    read: Callable[[Post], object],
    forgery: str,
) -> None:
    house.put_faults(**{f"{forgery}_rate": 1.0})
    number = pay()
    with pytest.raises(NotGenuine):
        read(posts.get(timeout=10))
    assert read(posts.get(timeout=10)) == house.gateway.query(number)


@pytest.mark.parametrize(
    "others",
    [{"public_key_file": None, "public_key_id": ""}, {"cert_dir": None}],
    ids=["certificates only", "public key only"],
)
def test_answers_are_believed_by_whichever_key_the_server_has(
    house: SandboxPayHouse, pay: Callable[[], str], posts: Queue[Post], others: dict[str, Any]
) -> None:
    house.put_faults(certificates="cert_dir" not in others)
    number = pay()
    posts.get(timeout=10)
    gateway = open_gateway(replace(house.options, **others))
    assert gateway.query(number) == house.gateway.query(number)
    gateway.close_connections()


def test_answers_by_an_unknown_key_say_nothing(
    house: SandboxPayHouse, ask: Callable[[], tuple[str, str]]
) -> None:
    number, _ = ask()
    options = replace(house.options, public_key_id="PUB_KEY_ID_9", cert_dir=None)
    gateway = open_gateway(options)
    with pytest.raises(BackendUnavailable, match="serial"):
        gateway.query(number)
    gateway.close_connections()


def test_the_day_s_bill_can_be_had_from_ten_the_next_day(
    house: SandboxPayHouse, pay: Callable[[], str], posts: Queue[Post]
) -> None:
    number = pay()
    posts.get(timeout=10)
    now = house.now().astimezone(SHANGHAI)
    midnight = now.replace(hour=0, minute=1, second=0) + timedelta(days=1)
    house.pass_time(midnight - now)
    with pytest.raises(StatementNotReady), house.gateway.trade_bill(now.date()):
        pass
    house.pass_time(timedelta(hours=10))
    with house.gateway.trade_bill(now.date()) as pieces:
        plain = b"".join(pieces).decode("utf-8-sig")
    assert plain.startswith("交易时间,公众账号ID,商户号,")
    assert f",`{number},`{house.payer},`JSAPI,`SUCCESS," in plain


@pytest.mark.parametrize("fault", ["bill_bad_hash", "bill_truncated"])
def test_a_bill_that_does_not_fit_its_checksum_is_broken(
    house: SandboxPayHouse, pay: Callable[[], str], posts: Queue[Post], fault: str
) -> None:
    pay()
    posts.get(timeout=10)
    day = house.now().astimezone(SHANGHAI).date()
    house.pass_time(timedelta(days=2))
    house.put_faults(**{fault: True})
    with pytest.raises(StatementBroken), house.gateway.trade_bill(day) as pieces:
        list(pieces)
