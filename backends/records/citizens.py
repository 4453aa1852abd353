"""The rows of citizens: locked before anything of theirs changes; who follows; who was erased."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from sqlalchemy import Connection, insert, or_, select, update

from backends.ports import CitizenFollowed, CitizenLeft
from backends.records.tables import citizen


def meet(connection: Connection, sightings: Iterable[tuple[str, datetime]]) -> None:
    """Locks them in order of their openid: two commits about the same citizens run one after the
    other and never wait crosswise. Only a citizen's very first commit can still collide."""
    first_seen: dict[str, datetime] = {}
    for openid, at in sightings:
        first_seen[openid] = min(at, first_seen.get(openid, at))
    for openid in sorted(first_seen):
        _meet(connection, openid, first_seen[openid])


def _meet(connection: Connection, openid: str, at: datetime) -> None:
    """Locks the citizen's row by an update that changes nothing: SELECT … FOR UPDATE is not known
    everywhere, and nothing else locks alike on all three databases."""
    lock = update(citizen).where(citizen.c.openid == openid)
    if connection.execute(lock.values(first_seen_at=citizen.c.first_seen_at)).rowcount == 0:
        connection.execute(insert(citizen).values(openid=openid, first_seen_at=at))


def erased(connection: Connection, openids: Collection[str]) -> Mapping[str, datetime]:
    """When those of them who had their data deleted last did."""
    found = select(citizen.c.openid, citizen.c.erased_at).where(
        citizen.c.openid.in_(openids), citizen.c.erased_at.is_not(None)
    )
    return {row.openid: row.erased_at for row in connection.execute(found)}


def follow(connection: Connection, effect: CitizenFollowed) -> None:
    """Only news: a follow replayed after the citizen left must not bring the pushes back."""
    news = (
        or_(citizen.c.followed_at.is_(None), citizen.c.followed_at < effect.at),
        or_(citizen.c.left_at.is_(None), citizen.c.left_at < effect.at),
    )
    connection.execute(
        update(citizen)
        .where(citizen.c.openid == effect.openid, *news)
        .values(followed_at=effect.at, left_at=None)
    )


def leave(connection: Connection, effect: CitizenLeft) -> None:
    """WeChat's times are whole seconds: on a tie the citizen has left, the side without pushes."""
    news = (
        or_(citizen.c.followed_at.is_(None), citizen.c.followed_at <= effect.at),
        or_(citizen.c.left_at.is_(None), citizen.c.left_at < effect.at),
    )
    connection.execute(
        update(citizen).where(citizen.c.openid == effect.openid, *news).values(left_at=effect.at)
    )
