"""`FeedStore` of the ports over the platform's own database. Constructed through `open_feeds`."""

from sqlalchemy import Connection, bindparam, insert, select, update

from backends.database import Database, open_database
from backends.ports import StoredFeed
from backends.records.queries import AnyRow
from backends.records.tables import feed as feeds
from backends.records.tables_feeds import LONGEST_DATE, LONGEST_ETAG

FEED = select(feeds).where(feeds.c.name == bindparam("name"))


def open_feeds(url: str, *, pool_size: int, statement_timeout_s: float) -> "SqlFeeds":
    return SqlFeeds(
        open_database(
            "records", url, pool_size=pool_size, statement_timeout_s=statement_timeout_s, owned=True
        )
    )


class SqlFeeds:
    def __init__(self, database: Database) -> None:
        self._database = database

    def feed(self, name: str) -> StoredFeed | None:
        def look(connection: Connection) -> StoredFeed | None:
            row = connection.execute(FEED, {"name": name}).first()
            return _to_feed(row) if row else None

        return self._database.read(look)

    def keep_feed(self, feed: StoredFeed) -> None:
        """A feed that is made twice at once is a unique violation: `Database.write` runs again."""

        def keep(connection: Connection) -> None:
            values = _from_feed(feed)
            changed = connection.execute(
                update(feeds).where(feeds.c.name == feed.name).values(values)
            )
            if changed.rowcount == 0:
                connection.execute(insert(feeds).values(values | {"name": feed.name}))

        self._database.write(keep)

    def close(self) -> None:
        self._database.close()


def _to_feed(row: AnyRow) -> StoredFeed:
    return StoredFeed(
        name=row.name,
        etag=row.etag,
        last_modified=row.last_modified,
        content_hash=row.content_hash,
        items=row.items,
        changed_at=row.changed_at,
        checked_at=row.checked_at,
        failing=row.failing,
    )


def _from_feed(kept: StoredFeed) -> dict[str, object]:
    """An ETag that does not fit is as good as none: the website then answers in full."""
    return {
        "etag": kept.etag if len(kept.etag) <= LONGEST_ETAG else "",
        "last_modified": kept.last_modified[:LONGEST_DATE],
        "content_hash": kept.content_hash,
        "items": list(kept.items),
        "changed_at": kept.changed_at,
        "checked_at": kept.checked_at,
        "failing": kept.failing,
    }
