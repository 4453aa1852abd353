"""From the editor's hand to the citizen's phone: the stand-in, the worker's look, our own database,
the dialog and its words."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest

from backends.ports import OUTAGES, QUALITY
from backends.records.feeds import open_feeds
from backends.records.outbox import open_outbox
from backends.records.schema import upgrade
from backends.website.adapter import StoredBulletins
from bot.wording.render import Renderer
from dialogs.engine import steps
from dialogs.engine.house import House
from jobs.feeds import Feeds
from tests.fakes import FakeRecords
from tests.shape.conftest import (  # noqa: F401 - fixtures
    contract,
    files,
    renderer,
    shipped,
)
from tests.shape.meter_worlds import bound
from tests.shape.walk import World, moment
from tests.town import OWES_SEVERAL, town_csms
from tests.website.house import NOW, Site, running


@dataclass(frozen=True, slots=True)
class Street:
    """`look` is the worker's; `ask` what a citizen reads who is bound to …025, in 人民东路."""

    site: Site
    look: Callable[[], int]
    ask: Callable[[str], str]


@pytest.fixture
def street(tmp_path: Path, shipped: House, renderer: Renderer) -> Iterator[Street]:  # noqa: F811
    url = f"sqlite:///{tmp_path / 'own.sqlite3'}"
    upgrade(url)
    with (
        running() as site,
        site.website() as website,
        closing(open_feeds(url, pool_size=1, statement_timeout_s=5)) as store,
        closing(open_outbox(url, pool_size=1, statement_timeout_s=5)) as outbox,
    ):
        feeds = Feeds((OUTAGES, QUALITY), website, store, outbox, "w1", lambda: NOW)
        records = FakeRecords([bound(OWES_SEVERAL)])
        world = World(town_csms(), records, bulletins=StoredBulletins(store))

        def ask(dialog: str) -> str:
            moved = steps.begin(shipped, dialog, moment(world), {})
            return "\n".join(renderer.text(part) for part in moved.parts)

        yield Street(site, feeds.step, ask)


def test_an_outage_is_read_by_whom_it_concerns_until_water_is_back(street: Street) -> None:
    street.look()
    assert "官网现在没有停水公告（11月22日12:00查过）" in street.ask("outages")
    street.site.publish(area="港口路北段", places="港口路")
    street.look()
    assert "您绑定的户号不在停水公告的范围里，官网上共有1条公告" in street.ask("outages")
    number = street.site.publish()
    street.look()
    told = street.ask("outages")
    assert "您绑定的户号在停水公告的范围里" in told
    assert "【正在停水】人民东路" in told
    assert "港口路北段" not in told
    street.site.call(f"notices/{number}/extend", ends_at="2026-11-22T21:00")
    street.look()
    assert "预计11月22日21:00恢复（已延长）" in street.ask("outages")
    street.site.call(f"notices/{number}/restore")
    street.look()
    assert "【已恢复】人民东路" in street.ask("outages")


@pytest.mark.parametrize("switch", ["down", "garbage"])
def test_while_the_website_is_away_the_last_good_data_is_told_as_such(
    street: Street, switch: str
) -> None:
    street.site.publish()
    street.look()
    street.site.switch(switch)
    street.look()
    told = street.ask("outages")
    assert "【正在停水】人民东路" in told
    assert "官网暂时打不开，以上是11月22日12:00的信息" in told


@pytest.mark.parametrize(
    ("result", "words", "never"),
    [
        ("good", "公布的9项全部合格", "超标"),
        ("missing", "有1项没有公布：色度", "全部合格"),
        ("exceeded", "有1项超标：浑浊度", "全部合格"),
    ],
)
def test_a_day_of_water_is_told_as_it_was_published(
    street: Street, result: str, words: str, never: str
) -> None:
    street.site.call("quality", plant="城东水厂", kind="plant", result=result)
    street.look()
    told = street.ask("water_quality")
    assert words in told
    assert never not in told
