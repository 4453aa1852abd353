"""What is taken from a feed, in whichever form it comes, and what is left out."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

import pytest

from backends.errors import BackendUnavailable
from backends.ports import (
    OUTAGES,
    QUALITY,
    Fetched,
    OutageNotice,
    OutageStatus,
    QualityValue,
    StoredFeed,
)
from backends.website.adapter import HttpWebsite, StoredBulletins
from tests.contract.wechat.platform import Platform, Scripted
from tests.fakes import FakeFeeds
from tests.town import SHANGHAI
from tests.website.conftest import OUTAGES_PATH, QUALITY_PATH
from tests.website.samples import MISSING, NOTICE, VALUE, as_json, as_rss, both, changed

PATHS = {OUTAGES: OUTAGES_PATH, QUALITY: QUALITY_PATH}
Fetch = Callable[..., Fetched]


@pytest.fixture
def fetch(script: Platform, website: HttpWebsite) -> Fetch:
    def fetched(name: str, body: bytes) -> Fetched:
        script.script(PATHS[name], Scripted(body=body))
        return website.fetch(name, None)

    return fetched


def bulletins(name: str, fetched: Fetched) -> StoredBulletins:
    store = FakeFeeds()
    feed = StoredFeed(name, "", "", "", fetched.items, None, None, failing=False)
    store.keep_feed(feed)
    return StoredBulletins(store)


@pytest.mark.parametrize("form", ["JSON", "RSS", "bare RSS"])
def test_a_notice_reads_the_same_in_every_form(fetch: Fetch, form: str) -> None:
    fetched = fetch(OUTAGES, both([NOTICE])[form])
    assert bulletins(OUTAGES, fetched).outages().notices == (
        OutageNotice(
            outage_no="TS20261122001",
            version=2,
            kind="emergency",
            status=OutageStatus.EXTENDED,
            area="人民东路（青年路至港口路）",
            places=("人民东路", "翠湖花园"),
            reason="管网抢修",
            starts_at=datetime(2026, 11, 22, 9, tzinfo=SHANGHAI),
            ends_at=datetime(2026, 11, 22, 20, tzinfo=SHANGHAI),
            tips="请提前储水",
            source_url="https://www.example.com/outages/TS20261122001",
            published_at=datetime(2026, 11, 22, 15, 30, tzinfo=SHANGHAI),
        ),
    )


@pytest.mark.parametrize("form", ["JSON", "RSS", "bare RSS"])
def test_a_value_reads_the_same_in_every_form(fetch: Fetch, form: str) -> None:
    unsaid = changed(VALUE, item="色度", value=None, ok=None, limit="≤15")
    fetched = fetch(QUALITY, both([VALUE, unsaid])[form])
    whole = QualityValue(
        on=date(2026, 11, 21),
        plant="城东水厂",
        kind="plant",
        item="浑浊度",
        value="0.27",
        unit="NTU",
        limit="≤1",
        ok=True,
        source_url="https://www.example.com/quality/2026-11-21",
    )
    nothing = replace(whole, item="色度", value="", ok=None, limit="≤15")
    assert bulletins(QUALITY, fetched).quality().values == (whole, nothing)


def test_a_publication_date_as_rss_writes_it_will_do(fetch: Fetch) -> None:
    body = as_rss(changed(NOTICE, published_at=MISSING)).replace(
        b"<title>\xe5\x85\xac\xe5\x91\x8a</title><guid>",
        b"<pubDate>Sun, 22 Nov 2026 15:30:00 +0800</pubDate><guid>",
    )
    (notice,) = bulletins(OUTAGES, fetch(OUTAGES, body)).outages().notices
    assert notice.published_at == datetime(2026, 11, 22, 15, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("id", MISSING),
        ("id", ""),
        ("id", "T 1"),
        ("id", "T" * 41),
        ("id", 7),
        ("version", MISSING),
        ("version", "2"),
        ("version", 0),
        ("version", True),
        ("version", 10**30),
        ("kind", "pressure"),
        ("status", "draft"),
        ("status", ["published"]),
        ("area", " "),
        ("area", None),
        ("places", "人民东路"),
        ("places", [1]),
        ("places", MISSING),
        ("reason", MISSING),
        ("starts_at", "2026-11-22T09:00:00"),
        ("starts_at", "明天"),
        ("starts_at", "0001-01-01T00:00:00+14:00"),
        ("ends_at", "2026-11-22T08:00:00+08:00"),
        ("ends_at", 1_795_320_000),
        ("published_at", MISSING),
        ("tips", ["请储水"]),
    ],
)
def test_a_notice_with_an_odd_field_is_left_out_and_the_others_are_not(
    fetch: Fetch, name: str, value: Any
) -> None:
    other = changed(NOTICE, id="TS2")
    fetched = fetch(OUTAGES, as_json(changed(NOTICE, **{name: value}), other))
    assert [notice.outage_no for notice in bulletins(OUTAGES, fetched).outages().notices] == ["TS2"]
    assert fetched.left_out == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("date", "昨天"),
        ("date", "2026-11-31"),
        ("plant", ""),
        ("kind", "出厂水"),
        ("item", MISSING),
        ("value", MISSING),
        ("value", 0.27),
        ("ok", "true"),
        ("ok", 1),
        ("limit", {}),
    ],
)
def test_a_value_with_an_odd_field_is_left_out_and_never_guessed(
    fetch: Fetch, name: str, value: Any
) -> None:
    fetched = fetch(QUALITY, as_json(changed(VALUE, **{name: value}), VALUE))
    assert len(fetched.items) == fetched.left_out == 1


def test_of_a_notice_that_stands_twice_the_higher_version_counts(fetch: Fetch) -> None:
    first, third = (changed(NOTICE, version=n, reason=f"第{n}版") for n in (1, 3))
    fetched = fetch(OUTAGES, as_json(NOTICE, third, first))
    (notice,) = bulletins(OUTAGES, fetched).outages().notices
    assert notice.reason == "第3版"


def test_what_is_too_long_is_cut_and_what_is_unseen_is_gone(fetch: Fetch) -> None:
    hostile = "路\x00\u202e<a href='x'>\n" * 60
    (notice,) = (
        bulletins(OUTAGES, fetch(OUTAGES, as_json(changed(NOTICE, area=hostile)))).outages().notices
    )
    assert len(notice.area) == 200
    assert notice.area.endswith("…")
    assert not set(notice.area) & {"\x00", "\u202e", "\n"}


def test_places_that_would_be_found_in_most_addresses_are_not_looked_for(fetch: Fetch) -> None:
    given = ["路", "", " 人民 东路 ", "长" * 31, *(f"第{n}街" for n in range(200))]
    (notice,) = (
        bulletins(OUTAGES, fetch(OUTAGES, as_json(changed(NOTICE, places=given)))).outages().notices
    )
    assert notice.places[0] == "人民东路"
    assert len(notice.places) < 100


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "http://x/'><a href='y", "//x/1", 7, "http://" + "x" * 400]
)
def test_an_address_that_is_none_is_told_without_a_link(fetch: Fetch, url: object) -> None:
    (notice,) = (
        bulletins(OUTAGES, fetch(OUTAGES, as_json(changed(NOTICE, url=url)))).outages().notices
    )
    assert notice.source_url == ""


BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY a "ha"><!ENTITY b "'
    + b"&a;" * 50
    + b'">]><rss version="2.0"><channel><item><title>&b;</title></item></channel></rss>'
)
OUTSIDE = (
    b'<?xml version="1.0"?><!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    b'<rss version="2.0"><channel><item><title>&x;</title></item></channel></rss>'
)


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b"", "neither JSON nor RSS"),
        (b"<html><body>502</body></html>", "no RSS"),
        (b"<html><br></html>", "no XML"),
        (b'{"items": [', "neither JSON nor RSS"),
        (b'{"items": {}}', "no list of items"),
        (b"[1]", "no list of items"),
        (b"null", "no list of items"),
        (b'{"items":' + b"[" * 100_000, "neither JSON nor RSS"),
        ('{"items": ["水质公示"]}'.encode("gbk"), "neither JSON nor RSS"),
        ('<?xml version="1.0" encoding="GBK"?><rss/>'.encode("gbk"), "no XML"),
        (b"<rss><channel>" + b"<item>" * 50_000, "no XML"),
        (as_json(*[1] * 5_001), "more than 5000 items"),
        (as_json(1, "x", {}, None), "not one of 4 items"),
        (BOMB, "a DOCTYPE"),
        (OUTSIDE, "a DOCTYPE"),
    ],
)
def test_a_feed_that_is_none_is_unavailable_and_says_why(
    fetch: Fetch, body: bytes, why: str
) -> None:
    with pytest.raises(BackendUnavailable, match=why) as caught:
        fetch(OUTAGES, body)
    assert caught.value.system == "website"
    assert "passwd" not in str(caught.value)


def test_an_empty_list_is_no_fault(fetch: Fetch) -> None:
    for body in (as_json(), as_rss(), b"\xef\xbb\xbf" + as_json()):
        assert fetch(OUTAGES, body).items == []


def test_only_the_latest_day_of_each_point_is_told(fetch: Fetch) -> None:
    older = changed(VALUE, date="2026-11-20", item="色度")
    elsewhere = changed(VALUE, date="2026-11-19", plant="城西水厂")
    tap = changed(VALUE, date="2026-11-18", kind="tap")
    fetched = fetch(QUALITY, as_json(older, VALUE, elsewhere, tap))
    told = bulletins(QUALITY, fetched).quality().values
    assert [(one.plant, one.kind, one.on.day) for one in told] == [
        ("城东水厂", "plant", 21),
        ("城西水厂", "plant", 19),
        ("城东水厂", "tap", 18),
    ]


def test_notices_come_with_the_latest_start_first(fetch: Fetch) -> None:
    later = changed(
        NOTICE, id="T2", starts_at="2026-11-23T09:00:00+08:00", ends_at="2026-11-23T10:00:00+08:00"
    )
    fetched = fetch(OUTAGES, as_json(NOTICE, later))
    notices = bulletins(OUTAGES, fetched).outages().notices
    assert [one.outage_no for one in notices] == ["T2", "TS20261122001"]


def test_where_nothing_was_ever_read_nothing_is_known() -> None:
    nothing = StoredBulletins(FakeFeeds())
    assert nothing.outages().notices == nothing.quality().values == ()
    assert nothing.outages().checked.checked_at is None
