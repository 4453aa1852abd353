"""缴费方式: the ways to pay, as customer service keeps them."""

from dialogs.engine.definition import Dialog, Exit, Go, Opening, Turn


def opening(turn: Turn, _: None) -> Go:
    ways = turn.ask.content.ways_to_pay()
    if not ways:
        return Go("none", show={"hotline": turn.policy.hotline})
    views = [{"name": one.name, "how": one.how, "url": one.url} for one in ways]
    pays = turn.policy.takes_payments
    return Go("shown", show={"ways": views, "hotline": turn.policy.hotline, "pays": pays})


WAYS_TO_PAY = Dialog(
    name="ways_to_pay",
    revision=1,
    opens=Opening(opening, {"shown": "ways", "none": "none"}),
    steps={},
    ends={"ways": Exit.COMPLETED, "none": Exit.FAILED},
)
