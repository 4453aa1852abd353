"""What the demo's website has published on its first day: outages where the accounts are that one
is told to try, and water quality of yesterday."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import Engine, select

from sandbox.city import Example
from sandbox.city.schema.accounts import account
from sandbox.city.schema.places import community
from sandbox.website import editors
from sandbox.website.editors import Draft
from sandbox.website.store import WebsiteStore

POINTS = (("城东水厂", "plant"), ("江南水厂", "plant"), ("湖滨片区测点", "network"))


def seed(
    store: WebsiteStore, city: Engine, examples: Mapping[str, Sequence[Example]], now: datetime
) -> None:
    """Once: what stands there already is the editors'."""
    if store.notices() or store.quality():
        return
    mine = _community(city, examples["one_bill_owed"][0].acct_no)
    other = _another(city, mine)
    hour = now.replace(minute=0, second=0, microsecond=0)
    under_way = Draft(
        "emergency",
        f"{mine}及周边",
        (mine,),
        "管道抢修",
        hour - timedelta(hours=2),
        hour + timedelta(hours=6),
        "高层住户恢复较晚",
    )
    editors.publish(store, under_way, now)
    night = (hour + timedelta(days=1)).replace(hour=22)
    planned = Draft(
        "planned", other, (other,), "更换阀门", night, night + timedelta(hours=7), "请提前储水"
    )
    editors.publish(store, planned, now)
    over = Draft(
        "emergency", "迎宾大道东段", ("迎宾大道",), "管道抢修",
        hour - timedelta(hours=9), hour - timedelta(hours=3),
    )  # fmt: skip
    editors.restore(store, editors.publish(store, over, now), hour - timedelta(hours=3))
    for plant, kind in POINTS:
        yesterday = (now - timedelta(days=1)).date()
        editors.publish_quality(store, plant, kind, "good", yesterday, now)


def _community(city: Engine, acct_no: str) -> str:
    wanted = select(community.c.name).where(
        community.c.community_id == account.c.community_id, account.c.acct_no == acct_no
    )
    with city.connect() as connection:
        return str(connection.execute(wanted).scalar_one())


def _another(city: Engine, name: str) -> str:
    """The city's next community; in the smallest of cities there is but one."""
    wanted = select(community.c.name).where(community.c.name != name)
    with city.connect() as connection:
        found = connection.execute(wanted.order_by(community.c.community_id).limit(1)).scalar()
    return str(found or name)
