"""WeChat Pay that hangs is asked no more for a while: a citizen hears at once that it is away."""

from collections.abc import Callable

import pytest

from backends.errors import BackendUnavailable, NoStatement
from backends.guard import Guard
from backends.guarded_gateway import GuardedGateway
from tests.cache import MemoryCache
from tests.fakes.gateway import FakeGateway
from tests.wechatpay.bank import NOW
from tests.wechatpay.told import ORDER, ORDER_NO, REFUND, REFUND_NO


@pytest.fixture
def double() -> FakeGateway:
    return FakeGateway(lambda: NOW)


@pytest.fixture
def guarded(double: FakeGateway) -> GuardedGateway:
    def clock() -> float:
        return 1000.0

    return GuardedGateway(double, Guard("wechatpay", MemoryCache(clock), clock=clock, failures=2))


def test_calls_pass(guarded: GuardedGateway, double: FakeGateway) -> None:
    assert guarded.prepay(ORDER, "水费")
    double.pay(ORDER_NO)
    found = guarded.query(ORDER_NO)
    assert found is not None
    assert found.paid
    assert guarded.refund(REFUND) == guarded.refund_standing(REFUND_NO)


def test_an_unpaid_order_is_closed(guarded: GuardedGateway, double: FakeGateway) -> None:
    guarded.prepay(ORDER, "水费")
    guarded.close(ORDER_NO)
    with pytest.raises(ValueError, match="cannot be paid"):
        double.pay(ORDER_NO)


def test_after_some_failures_it_is_left_alone_but_signing_goes_on(
    guarded: GuardedGateway, double: FakeGateway
) -> None:
    double.fail_with(BackendUnavailable("wechatpay", 5.0))
    for _ in range(2):
        with pytest.raises(BackendUnavailable, match=r"after 5\.0 s"):
            guarded.query(ORDER_NO)
    double.fail_with(None)
    calls: tuple[Callable[[], object], ...] = (
        lambda: guarded.prepay(ORDER, "水费"),
        lambda: guarded.query(ORDER_NO),
        lambda: guarded.close(ORDER_NO),
        lambda: guarded.refund(REFUND),
        lambda: guarded.refund_standing(REFUND_NO),
    )
    for call in calls:
        with pytest.raises(BackendUnavailable, match="circuit open"):
            call()
    assert guarded.payment_call("wx1", NOW, "nonce")["package"] == "prepay_id=wx1"
    with pytest.raises(NoStatement), guarded.trade_bill(NOW.date()):
        pass
