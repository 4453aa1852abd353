"""Notices to citizens: each once, by the first channel that takes it."""

import itertools
from collections.abc import Callable
from dataclasses import replace

import pytest

from backends.errors import BackendUnavailable, Reaction
from backends.ports import Channel, Lane, NoticeState, PushResult, SubscriptionsAnswered
from bot.redis_link import MemoryLost
from jobs.pushing import reports
from jobs.pushing.batch import portions
from jobs.pushing.posting import Letter
from tests.jobs.pushing.conftest import HOME, NOON, QIN, WEI, Post
from tests.jobs.pushing.platform import NO_ANSWER, UNREACHED, refused
from tests.logged import logged_by
from tests.town import BILLS

CLOSED = refused(45015, Reaction.CITIZEN_UNREACHABLE)
BLOCKED = refused(43004, Reaction.CITIZEN_UNREACHABLE)
NO_CARDS = {"templates": {}}


def after(times: int) -> Callable[[], bool]:
    """Asks to stop when it has been asked so often whether to."""
    asked = itertools.count(1)
    return lambda: next(asked) > times


def test_a_notice_goes_out_once_as_a_template_message_that_leads_to_its_page(post: Post) -> None:
    post.plans("A")
    assert post.drains() == 1
    assert post.drains() == 0
    (push,) = post.platform.pushes
    assert (push.openid, push.template_id) == (WEI, "T-result")
    assert push.url == "https://water.example/go/result"
    assert post.fate("A") == (NoticeState.ACCEPTED, "")


def test_a_citizen_s_notices_keep_their_order(post: Post) -> None:
    post.changes(concurrency=4)
    post.plans("A", "B", "C")
    post.drains()
    assert [key for _, key in post.shown()] == ["A", "B", "C"]


def test_what_is_urgent_overtakes(post: Post) -> None:
    post.plans("A")
    post.plans("B", lane=Lane.URGENT)
    post.drains()
    assert [key for _, key in post.shown()] == ["B", "A"]


def test_behind_one_that_has_to_wait_the_citizen_s_others_wait(post: Post) -> None:
    post.platform.once(UNREACHED)
    post.plans("A", "B")
    post.plans("C", openid=QIN)
    post.drains()
    assert [key for _, key in post.shown()] == ["C"]
    post.later(seconds=11)
    post.drains()
    assert [key for _, key in post.shown()] == ["C", "A", "B"]


def test_without_a_template_it_is_a_message_while_the_window_is_open(post: Post) -> None:
    post.changes(**NO_CARDS)
    post.plans("A")
    post.drains()
    assert post.shown() == [("chat", "A")]
    assert post.fate("A") == (NoticeState.DELIVERED, "")


def test_who_no_channel_reaches_is_told_with_their_next_message(post: Post) -> None:
    post.platform.says = lambda channel, openid: BLOCKED if channel == "template" else CLOSED
    post.plans("A")
    post.drains()
    assert post.fate("A") == (NoticeState.KEPT, "wechat_45015")
    assert list(post.mailbox.kept.values()) == [(WEI, "notice/reading_accepted A")]


def test_who_accepted_a_subscription_notice_gets_one(post: Post) -> None:
    post.changes(templates={}, subscriptions={"result": "S-result"})
    post.commit(SubscriptionsAnswered(WEI, "e1", {"S-result": True}, NOON))
    post.plans("A", "B")
    post.drains()
    assert [channel for channel, _ in post.shown()] == ["subscription", "subscription"]
    post.plans("C")
    post.drains()
    assert post.shown()[-1] == ("chat", "C")


def test_a_subscription_notice_without_an_answer_is_not_sent_by_another_channel(
    post: Post,
) -> None:
    post.changes(templates={}, subscriptions={"result": "S-result"})
    post.commit(SubscriptionsAnswered(WEI, "e1", {"S-result": True}, NOON))
    post.platform.always(NO_ANSWER)
    post.plans("A")
    post.drains()
    assert len(post.shown()) == 1
    assert post.fate("A") == (NoticeState.KEPT, "no_answer")


def test_a_message_without_an_answer_waits_for_the_next_message(post: Post) -> None:
    post.changes(**NO_CARDS)
    post.platform.always(NO_ANSWER)
    post.plans("A")
    post.drains()
    post.platform.always(None)
    post.later(minutes=1)
    post.drains()
    assert post.fate("A") == (NoticeState.KEPT, "no_answer")


def test_a_push_without_an_answer_is_repeated_and_shown_once(post: Post) -> None:
    post.platform.once(NO_ANSWER)
    post.plans("A")
    post.drains()
    assert post.fate("A") == (NoticeState.PLANNED, "no_answer")
    post.later(seconds=20)
    post.drains()
    assert post.fate("A") == (NoticeState.ACCEPTED, "")
    assert len(post.platform.asked) == 2
    assert post.shown() == [("template", "A")]


def test_where_wechat_knows_no_repetition_nothing_is_repeated(post: Post) -> None:
    post.changes(client_msg_id=False)
    post.platform.once(NO_ANSWER)
    post.plans("A")
    post.drains()
    post.later(minutes=1)
    post.drains()
    assert len(post.platform.asked) == 1
    assert post.fate("A") == (NoticeState.KEPT, "no_answer")


def test_unsure_for_too_long_it_waits_for_the_next_message(post: Post) -> None:
    post.plans("A")
    post.platform.always(NO_ANSWER)
    for _ in range(30):
        post.drains()
        post.later(seconds=20)
    assert post.shown() == [("template", "A")]
    assert post.fate("A") == (NoticeState.KEPT, "unsure")


def test_what_a_dead_worker_had_is_repeated_under_the_same_id(post: Post) -> None:
    post.plans("A")
    post.dies_with()
    assert post.drains() == 0
    post.later(seconds=91)
    post.drains()
    assert post.shown() == [("template", "A")]


@pytest.mark.parametrize("templates", [{}, {"result": "T-result"}])
def test_what_a_dead_worker_had_is_not_sent_by_a_channel_that_knows_no_repetition(
    post: Post, templates: dict[str, str]
) -> None:
    post.changes(templates=templates)
    post.platform.always(BLOCKED, "template")
    post.plans("A")
    post.dies_with()
    post.later(seconds=91)
    post.drains()
    assert post.shown() == []
    assert post.fate("A")[0] is NoticeState.KEPT


@pytest.mark.parametrize(
    ("templates", "first"),
    [({}, NoticeState.DELIVERED), ({"result": "T-result"}, NoticeState.CLAIMED)],
)
def test_a_worker_that_dies_had_settled_its_texts_but_for_the_last_portion(
    post: Post, templates: dict[str, str], first: NoticeState
) -> None:
    """A batch of template messages is settled as a whole: WeChat knows them again."""
    post.changes(templates=templates)
    post.plans("A")
    post.plans("B", openid=QIN)
    post.platform.says = lambda _, openid: KeyboardInterrupt() if openid == QIN else None
    with pytest.raises(KeyboardInterrupt):
        post.drains()
    assert [post.row(key).state for key in "AB"] == [first, NoticeState.CLAIMED]


def test_no_text_is_begun_while_the_last_cannot_be_settled(post: Post) -> None:
    post.changes(**NO_CARDS)
    post.plans("A")
    post.plans("B", openid=QIN)

    def loses_the_ledger(channel: str, openid: str) -> None:
        post.ledger.fail_with(BackendUnavailable("records", 1.0))

    post.platform.says = loses_the_ledger
    with pytest.raises(BackendUnavailable):
        post.drains()
    assert post.shown() == [("chat", "A")]


def test_what_wechat_accepted_and_lost_is_another_message(post: Post) -> None:
    post.plans("A")
    post.drains()
    msg_id = post.row("A").msg_id
    assert msg_id is not None
    post.ledger.result(msg_id, WEI, PushResult.SYSTEM_FAILED, post.now)
    post.drains()
    first, again = post.platform.pushes
    assert first.client_msg_id != again.client_msg_id
    assert {len(first.client_msg_id), len(again.client_msg_id)} == {32}


def test_a_slow_worker_begins_nothing_that_another_may_have_by_then(post: Post) -> None:
    post.plans("A", "B")

    def slow(channel: str, openid: str) -> None:
        post.later(seconds=61)

    post.platform.says = slow
    post.drains()
    assert [key for _, key in post.shown()] == ["A", "B"]
    assert post.row("B").attempts == 2


def test_wechat_out_of_reach_stops_the_batch_and_costs_nobody_a_try(post: Post) -> None:
    post.platform.always(UNREACHED)
    for number in range(20):
        post.follows(f"oTEST{number:02}")
        post.plans(f"K{number:02}", openid=f"oTEST{number:02}")
    post.drains()
    assert post.drains() == 0
    assert len(post.platform.asked) == 5
    post.platform.always(None)
    post.later(seconds=11)
    post.drains()
    assert len(post.shown()) == 20


def test_without_redis_nothing_more_is_begun_and_all_is_due_again(post: Post) -> None:
    post.pace.lost_after = 1
    post.plans("A")
    post.plans("B", openid=QIN)
    with pytest.raises(MemoryLost):
        post.drains()
    assert post.fate("A")[0] is NoticeState.ACCEPTED
    assert post.fate("B") == (NoticeState.PLANNED, "not_tried")
    post.pace.lost_after = None
    post.drains()
    assert len(post.shown()) == 2


def test_a_worker_that_is_asked_to_stop_finishes_what_it_has_begun(post: Post) -> None:
    post.plans("A")
    post.plans("B", openid=QIN)
    assert post.sender().drain(after(2)) == 2
    assert [post.fate(key)[0] for key in "AB"] == [NoticeState.ACCEPTED, NoticeState.PLANNED]


def test_a_slow_pace_makes_small_batches(post: Post) -> None:
    post.changes(rate_per_s=0.1)
    post.plans(*"ABCDE")
    assert post.sender().drain(after(2)) == 3
    assert post.pace.taken == 3


def test_what_is_urgent_takes_the_reserve_and_the_rest_waits_for_the_morning(post: Post) -> None:
    post.quota.left, post.quota.reserve = 1, 1
    post.plans("A", "B")
    post.drains()
    post.plans("C", kind="ticket_changed", lane=Lane.URGENT, openid=QIN)
    post.drains()
    assert post.shown() == [("template", "A"), ("template", "C")]
    state, reason = post.fate("B")
    assert (state, reason) == (NoticeState.PLANNED, "day_quota")
    assert post.row("B").due_at.strftime("%d %H") == "23 08"


def test_quota_that_was_not_used_is_given_back(post: Post) -> None:
    post.platform.always(BLOCKED, "template")
    post.plans("A", "B")
    post.drains()
    assert post.quota.left == 1000


def test_when_the_day_s_quota_is_used_up_all_workers_learn_it(post: Post) -> None:
    post.platform.always(refused(45009, Reaction.BACK_OFF), "template")
    post.plans("A", "B", "C")
    post.plans("D", kind="ticket_changed", lane=Lane.URGENT, openid=QIN)
    post.drains()
    assert post.platform.asked == [("template", QIN), ("chat", QIN)]
    assert post.quota.left == 0
    assert post.row("C").due_at.strftime("%d %H") == "23 08"


def test_who_has_left_is_not_written_to(post: Post) -> None:
    post.plans("A")
    post.leaves()
    post.drains()
    assert (post.platform.asked, post.mailbox.kept) == ([], {})
    assert post.fate("A") == (NoticeState.SKIPPED, "left")


@pytest.mark.parametrize("view", [{"broken": "all"}, {"amount": "a lot"}])
def test_what_cannot_be_said_fails_and_does_not_hold_up_the_next(
    post: Post, view: dict[str, str]
) -> None:
    post.plans("A", **view)
    post.plans("B")
    post.drains()
    assert post.fate("A") == (NoticeState.FAILED, "unsayable")
    assert post.shown()[-1] == ("template", "B")


def test_a_card_that_cannot_be_filled_in_goes_out_as_a_text(post: Post) -> None:
    post.plans("A", broken="card")
    post.drains()
    assert post.shown() == [("chat", "A")]


def test_a_fault_of_ours_in_the_middle_of_sending_counts_as_unsure(post: Post) -> None:
    post.platform.once(RuntimeError("a bug"))
    post.plans("A")
    post.plans("B", openid=QIN)
    post.drains()
    assert post.fate("A") == (NoticeState.PLANNED, "broken")
    assert post.fate("B") == (NoticeState.ACCEPTED, "")


def test_a_bill_that_is_paid_meanwhile_is_not_reminded_of(post: Post) -> None:
    post.binds()
    post.plans("B1", kind="bill_due", lane=Lane.REMINDER)
    post.drains()
    assert post.platform.asked == []
    assert post.fate("B1") == (NoticeState.SKIPPED, "paid")


def test_who_is_paying_a_bill_is_not_reminded_of_it(post: Post) -> None:
    post.binds()
    post.due.all_bills = [replace(BILLS[0], acct_no=HOME, bill_no=number) for number in "AB"]
    post.plans("A", "B", kind="bill_due", lane=Lane.REMINDER)
    sender = replace(post.sender(), being_paid=lambda bill_nos: set(bill_nos) & {"A"})
    sender.step()
    assert post.fate("A") == (NoticeState.PLANNED, "being_paid")
    assert post.fate("B") == (NoticeState.ACCEPTED, "")


def test_while_csms_is_down_nobody_is_reminded_of_a_bill(post: Post) -> None:
    post.binds()
    post.due.fail_with(BackendUnavailable("csms", 1.0))
    post.plans("B1", kind="bill_due", lane=Lane.REMINDER)
    post.plans("A")
    post.drains()
    assert post.shown() == [("template", "A")]
    assert post.fate("B1") == (NoticeState.PLANNED, "csms_down")


def test_the_log_counts_refusals_and_never_says_whose(post: Post) -> None:
    post.platform.always(refused(47003, Reaction.OUR_BUG, "data.thing1.value invalid"), "template")
    post.plans("A", "B")
    with logged_by(reports) as entries:
        post.drains()
    assert [one["event"] for one in entries] == ["pushes", "push_wrong"]
    assert (entries[1]["field"], entries[1]["count"]) == ("thing1", 2)
    assert WEI not in str(entries)


def test_a_portion_holds_all_letters_of_its_citizens(post: Post) -> None:
    post.plans("A", "C")
    post.plans("B", openid=QIN)
    claimed = post.ledger.claim(Lane, worker="w", now=NOON, lease_s=90, limit=9)
    letters = [Letter(one, {}) for one in claimed]
    found = [
        [[one.claimed.notice.key for one in chain] for chain in portion]
        for portion in portions(letters, 1)
    ]
    assert found == [[["A", "C"]], [["B"]]]


def test_it_goes_on_where_it_was_put_back(post: Post) -> None:
    """A channel that has refused is not asked again."""
    post.platform.says = lambda channel, openid: BLOCKED if channel == "template" else UNREACHED
    post.plans("A")
    post.drains()
    assert post.row("A").channel is Channel.CHAT
    post.platform.always(None)
    post.later(seconds=10)
    post.drains()
    assert post.shown() == [("chat", "A")]
