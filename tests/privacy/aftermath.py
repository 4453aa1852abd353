"""What is left when time has passed, or when a citizen has wished their data away: as
docs/privacy.md lists it, table by table, and the same as SQL."""

import os
import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree

from tests.privacy.story import HER, Story
from tests.privacy.surroundings import DATABASE
from tests.privacy.world import World

CLOSED = "state IN ('done', 'returned')"
OF_CLOSED = f"submission_no IN (SELECT number FROM submission WHERE {CLOSED})"  # noqa: S608
OF_OPEN = f"submission_no IN (SELECT number FROM submission WHERE NOT {CLOSED})"  # noqa: S608
NOT_PAID = "state = 'closed'"
HAD = "WeChat has or had"
PAID = "order_no IN (SELECT order_no FROM pay_order WHERE paid_at > '')"
PAPER = "purpose = 'document'"
ORPHANS_AFTER_S = 2 * 24 * 3600


@dataclass(frozen=True)
class Kept:
    """Rows of `table`, or what stands in some column of theirs: kept for `days` (None: for good),
    and gone when their citizen is `erased` (None: the table names no citizen). `written` stands in
    the table's line of docs/privacy.md, `listed` among what goes or stays of “Delete my data”."""

    table: str
    where: str
    days: int | None
    written: str
    erased: bool | None
    listed: str = ""


KEPT = (
    Kept("citizen", "1", None, "while anything refers to it", False, "openid, and when"),
    Kept("consent", "1", None, "until withdrawn", True, "consents are withdrawn"),
    Kept("withdrawn_consent", "1", 1095, "3 years after", False, "given and withdrawn"),
    Kept("binding", "ended_at IS NULL", None, "while it lasts", True, "all links to accounts end"),
    Kept("binding", "ended_at IS NOT NULL", 730, "then 24 months", False, "ended links and"),
    Kept("binding", "nickname <> ''", None, "while it lasts", True, "nicknames go"),
    Kept("invite", "state = 'open'", 731, "24 months after", True, "invitations are revoked"),
    Kept("invite", "1", 731, "24 months after", False, "ended links and invitations"),
    Kept("subscription", "1", None, "until changed or deleted", True, "topics"),
    Kept("query_password", "1", None, "until given up or deleted", True, "the query password go"),
    Kept("password_failure", "1", 180, "180 days", True, "with its failures"),
    Kept("proof_failure", "1", 180, "180 days", False, "failed proofs"),
    Kept("photo", f"NOT {PAPER} AND {OF_CLOSED}", 730, "24 months", True, "the photos of all"),
    Kept("photo", f"NOT {PAPER} AND {OF_OPEN}", 730, "24 months", False, "with their photos"),
    Kept("photo", f"{PAPER} AND {OF_CLOSED}", 30, "30 days after", True, "the photos of all"),
    Kept("photo", f"{PAPER} AND submission_no = ''", 7, "7 days when", True, "came to nothing"),
    Kept("submission", f"sealed <> '' AND {CLOSED}", 30, "30 days after the end", True, "stay"),
    Kept("submission", f"sealed <> '' AND NOT {CLOSED}", None, "after the end", False, "not at an"),
    Kept("submission", f"payload <> '{{}}' AND {CLOSED}", 730, "said: 24 months", True, "stay"),
    Kept("submission", f"payload <> '{{}}' AND NOT {CLOSED}", None, "said", False, "not at an end"),
    Kept("submission", "1", None, "Number, kind, state, times: kept", False, "number, kind"),
    Kept("notification", "1", 180, "180 days", True, "notices go"),
    Kept("push_run", "1", None, "–", None),
    Kept("push_result", "1", 180, "at most 180 days", True, "what WeChat said of messages"),
    Kept("acceptance", "1", None, "until deleted", True, "acceptances of subscription notices"),
    Kept("subscription_answer", "1", 180, "180 days", True, "acceptances of"),
    Kept("job_run", "name <> 'purge'", None, "7 days", None),
    Kept("pay_order", "asked_at IS NULL", 90, "unpaid: 90 days", True, "never taken to WeChat"),
    Kept("pay_order", f"asked_at IS NOT NULL AND {NOT_PAID}", 90, "90 days", False, "WeChat has"),
    Kept("pay_order", "payer = 'known' AND paid_at > ''", 730, "Who paid: 24", False, "WeChat has"),
    Kept("pay_order", "paid_at > ''", None, "All else of what was paid", False, HAD),
    Kept("pay_item", PAID, None, "as long as its order", None),
    Kept("pay_hold", "1", None, "until it is posted", None),
    Kept("pay_refund", "1", None, "kept", None),
    Kept("statement", "1", None, "kept", None),
    Kept("statement_row", "1", 35, "Refunds: 35 days", None),
    Kept("difference", "1", None, "kept", None),
    Kept("lane", "1", None, "while something waits", None),
    Kept("event_cursor", "1", None, "–", None),
    Kept("feed", "1", None, "until replaced", None),
)

PAYMENTS = ("pay_order", "pay_item", "pay_hold", "pay_refund")
NOT_IN_THE_STORY = (
    *("feed", "push_result", "acceptance", "subscription_answer", "job_run"),
    *("statement", "statement_row", "difference"),
    *PAYMENTS,
)
"""Tables that the story leaves empty; contract tests fill and clear them."""


@dataclass(frozen=True)
class Left:
    """How many there are of each in KEPT, in its order; the photos' names in rows and in files."""

    counts: tuple[int, ...]
    photo_rows: frozenset[str]
    photo_files: frozenset[str]


def left(folder: Path, openid: str = "") -> Left:
    """Of everybody, or of one citizen where a table names them."""
    counts = []
    with closing(sqlite3.connect(folder / DATABASE)) as database:
        for one in KEPT:
            whose = f" AND openid = '{openid}'" if openid and one.erased is not None else ""
            whose = whose.replace("openid", "invited_by") if one.table == "invite" else whose
            statement = f"SELECT count(*) FROM {one.table} WHERE {one.where}{whose}"  # noqa: S608
            counts.append(int(database.execute(statement).fetchone()[0]))
        rows = frozenset(name for (name,) in database.execute("SELECT photo_id FROM photo"))
    files = frozenset(path.stem for path in (folder / "media").rglob("*.photo"))
    return Left(tuple(counts), rows, files)


def time_passes(world: World, folder: Path, days: tuple[int, ...]) -> Mapping[int, Left]:
    """On a copy in `folder`: what `python -m jobs purge` leaves when so many days have gone by;
    0: before it."""
    with (
        closing(sqlite3.connect(world.folder / DATABASE)) as source,
        closing(sqlite3.connect(folder / DATABASE)) as copy,
    ):
        source.backup(copy)
    copytree(world.folder / "media", folder / "media")
    found = {0: left(folder)}
    for after in days:
        moment = world.days_later(after).isoformat(timespec="minutes")
        world.command(
            *("jobs", "purge", "--now", moment),
            DATABASE_URL=f"sqlite:///{folder / DATABASE}",
            MEDIA_DIR=str(folder / "media"),
        )
        found[after] = left(folder)
    return found


def is_erased(story: Story) -> None:
    """By her own wish, in the chat; the files go with the worker's next round."""
    story.goes(
        HER,
        ("我的数据", "2. 删除我的数据"),
        ("2", "1. 确认删除"),
        ("1", "已经删除"),
    )
    for path in (story.world.folder / "media").rglob("*.photo"):
        stored_s = path.stat().st_mtime - ORPHANS_AFTER_S
        os.utime(path, (stored_s, stored_s))
    story.world.loop("orphans").step()
