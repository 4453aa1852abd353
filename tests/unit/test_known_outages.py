"""Which outage a report of a fault is told of: the website's before the hotline's."""

from dataclasses import replace
from datetime import timedelta

import pytest

from backends.errors import BackendUnavailable
from backends.ports import Nearby, OutageNotice, OutageStatus
from dialogs.engine.definition import Turn
from dialogs.faults.fault_places import known_there
from dialogs.published import outage_notices
from tests.fakes import FakeBulletins, FakeHotline, FakeRecords
from tests.published import CHECKED, NOON, NOTICES, UNDER_WAY
from tests.shape import walk
from tests.shape.conftest import POLICY
from tests.shape.walk import World
from tests.town import NEARBY, town_csms

HERE = {"text": "云川市人民东路88弄", "lat": None, "lon": None, "acct_no": ""}
HOTLINE_ONLY = Nearby((replace(NEARBY.outages[0], outage_no="H9", reason="热线说的"),))


def told(
    notices: tuple[OutageNotice, ...],
    hotline: Nearby,
    fault: str = "NOWATER_AREA",
    website: FakeBulletins | None = None,
) -> str | None:
    """The reason that the citizen reads."""
    world = World(
        town_csms(),
        FakeRecords(),
        hotline=FakeHotline(hotline),
        bulletins=website or FakeBulletins(notices, (), CHECKED),
    )
    moment = walk.moment(world)
    turn = Turn(moment.inbound, NOON, "k", {}, world, POLICY)
    outage = known_there(turn, fault, HERE)["outage"]
    return outage["reason"] if outage else None


def test_the_website_comes_before_the_hotline() -> None:
    assert told((replace(UNDER_WAY, reason="官网说的"),), HOTLINE_ONLY) == "官网说的"


def test_what_only_the_hotline_knows_is_told_too() -> None:
    assert told((), HOTLINE_ONLY) == "热线说的"
    elsewhere = replace(UNDER_WAY, places=("港口路",))
    assert told((elsewhere,), HOTLINE_ONLY) == "热线说的"


@pytest.mark.parametrize("status", [OutageStatus.RESTORED, OutageStatus.CANCELLED])
def test_what_the_website_says_is_over_the_hotline_does_not_bring_back(
    status: OutageStatus,
) -> None:
    over = replace(UNDER_WAY, status=status)
    assert told((over,), NEARBY) is None
    assert told((over,), HOTLINE_ONLY) == "热线说的"


def test_an_outage_does_not_explain_a_fault_of_ones_own_pipes() -> None:
    assert told(NOTICES, NEARBY, "INDOOR") is None


def test_a_report_goes_on_without_our_own_database() -> None:
    website = FakeBulletins(NOTICES, (), CHECKED)
    website.fail_with(BackendUnavailable("records", 1.0))
    assert told((), HOTLINE_ONLY, website=website) == "热线说的"


@pytest.mark.parametrize(
    ("starts_h", "ends_h", "status", "expected"),
    [
        (-3, 6, "published", "under_way"),
        (-3, 6, "extended", "under_way"),
        (1, 6, "published", "to_come"),
        (-9, -1, "published", "overdue"),
        (-40, -25, "published", ""),
        (-9, -1, "restored", "restored"),
        (-40, -25, "restored", ""),
        (4, 9, "cancelled", "cancelled"),
        (-9, -1, "cancelled", ""),
    ],
)
def test_how_a_notice_stands(starts_h: int, ends_h: int, status: str, expected: str) -> None:
    notice = replace(
        UNDER_WAY,
        starts_at=NOON + timedelta(hours=starts_h),
        ends_at=NOON + timedelta(hours=ends_h),
        status=OutageStatus(status),
    )
    assert outage_notices.standing(notice, NOON) == expected


@pytest.mark.parametrize(
    ("address", "concerned"),
    [
        ("云川市人民东路８８弄", True),
        ("人民 东路", True),
        ("云川市人民西路1号", False),
        ("", False),
    ],
)
def test_an_address_is_concerned_when_it_holds_a_place(address: str, concerned: bool) -> None:
    assert outage_notices.concerns(UNDER_WAY, address) is concerned


def test_a_place_of_one_letter_concerns_nobody() -> None:
    assert not outage_notices.concerns(replace(UNDER_WAY, places=("路", "。路")), "人民东路")
    assert not outage_notices.names(UNDER_WAY, "路")
