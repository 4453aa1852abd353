"""What waits for a citizen's next message, and how it is said."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from backends.ports import NoticesTold
from backends.wechat.errcodes import rejection
from bot.wording.words import read_contract
from jobs.pushing.mailing import typed
from tests.jobs.pushing.conftest import NOON, QIN, WEI, Post
from tests.shape.conftest import TEMPLATES


def keeps_two(post: Post) -> None:
    post.changes(templates={})
    post.platform.always(rejection(45015, "window closed"))
    post.plans("A")
    post.plans("B", openid=QIN)
    post.drains()


def test_what_is_told_with_a_reply_is_not_offered_again(post: Post) -> None:
    keeps_two(post)
    kept = post.ledger.kept(after_id=0, limit=10)
    post.commit(NoticesTold(WEI, (kept[0].notice_id,), NOON))
    assert [one.notice.key for one in post.ledger.kept(after_id=0, limit=10)] == ["B"]


def test_a_redis_that_lost_its_memory_is_filled_again(post: Post) -> None:
    keeps_two(post)
    assert post.mailing().refill() == 0
    post.mailbox.kept.clear()
    post.mailbox.new = True
    assert post.mailing().refill() == 2
    assert sorted(post.mailbox.kept.values()) == [
        (QIN, "notice/reading_accepted B"),
        (WEI, "notice/reading_accepted A"),
    ]
    assert post.mailing().refill() == 0


def test_a_redis_that_goes_away_meanwhile_is_filled_when_it_is_back(post: Post) -> None:
    post.mailbox.away = True
    keeps_two(post)
    post.mailbox.new = True
    assert post.mailing().refill() == 0
    post.mailbox.away = False
    assert post.mailing().refill() == 2


def test_one_that_nobody_can_say_does_not_hold_up_the_filling(post: Post) -> None:
    keeps_two(post)
    post.mailbox.kept.clear()
    post.mailbox.new = True
    row = post.row("A")
    row.notice.view["broken"] = "all"  # type: ignore[index] - its template broke meanwhile
    assert post.mailing().refill() == 2
    assert list(post.mailbox.kept.values()) == [(QIN, "notice/reading_accepted B")]


def test_json_becomes_what_templates_print() -> None:
    view = {
        "amount": "75.60",
        "volume_m3": "16",
        "due_date": "2026-12-10",
        "until": "2026-11-26",
        "starts_at": "2026-11-25T09:00+08:00",
        "ends_at": "",
        "value": 1250,
    }
    assert typed(view) == {
        "amount": Decimal("75.60"),
        "volume_m3": Decimal(16),
        "due_date": date(2026, 12, 10),
        "until": date(2026, 11, 26),
        "starts_at": datetime(2026, 11, 25, 9, tzinfo=ZoneInfo("Asia/Shanghai")),
        "ends_at": "",
        "value": 1250,
    }


@pytest.mark.parametrize(
    ("kind", "samples"),
    [
        (name, view)
        for name, view in read_contract(TEMPLATES).replies.items()
        if name.startswith("notice/")
    ],
)
def test_every_notice_is_typed_as_its_template_wants_it(kind: str, samples: dict[str, Any]) -> None:
    """What the ledger keeps of it are texts."""
    del kind
    assert typed({name: as_json(value) for name, value in samples.items()}) == samples


def as_json(value: Any) -> Any:
    match value:
        case datetime():
            return value.isoformat(timespec="minutes")
        case date():
            return value.isoformat()
        case Decimal():
            return str(value)
    return value
