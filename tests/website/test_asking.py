"""How a feed is asked for: conditional, bounded, and never led to another host."""

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from backends.errors import BackendUnavailable
from backends.ports import OUTAGES, Fetched, StoredFeed
from backends.website.adapter import HttpWebsite, open_website
from backends.website.transport import WebsiteOptions
from tests.contract.wechat.platform import Platform, Scripted
from tests.contract.wechat.test_client import free_port
from tests.website.conftest import OUTAGES_PATH
from tests.website.samples import NOTICE, as_json, as_rss, changed

ETAG, MODIFIED = '"v1"', "Sun, 22 Nov 2026 07:30:00 GMT"
GOOD = Scripted(body=as_json(NOTICE), headers=(("ETag", ETAG), ("Last-Modified", MODIFIED)))


def kept(fetched: Fetched) -> StoredFeed:
    return StoredFeed(
        OUTAGES,
        fetched.etag,
        fetched.last_modified,
        fetched.content_hash,
        fetched.items,
        changed_at=None,
        checked_at=None,
        failing=False,
    )


def test_what_the_website_said_of_its_version_is_said_back_to_it(
    website: HttpWebsite, script: Platform
) -> None:
    script.script(OUTAGES_PATH, GOOD, Scripted(status=304, body=b""))
    first = website.fetch(OUTAGES, None)
    again = website.fetch(OUTAGES, kept(first))
    assert (first.etag, first.last_modified, first.unchanged) == (ETAG, MODIFIED, False)
    assert again.unchanged
    assert again.items == first.items
    assert again.etag == ETAG, "a 304 need not repeat it"
    asked = script.to(OUTAGES_PATH)
    assert "If-None-Match" not in asked[0].headers
    assert asked[1].headers["If-None-Match"] == ETAG
    assert asked[1].headers["If-Modified-Since"] == MODIFIED


def test_the_same_content_is_no_change_whatever_stands_around_it(
    website: HttpWebsite, script: Platform
) -> None:
    bodies = (as_json(NOTICE), as_json(NOTICE, made_at="12:01"), as_rss(NOTICE))
    script.script(OUTAGES_PATH, *(Scripted(body=body) for body in bodies))
    first = website.fetch(OUTAGES, None)
    assert website.fetch(OUTAGES, kept(first)).unchanged
    assert website.fetch(OUTAGES, kept(first)).unchanged


def test_a_version_that_could_not_be_said_back_is_forgotten(
    website: HttpWebsite, script: Platform
) -> None:
    odd = (("ETag", "é" * 10), ("Last-Modified", "x" * 500))
    script.script(OUTAGES_PATH, Scripted(body=as_json(NOTICE), headers=odd))
    fetched = website.fetch(OUTAGES, None)
    assert (fetched.etag, fetched.last_modified) == ("", "")


def test_a_change_is_seen(website: HttpWebsite, script: Platform) -> None:
    script.script(OUTAGES_PATH, GOOD, Scripted(body=as_json(changed(NOTICE, version=3))))
    assert not website.fetch(OUTAGES, kept(website.fetch(OUTAGES, None))).unchanged


def redirect(to: str, status: int = 302) -> Scripted:
    return Scripted(status=status, body=b"", headers=(("Location", to),))


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_within_the_host_is_followed(
    website: HttpWebsite, script: Platform, status: int
) -> None:
    script.script(OUTAGES_PATH, redirect("/new/outages", status))
    script.script("/new/outages", redirect(script.base_url + "/newer"))
    script.script("/newer", GOOD)
    assert len(website.fetch(OUTAGES, None).items) == 1


@pytest.mark.parametrize(
    "to",
    [
        "http://localhost:{port}/feeds/outages",
        "http://127.0.0.1:1/feeds",
        "//evil.example/feeds",
        "file:///etc/passwd",
        "gopher://127.0.0.1/",
        "http://[::1",
        "",
    ],
)
def test_a_redirect_to_anywhere_else_is_not_followed(
    website: HttpWebsite, script: Platform, to: str
) -> None:
    script.always(OUTAGES_PATH, redirect(to.format(port=script.base_url.rpartition(":")[2])))
    with pytest.raises(BackendUnavailable, match="redirect"):
        website.fetch(OUTAGES, None)
    assert len(script.asked) == 1


def test_redirects_in_a_circle_end(website: HttpWebsite, script: Platform) -> None:
    script.always(OUTAGES_PATH, redirect(OUTAGES_PATH))
    with pytest.raises(BackendUnavailable, match="more than 3 redirects"):
        website.fetch(OUTAGES, None)
    assert len(script.asked) == 4


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        (Scripted(status=404, body=as_json(NOTICE)), "HTTP status 404"),
        (Scripted(status=503, body=b""), "HTTP status 503"),
        (Scripted(status=204, body=b""), "HTTP status 204"),
        (Scripted(lost=True), "connection broken"),
        (Scripted(body=b'{"items": []}', declared=99), "cut off"),
        (Scripted(body=b" " * 2_100_000), "too long"),
        (Scripted(body=b"\x1f\x8b", headers=(("Content-Encoding", "gzip"),)), "compressed"),
        (Scripted(status=304, body=b""), "304 to a first question"),
    ],
)
def test_what_is_no_good_answer_is_unavailable(
    website: HttpWebsite, script: Platform, answer: Scripted, why: str
) -> None:
    script.always(OUTAGES_PATH, answer)
    with pytest.raises(BackendUnavailable, match=why):
        website.fetch(OUTAGES, None)


@pytest.fixture
def opened(script: Platform) -> Iterator[Callable[..., HttpWebsite]]:
    del script  # it must outlive the connections, or closing it would wait for them
    with ExitStack() as stack:

        def open_at(url: str, **changes: Any) -> HttpWebsite:
            website = open_website({OUTAGES: url}, WebsiteOptions(**changes))
            stack.callback(website.close)
            return website

        yield open_at


def test_a_website_that_does_not_answer_is_not_waited_for(
    opened: Callable[..., HttpWebsite], script: Platform
) -> None:
    gate = threading.Event()
    script.always(OUTAGES_PATH, Scripted(gate=gate))
    with pytest.raises(BackendUnavailable, match="read timed out"):
        opened(script.base_url + OUTAGES_PATH, read_timeout_s=0.1).fetch(OUTAGES, None)
    gate.set()


def test_a_website_that_is_not_there_is_unavailable(opened: Callable[..., HttpWebsite]) -> None:
    with pytest.raises(BackendUnavailable, match="connection refused"):
        opened(f"http://127.0.0.1:{free_port()}/").fetch(OUTAGES, None)


def test_a_redirect_without_end_is_not_read(website: HttpWebsite, script: Platform) -> None:
    script.script(
        OUTAGES_PATH, Scripted(status=302, declared=10**9, headers=(("Location", "/new"),))
    )
    script.script("/new", GOOD)
    assert len(website.fetch(OUTAGES, None).items) == 1
