"""The day's water quality, to who asked for it: what the website says, and no more than that."""

from dataclasses import replace
from datetime import date, timedelta

from backends.ports import CitizenFollowed, Lane, Notice, QualityValue, Topic, TopicChosen
from jobs.planning.quality import QualityDigest
from tests.fakes import FakeBulletins
from tests.jobs.planning.conftest import NINE, QIN, WEI, Street

TURBIDITY = QualityValue(
    on=date(2026, 11, 21),
    plant="江北水厂",
    kind="plant",
    item="浑浊度",
    value="0.2",
    unit="NTU",
    limit="≤1",
    ok=True,
    source_url="https://water.example/q",
)


def plan(*values: QualityValue) -> list[Notice]:
    street = Street()
    street.records.commit(
        [
            CitizenFollowed(WEI, NINE),
            CitizenFollowed(QIN, NINE),
            TopicChosen(WEI, Topic.WATER_QUALITY, wanted=True, at=NINE),
        ]
    )
    for _ in range(2):
        for page in QualityDigest(FakeBulletins(values=values), street.ledger).pages(NINE):
            street.ledger.plan(page.notices, NINE)
    return [row.notice for row in street.ledger.rows]


def test_it_is_told_once_a_day_to_who_asked() -> None:
    (told,) = plan(TURBIDITY, replace(TURBIDITY, item="pH"))
    assert (told.openid, told.key, told.lane) == (WEI, "2026-11-21", Lane.DIGEST)
    assert (told.view["items_ok"], told.view["items_bad"], told.view["text"]) == (2, 0, "")


def test_what_exceeds_is_named() -> None:
    (told,) = plan(TURBIDITY, replace(TURBIDITY, item="余氯", ok=False))
    assert told.view["items_bad"] == 1
    assert told.view["text"] == "超出限值：江北水厂余氯"


def test_what_the_website_does_not_judge_is_not_called_good() -> None:
    (told,) = plan(
        TURBIDITY, replace(TURBIDITY, item="余氯", ok=None), replace(TURBIDITY, value="")
    )
    assert told.view["items_ok"] == 1
    assert told.view["text"] == "另有2项还没有公布结论"


def test_only_the_latest_day_counts_and_an_old_one_is_no_news() -> None:
    before = replace(TURBIDITY, on=TURBIDITY.on - timedelta(1), item="余氯", ok=False)
    (told,) = plan(TURBIDITY, before)
    assert told.view["items_bad"] == 0
    assert plan(replace(TURBIDITY, on=NINE.date() - timedelta(4))) == []
    assert plan(replace(TURBIDITY, ok=None)) == []
    assert plan() == []
