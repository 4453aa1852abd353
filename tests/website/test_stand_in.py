"""The real client against the stand-in, over HTTP and in both forms; and the editors' work."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from backends.errors import BackendUnavailable
from backends.ports import OUTAGES, QUALITY, OutageStatus, StoredFeed
from backends.website.adapter import StoredBulletins
from backends.website.forms import items_in
from backends.website.items import READ
from tests.fakes import FakeFeeds
from tests.shape.conftest import ROOT
from tests.website.house import NOW, Site, in_hours, running


@pytest.fixture
def site() -> Iterator[Site]:
    with running() as site:
        yield site


def seen(site: Site, form: str = "json") -> StoredBulletins:
    """What a worker would keep of it."""
    store = FakeFeeds()
    with site.website(form) as website:
        for name in (OUTAGES, QUALITY):
            fetched = website.fetch(name, None)
            assert fetched.left_out == 0
            store.keep_feed(
                StoredFeed(
                    name,
                    fetched.etag,
                    fetched.last_modified,
                    fetched.content_hash,
                    fetched.items,
                    changed_at=NOW,
                    checked_at=NOW,
                    failing=False,
                )
            )
    return StoredBulletins(store)


def test_both_forms_say_the_same(site: Site) -> None:
    site.publish()
    site.publish(kind="planned", starts_at=in_hours(20), ends_at=in_hours(26), tips="", reason="")
    for result in ("good", "missing", "exceeded"):
        site.call("quality", plant=f"{result}水厂", kind="plant", result=result)
    as_json, as_rss = seen(site, "json"), seen(site, "rss")
    assert as_json.outages() == as_rss.outages()
    assert as_json.quality() == as_rss.quality()
    assert len(as_json.outages().notices) == 2
    assert len(as_json.quality().values) == 27


def test_a_notice_is_published_extended_and_over(site: Site) -> None:
    number = site.publish()
    (first,) = seen(site).outages().notices
    assert (first.status, first.version) == (OutageStatus.PUBLISHED, 1)
    assert first.places == ("人民东路", "翠湖花园")
    assert first.source_url == f"https://demo.example/sandbox/website/outages/{number}"
    assert site.call(f"notices/{number}/extend", ends_at="2026-11-22T21:00").status_code == 200
    (later,) = seen(site).outages().notices
    assert (later.status, later.version, later.ends_at.hour) == (OutageStatus.EXTENDED, 2, 21)
    site.call(f"notices/{number}/restore")
    (over,) = seen(site).outages().notices
    assert (over.status, over.version, over.ends_at) == (OutageStatus.RESTORED, 3, NOW)


def test_a_notice_that_has_not_begun_is_cancelled(site: Site) -> None:
    number = site.publish(starts_at=in_hours(3), ends_at=in_hours(5))
    refused = site.call(f"notices/{number}/restore")
    assert (refused.status_code, refused.json()["error"]) == (409, "还没有开始停水，只能取消")
    site.call(f"notices/{number}/cancel")
    (notice,) = seen(site).outages().notices
    assert notice.status is OutageStatus.CANCELLED
    assert site.call(f"notices/{number}/cancel").status_code == 409


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": "pressure"}, "类型"),
        ({"area": " "}, "范围"),
        ({"places": "路"}, "至少两个字"),
        ({"ends_at": "2026-11-22T08:00"}, "恢复时间"),
        ({"starts_at": "明天"}, "时间要写成"),
    ],
)
def test_a_draft_that_will_not_do_is_refused_in_words(
    site: Site, changes: dict[str, Any], why: str
) -> None:
    draft = {"kind": "planned", "area": "一带", "places": "", "reason": ""}
    answer = site.call(
        "notices", **{**draft, "starts_at": in_hours(1), "ends_at": in_hours(2), **changes}
    )
    assert answer.status_code == 400
    assert why in answer.json()["error"]
    assert seen(site).outages().notices == ()


def test_an_extension_must_be_later_and_of_a_notice_that_exists(site: Site) -> None:
    number = site.publish()
    assert site.call(f"notices/{number}/extend", ends_at="2026-11-22T17:00").status_code == 400
    assert site.call("notices/GW0/extend", ends_at="2026-11-22T21:00").status_code == 404


def test_a_day_of_water_quality_can_lack_a_value_or_exceed_a_limit(site: Site) -> None:
    for result in ("missing", "exceeded"):
        site.call("quality", plant=result, kind="tap", result=result)
    values = seen(site).quality().values
    assert [(one.item, one.ok) for one in values if one.plant == "missing" and not one.value] == [
        ("色度", None)
    ]
    assert [one.item for one in values if one.ok is False] == ["浑浊度"]
    assert site.call("quality", plant="", kind="tap", result="good").status_code == 400


@pytest.mark.parametrize("form", ["json", "rss"])
def test_what_has_not_changed_is_not_sent_again(site: Site, form: str) -> None:
    site.publish()
    with site.website(form) as website:
        first = website.fetch(OUTAGES, None)
        kept = StoredFeed(
            OUTAGES,
            first.etag,
            first.last_modified,
            first.content_hash,
            first.items,
            changed_at=NOW,
            checked_at=NOW,
            failing=False,
        )
        assert first.etag
        assert website.fetch(OUTAGES, kept).unchanged
        site.publish(area="另一处")
        assert len(website.fetch(OUTAGES, kept).items) == 2


@pytest.mark.parametrize(("switch", "why"), [("down", "HTTP status 503"), ("garbage", "no XML")])
def test_the_switch_breaks_it_as_websites_break(site: Site, switch: str, why: str) -> None:
    site.switch(switch)
    with site.website() as website, pytest.raises(BackendUnavailable, match=why):
        website.fetch(OUTAGES, None)


def test_people_read_the_same_on_its_pages_and_nothing_they_typed_is_run(site: Site) -> None:
    number = site.publish(area="<script>alert(1)</script>路")
    site.call("quality", plant="城东水厂", kind="plant", result="exceeded")
    assert "&lt;script&gt;" in site.page()
    assert "请提前储水" in site.page(f"outages/{number}")
    assert "1.40 NTU" in site.page("quality/2026-11-22")


EXAMPLES = re.findall(
    r"```(?:json|xml)\n(.*?)```",
    Path(ROOT / "docs/contracts/website.md").read_text(encoding="utf-8"),
    re.DOTALL,
)


@pytest.mark.parametrize(
    ("example", "name"), [*zip(EXAMPLES, (OUTAGES, QUALITY, OUTAGES), strict=True)]
)
def test_the_examples_of_the_contract_are_feeds(example: str, name: str) -> None:
    (item,) = items_in(example.encode())
    assert READ[name](item)


def test_the_forms_in_the_contract_say_the_same() -> None:
    as_json, as_rss = (READ[OUTAGES](items_in(EXAMPLES[n].encode())[0]) for n in (0, 2))
    assert as_json == as_rss
