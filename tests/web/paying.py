"""The pages of payments on fakes: a shop at whose door WeChat says who comes in."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from decimal import Decimal
from itertools import count
from urllib.parse import parse_qs, urlsplit
from zoneinfo import ZoneInfo

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from backends.errors import Rejected
from backends.ports import Bill, Order, OrderItem, Visitor
from bot.paying.cashier import Cashier
from bot.paying.following import Following
from bot.paying.links import order_links
from bot.paying.refunding import Refunding
from tests.fakes import FakeDueLists, FakeGateway, FakeNotices, FakeOrders, FakeRefunds, FakeTakings
from tests.fakes.switches import Switches
from tests.shape.conftest import TEMPLATES
from web.login import Login
from web.pay import PayPages
from web.pay_notify import PayNotices

SHANGHAI = ZoneInfo("Asia/Shanghai")
NOON = datetime(2026, 11, 22, 12, tzinfo=SHANGHAI)
PAYER, OTHER = "oPAYER00000000000000000000001", "oOTHER00000000000000000000002"
KEY = b"a key of thirty-two bytes, for all"
OURS = "https://water.example"
SEPTEMBER = OrderItem("3100000017", "B1", "2026-09", 4392)
OCTOBER = OrderItem("3100000017", "B2", "2026-10", 4300, 92)


class FakeWebLogin(Switches):
    """`codes`: what WeChat has given out, each good for once."""

    def __init__(self) -> None:
        super().__init__()
        self.codes: dict[str, Visitor] = {}

    def visitor(self, code: str) -> Visitor:
        self._obey()
        if code not in self.codes:
            raise Rejected("wechat", "40163", "the code of a web authorisation")
        return self.codes.pop(code)


def bill(item: OrderItem) -> Bill:
    """As CSMS has it, open."""
    return Bill(
        bill_no=item.bill_no,
        acct_no=item.acct_no,
        period=item.period,
        period_from=date(2026, 9, 1),
        period_to=date(2026, 9, 30),
        prev_value=None,
        value=None,
        volume_m3=Decimal(10),
        amount=Decimal(item.principal_fen).scaleb(-2),
        paid=Decimal(0),
        late_fee=Decimal(item.late_fee_fen).scaleb(-2),
        late_fee_as_of=NOON.date(),
        opened_on=date(2026, 10, 1),
        due_date=date(2026, 10, 20),
        status="open",
        estimated=False,
        corrects_bill_no="",
    )


@dataclass
class Shop:
    """`now` may be moved. `looks`: whether WeChat may be asked again at once."""

    now: datetime = NOON
    looks: bool = True
    weblogin: FakeWebLogin = field(default_factory=FakeWebLogin)
    orders: FakeOrders = field(default_factory=FakeOrders)
    takings: FakeTakings = field(default_factory=FakeTakings)
    notices: FakeNotices = field(default_factory=FakeNotices)
    due: FakeDueLists = field(
        default_factory=lambda: FakeDueLists(bills=[bill(SEPTEMBER), bill(OCTOBER)])
    )
    public_url: str = OURS
    open_url: str = "https://open.weixin.qq.com"
    _numbers: "count[int]" = field(default_factory=count)

    def __post_init__(self) -> None:
        self.gateway = FakeGateway(self.clock)
        self.following = Following(self.orders, self.gateway, self.takings, "credit", self.clock)
        self.cashier = Cashier(
            orders=self.orders,
            gateway=self.gateway,
            takings=self.takings,
            due=self.due,
            following=self.following,
            utility_name="滨河水务",
            clock=self.clock,
            new_nonce=lambda: f"nonce{next(self._numbers)}",
            may_look=lambda _: self.looks,
        )

    def clock(self) -> datetime:
        return self.now

    def place(
        self, *items: OrderItem, openid: str = PAYER, number: str = "WD261122120000AAAAAAAAAA"
    ) -> Order:
        order = Order(number, openid, items, self.now, self.now + timedelta(minutes=15))
        self.orders.place(order)
        return order

    def link(self, order: Order) -> str:
        return order_links("", KEY)(order.order_no, order.expires_at)

    def app(self) -> Flask:
        app = Flask(__name__)
        login = Login(
            self.weblogin,
            appid="wx0123456789abcdef",
            open_url=self.open_url,
            public_url=self.public_url,
            key=KEY,
            now_s=lambda: self.now.timestamp(),
            new_state=lambda: f"state{next(self._numbers)}",
        )
        pages = PayPages(self.cashier, login, KEY, self.clock, TEMPLATES, "滨河水务", "962000")
        refunding = Refunding(FakeRefunds(self.orders.records), self.gateway, self.clock)
        told = PayNotices(self.notices, self.following.took, refunding.told, self.clock)
        app.register_blueprint(pages.blueprint())
        app.register_blueprint(told.blueprint())
        return app

    def phone(self) -> "Phone":
        return Phone(self, self.app().test_client())


@dataclass
class Phone:
    """A citizen's browser inside WeChat."""

    shop: Shop
    browser: FlaskClient

    def open(self, address: str, openid: str = PAYER, *, is_snapshot: bool = False) -> TestResponse:
        """Follows WeChat's authorisation, as WeChat does."""
        answer = self.get(address)
        if answer.status_code != 302:
            return answer
        code = f"code{next(self.shop._numbers)}"
        self.shop.weblogin.codes[code] = Visitor(openid, is_snapshot)
        return self.come_back(answer, code)

    def come_back(self, sent_to_wechat: TestResponse, code: str) -> TestResponse:
        asked = parse_qs(urlsplit(sent_to_wechat.location).query)
        entered = self.get(f"/pay/enter?code={code}&state={asked['state'][0]}")
        return self.get(entered.location) if entered.status_code == 302 else entered

    def get(self, address: str) -> TestResponse:
        return self.browser.get(address, base_url=self.shop.public_url)

    def press(self, order: Order, header: str = "waterdesk") -> TestResponse:
        return self.browser.post(
            f"/pay/{order.order_no}/call",
            headers={"X-Requested-With": header},
            base_url=self.shop.public_url,
        )

    def state(self, order: Order) -> dict[str, str]:
        told: dict[str, str] = self.get(f"/pay/{order.order_no}/state").json
        return told


def with_counter_paid(shop: Shop, bill_no: str) -> None:
    """Somebody pays the bill at the counter."""
    shop.due.all_bills = [
        replace(one, paid=one.amount, late_fee=Decimal(0)) if one.bill_no == bill_no else one
        for one in shop.due.all_bills
    ]
