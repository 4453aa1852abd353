"""After a full run, no private value can be read anywhere: database, files, Redis, log, replies,
what was handed over, what commands say."""

import json
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager

import pytest
import redis
import requests

from backends.records.tables import metadata
from tests.privacy.search import Place, search
from tests.privacy.story import HER, Story
from tests.privacy.surroundings import CITY, DATABASE
from tests.privacy.values import PAPERS
from tests.privacy.world import OURS_IN_THE_CITY, World

PLANTED = "13344556677"
TOKEN = b"gAAAAA"


def test_no_private_value_is_anywhere_in_clear(everything: tuple[Place, ...], story: Story) -> None:
    assert search(everything, story.values, PAPERS) == []


def test_all_places_were_looked_at_and_hold_what_was_sealed(everything: tuple[Place, ...]) -> None:
    found = {place.name: place.data for place in everything}
    tables = {name.split()[1].split(".")[0] for name in found if name.startswith("row ")}
    assert tables >= {*metadata.tables, *OURS_IN_THE_CITY}
    assert {f"file {DATABASE}", "file hotline.sqlite3", "log", "commands", f"told {HER}"} <= {
        *found
    }
    assert sum(name.endswith(".photo") for name in found) >= 15
    assert not any(CITY in name for name in found)
    journal = next(data for name, data in found.items() if name.endswith(".incr.aof"))
    records = [data for name, data in found.items() if name.endswith("}:record")]
    assert sum(TOKEN in record for record in records) >= 3
    for data in (journal, found["row submission.sealed"], found["row wx_request.private"]):
        assert TOKEN in data
    events = {json.loads(line)["event"] for line in found["log"].splitlines() if line[:1] == b"{"}
    assert events >= {"turn", "submission_handed_over", "pushes", "application_seen", "desk_down"}
    told = found[f"told {HER}"].decode()
    assert all(
        words in told for words in ("138****5678", "实名登记通过了", "过户办好了", "您的投诉有答复")
    )


def test_a_photo_that_is_handed_on_tells_nothing_but_the_picture(story: Story) -> None:
    """Whoever has a signed link sees the papers; not where and by whom they were taken."""
    links = story.world.query("SELECT url FROM wx_request_file ORDER BY request_no, file_no")
    assert len(links) >= 10
    for (url,) in links[:3]:
        picture = requests.get(url, timeout=10).content
        assert {one.what for one in search([Place("link", picture)], story.values, {})} == {
            "a JPEG"
        }


@contextmanager
def _row(world: World) -> Iterator[str]:
    with closing(sqlite3.connect(world.folder / DATABASE)) as database:
        database.execute("UPDATE citizen SET first_seen_at = first_seen_at || ?", (PLANTED,))
        database.commit()
        yield "row citizen.first_seen_at"
        database.execute(
            "UPDATE citizen SET first_seen_at = replace(first_seen_at, ?, '')", (PLANTED,)
        )
        database.commit()


@contextmanager
def _event(world: World) -> Iterator[str]:
    with closing(sqlite3.connect(world.folder / CITY)) as database:
        database.execute("UPDATE wx_event SET ext_no = ? WHERE ext_no IS NULL", (PLANTED,))
        database.commit()
        yield "row wx_event.ext_no"
        database.execute("UPDATE wx_event SET ext_no = NULL WHERE ext_no = ?", (PLANTED,))
        database.commit()


@contextmanager
def _file(world: World) -> Iterator[str]:
    (world.folder / "media" / "x.new").write_text(json.dumps({"tel": PLANTED}))
    yield "file media/x.new"
    (world.folder / "media" / "x.new").unlink()


@contextmanager
def _key(world: World) -> Iterator[str]:
    with closing(redis.Redis.from_url(world.redis_url)) as client:
        client.set("wd:x", PLANTED)
        yield "redis wd:x"
        client.delete("wd:x")


@contextmanager
def _journal(world: World) -> Iterator[str]:
    """Gone at once, and found all the same."""
    with closing(redis.Redis.from_url(world.redis_url)) as client:
        client.set("wd:y", PLANTED)
        client.delete("wd:y")
    yield "file redis/appendonlydir/appendonly.aof.1.incr.aof"


@contextmanager
def _line(world: World) -> Iterator[str]:
    world.log.write(json.dumps({"event": "x", "why": f"no such mobile {PLANTED}"}))
    yield "log"


@contextmanager
def _answer(world: World) -> Iterator[str]:
    world.told.append(PLANTED)
    yield "commands"


@contextmanager
def _bubble(world: World) -> Iterator[str]:
    citizen = world.sandbox.world.citizen(world.phone(HER).openid)
    world.sandbox.world.show(citizen, "account", "reply", "text", text=f"手机{PLANTED}")
    yield f"told {HER}"


@pytest.mark.parametrize("plant", [_row, _event, _file, _key, _journal, _line, _answer, _bubble])
def test_a_value_planted_in_the_run_itself_is_found(
    everything: tuple[Place, ...],
    story: Story,
    plant: Callable[[World], AbstractContextManager[str]],
) -> None:
    planted = {"planted": PLANTED}
    assert search(everything, planted, {}) == []
    with plant(story.world) as where:
        found = {one.place for one in search(story.world.everything(), planted, {})}
    assert where in found
