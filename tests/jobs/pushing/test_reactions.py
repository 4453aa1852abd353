"""What each of WeChat's answers leads to: one row for each, on each channel."""

import pytest

from backends.errors import Reaction
from backends.ports import Channel, Lane, NoticeState, SubscriptionsAnswered
from backends.wechat.errcodes import REACTIONS, rejection
from jobs.pushing import reports, sending
from jobs.pushing.channels import Course, trouble
from tests.jobs.pushing.conftest import QIN, WEI, Post
from tests.jobs.pushing.platform import NO_ANSWER, UNREACHED
from tests.logged import logged_by

A, K, P = NoticeState.ACCEPTED, NoticeState.KEPT, NoticeState.PLANNED
D = NoticeState.DELIVERED
TEMPLATE, CHAT = Channel.TEMPLATE, Channel.CHAT
NO_FOLLOWER, REFUSES = (43004, 43005, 46004, 50005), (43019, 43101, 48002, 10700)
ACCOUNT = (40013, 40125, 40164, 61004, 40243, 48001, 48004, 48008, 50002, 89503)


@pytest.mark.parametrize(
    ("errcode", "fate", "channel", "wait_s"),
    [
        (-1, P, TEMPLATE, 20),
        (40001, P, TEMPLATE, 20),
        (61450, P, TEMPLATE, 20),
        (45011, P, TEMPLATE, 60),
        (45009, P, TEMPLATE, 72_000),
        *((code, P, TEMPLATE, 600) for code in ACCOUNT),
        *((code, P, TEMPLATE, 600) for code in (40037, 40249, 43116)),
        *((code, D, CHAT, 0) for code in (*NO_FOLLOWER, *REFUSES)),
        (47003, D, CHAT, 0),
        (45002, D, CHAT, 0),
        (40007, D, CHAT, 0),
        (99999, D, CHAT, 0),
        (45065, A, TEMPLATE, 0),
    ],
)
def test_refused_as_a_template_message(
    post: Post, errcode: int, fate: NoticeState, channel: Channel, wait_s: int
) -> None:
    post.platform.always(rejection(errcode, "no"), "template")
    post.plans("A")
    post.drains()
    row = post.row("A")
    assert (row.state, row.channel) == (fate, channel)
    waited_s = (row.due_at - post.now).total_seconds()
    assert wait_s <= waited_s <= wait_s + (1800 if errcode == 45009 else 0)


@pytest.mark.parametrize(
    ("errcode", "fate", "channel"),
    [
        (-1, P, TEMPLATE),
        (45011, P, TEMPLATE),
        (45009, D, CHAT),
        (40164, P, TEMPLATE),
        (40037, D, CHAT),
        (43116, D, CHAT),
        (43004, D, CHAT),
    ],
)
def test_what_is_urgent_does_not_wait_for_a_template(
    post: Post, errcode: int, fate: NoticeState, channel: Channel
) -> None:
    post.platform.always(rejection(errcode, "no"), "template")
    post.plans("A", kind="ticket_changed", lane=Lane.URGENT)
    post.drains()
    assert (post.row("A").state, post.row("A").channel) == (fate, channel)


@pytest.mark.parametrize(
    ("errcode", "fate", "wait_s"),
    [
        (-1, P, 20),
        (45011, P, 60),
        (40164, P, 600),
        (45009, K, 0),
        (45015, K, 0),
        (45047, K, 0),
        (48002, K, 0),
        (45002, K, 0),
        (99999, K, 0),
    ],
)
def test_refused_as_a_customer_service_message(
    post: Post, errcode: int, fate: NoticeState, wait_s: int
) -> None:
    post.changes(templates={})
    post.platform.always(rejection(errcode, "no"))
    post.plans("A")
    post.drains()
    row = post.row("A")
    assert row.state is fate
    assert fate is K or (row.due_at - post.now).total_seconds() == wait_s


@pytest.mark.parametrize(
    ("channel", "error", "fate", "wait_s", "unsure"),
    [
        (TEMPLATE, UNREACHED, P, 10, False),
        (TEMPLATE, NO_ANSWER, P, 20, True),
        (CHAT, UNREACHED, P, 10, False),
        (CHAT, NO_ANSWER, K, 0, False),
    ],
)
def test_no_answer(
    post: Post, channel: Channel, error: Exception, fate: NoticeState, wait_s: int, *, unsure: bool
) -> None:
    if channel is CHAT:
        post.changes(templates={})
    post.platform.always(error)
    post.plans("A")
    post.drains()
    row = post.row("A")
    assert (row.state, row.unsure_since is not None) == (fate, unsure)
    assert fate is K or (row.due_at - post.now).total_seconds() == wait_s


@pytest.mark.parametrize("errcode", sorted(REACTIONS))
def test_every_known_code_has_a_course(errcode: int) -> None:
    found = trouble(rejection(errcode, "no"))
    assert found.reason == f"wechat_{errcode}".replace("-", "_")
    configuration = REACTIONS[errcode] is Reaction.CONFIGURATION
    barred = found.course in (Course.TEMPLATE_BARRED, Course.ACCOUNT_BARRED)
    assert barred is configuration


def test_what_is_always_busy_goes_on_to_the_next_channel_after_eight_tries(post: Post) -> None:
    post.platform.always(rejection(-1, "system busy"), "template")
    post.plans("A")
    while post.row("A").state is P:
        post.drains()
        post.later(minutes=10)
    assert post.platform.asked == [("template", WEI)] * 9 + [("chat", WEI)]
    assert post.row("A").state is D


def test_a_template_that_stays_barred_is_given_up_and_an_account_never_is(post: Post) -> None:
    for errcode, fate in ((43116, D), (40164, P)):
        post.platform.always(rejection(errcode, "no"), "template")
        post.plans(f"K{errcode}")
        for _ in range(20):
            post.drains()
            post.later(minutes=10)
        assert post.row(f"K{errcode}").state is fate


def test_an_account_that_is_refused_again_and_again_is_left_alone_for_ten_minutes(
    post: Post,
) -> None:
    post.platform.always(rejection(40164, "invalid ip"))
    for number in range(20):
        post.follows(f"oTEST{number:02}")
        post.plans(f"K{number}", openid=f"oTEST{number:02}")
    with logged_by(sending) as entries:
        post.drains()
    assert [one["event"] for one in entries] == ["pushes_paused"]
    post.later(minutes=9)
    assert post.drains() == 0
    assert len(post.platform.asked) == 5
    post.platform.always(None)
    post.later(minutes=1)
    post.drains()
    assert len(post.shown()) == 20


def test_a_hiccup_now_and_then_stops_nobody(post: Post) -> None:
    errors = iter([rejection(48001, "no"), None] * 20)
    post.platform.says = lambda channel, openid: next(errors)
    for number in range(20):
        post.follows(f"oTEST{number:02}")
        post.plans(f"K{number}", openid=f"oTEST{number:02}")
    post.drains()
    assert len(post.shown()) == 10


def test_a_barred_template_holds_up_no_other(post: Post) -> None:
    def says(channel: str, openid: str) -> Exception | None:
        return rejection(43116, "restricted") if openid != QIN and channel == "template" else None

    post.platform.says = says
    for number in range(20):
        post.follows(f"oTEST{number:02}")
        post.plans(f"K{number}", openid=f"oTEST{number:02}")
    post.plans("Q", kind="ticket_changed", openid=QIN)
    post.drains()
    assert len(post.platform.asked) == 6
    assert post.shown() == [("template", "Q")]


def test_a_barred_subscription_notice_holds_up_no_template_message(post: Post) -> None:
    post.changes(templates={"ticket": "T"}, subscriptions={"result": "S"})
    post.commit(SubscriptionsAnswered(WEI, "e1", {"S": True}, post.now))
    post.platform.always(rejection(40037, "invalid template_id"), "subscription")
    post.plans("A")
    for _ in range(6):
        post.drains()
        post.later(minutes=10)
    post.plans("Q", kind="ticket_changed", openid=QIN)
    post.drains()
    assert post.shown() == [("template", "Q")]
    assert post.fate("A") == (P, "wechat_40037")


def test_what_staff_must_mend_is_an_alarm_with_its_remedy(post: Post) -> None:
    post.platform.always(rejection(40164, f"invalid ip, {WEI}", (WEI,)))
    post.plans("A")
    with logged_by(reports) as entries:
        post.drains()
    alarm = entries[-1]
    assert (alarm["event"], alarm["log_level"]) == ("push_configuration", "error")
    assert "IP whitelist" in alarm["remedy"]
    assert WEI not in str(entries)
