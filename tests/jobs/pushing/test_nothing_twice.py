"""Whatever fails, whoever dies: nobody sees a notice twice, and nobody's is lost."""

import contextlib
import itertools
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from backends.ports import Lane, NoticeState, SubscriptionsAnswered
from backends.wechat.errcodes import rejection
from jobs.pushing.breaker import Breaker
from tests.jobs.pushing.conftest import NOON, FakeQuota, Post
from tests.jobs.pushing.platform import NO_ANSWER, UNREACHED

PEOPLE = [f"oTEST{number}" for number in range(4)]
ERRORS = [
    NO_ANSWER,
    UNREACHED,
    RuntimeError("a bug"),
    *(rejection(code, "no") for code in (-1, 40164, 43004, 43116, 45009, 45011, 45015, 47003)),
]
RULES = {
    "template": {},
    "subscription": {"templates": {}, "subscriptions": {"result": "S-result"}},
    "none": {"templates": {}},
}
AT_AN_END = (NoticeState.ACCEPTED, NoticeState.DELIVERED, NoticeState.KEPT)
SEEN = (NoticeState.ACCEPTED, NoticeState.DELIVERED)
MOVES = st.lists(st.sampled_from(["drain", "die", "die while sending", "wait"]), max_size=12)


class Died(BaseException):
    """The process is gone: nothing is settled."""

    def __init__(self, *, sent: bool) -> None:
        super().__init__()
        self.sent = sent


@settings(max_examples=30, deadline=None)
@given(
    moves=MOVES,
    seed=st.integers(0, 2**16),
    failing=st.sampled_from([0.1, 0.5, 0.9]),
    cards=st.sampled_from(["template", "subscription", "none"]),
    knows_repetitions=st.booleans(),
)
def test_nothing_is_shown_twice_and_nothing_is_lost(
    moves: list[str], seed: int, failing: float, *, cards: str, knows_repetitions: bool
) -> None:
    post, rng = Post(), Random(seed)
    post.follows(*PEOPLE)
    post.changes(client_msg_id=knows_repetitions, **RULES[cards])
    for openid in PEOPLE:
        post.commit(SubscriptionsAnswered(openid, "e1", {"S-result": True}, NOON))
    post.platform.says = lambda *_: rng.choice(ERRORS) if rng.random() < failing else None
    for number, openid in enumerate(PEOPLE * 2):
        post.plans(f"K{number}", openid=openid, lane=rng.choice([Lane.RESULT, Lane.URGENT]))
    for number, move in enumerate(moves):
        make(post, move, f"worker{number}", rng)
    end(post)
    assert set(post.platform.times().values()) <= {1}
    for row in post.ledger.rows:
        assert row.state in AT_AN_END, row
        assert row.notice.key in post.platform.times() or row.state not in SEEN


def make(post: Post, move: str, worker: str, rng: Random) -> None:
    match move:
        case "drain":
            post.drains(worker)
        case "die":
            post.dies_with(worker=worker)
        case "die while sending":
            die_while_sending(post, worker, rng)
        case "wait":
            post.later(seconds=rng.choice([5, 25, 95, 400, 601]))


def die_while_sending(post: Post, worker: str, rng: Random) -> None:
    """Just before or just after one of its messages went out."""
    asked, dies_at, before = itertools.count(1), rng.randrange(1, 6), post.platform.says
    death = Died(sent=rng.random() < 0.5)

    def says(channel: str, openid: str) -> BaseException | None:
        return before(channel, openid) if next(asked) < dies_at else death

    post.platform.says = says
    with contextlib.suppress(Died):
        post.drains(worker)
    post.platform.says = before
    post.breaker = Breaker()


def end(post: Post) -> None:
    """All is well again, for days."""
    post.platform.always(None)
    for _ in range(12):
        post.quota = FakeQuota()
        post.drains("last")
        post.later(hours=6)
