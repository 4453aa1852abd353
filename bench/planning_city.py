"""The cities that planning is measured in, and who is bound to what is due there.

In each the same number of bills falls due, on days when none other does, spread over all accounts.
"""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from backends.ports import AccountsBound, BillType, Binding, CitizenFollowed, ProofFactor, Role
from backends.records.adapter import open_records
from backends.records.schema import upgrade
from sandbox import city

AS_OF = date(2026, 11, 22)
SEED = 1
PLANNED_AT = datetime(2031, 3, 3, 9, 35, tzinfo=ZoneInfo("Asia/Shanghai"))
DAYS = 4
"""From the day of the run to the third day after it."""
COMMITTED_AT_ONCE = 500

SPREAD = """
SELECT a.acct_no, (SELECT MAX(b.bill_id) FROM bill b WHERE b.acct_no = a.acct_no
  AND b.status <> 'reversed' AND b.amount_fen > 0) AS bill_id
FROM account a WHERE a.rowid % ? = 0
"""
OWED = "UPDATE bill SET status = 'open', paid_fen = 0, due_date = ? WHERE bill_id = ?"
LAID_OUT = "SELECT DISTINCT acct_no FROM bill WHERE due_date >= ?"


def city_of(folder: Path, accounts: int, tell: Callable[[str], None]) -> Path:
    """Built where it is missing or of an earlier edition; the million takes five minutes."""
    path = folder / f"city-{accounts}.sqlite3"
    if not path.exists() or _edition(path) != city.EDITION:
        tell(f"building a city of {accounts:,} accounts")
        city.build(f"sqlite:///{path}", accounts, SEED, as_of=AS_OF)
    return path


def fall_due(path: Path, count: int) -> list[str]:
    """The accounts of the bills that fall due, one each. A file laid out so before is kept."""
    first = PLANNED_AT.date()
    with closing(sqlite3.connect(path)) as database:
        found = [row[0] for row in database.execute(LAID_OUT, (first.isoformat(),))]
        if found:
            return _exactly(count, found, path)
        (accounts,) = database.execute("SELECT COUNT(*) FROM account").fetchone()
        every = max(accounts // (count * 5 // 4), 1)
        billed = [row for row in database.execute(SPREAD, (every,)) if row[1]][:count]
        days = [(first + timedelta(days=day)).isoformat() for day in range(DAYS)]
        rows = [(days[at % DAYS], bill_id) for at, (_, bill_id) in enumerate(billed)]
        database.executemany(OWED, rows)
        database.commit()
    return _exactly(count, [acct_no for acct_no, _ in billed], path)


def bind(url: str, acct_nos: list[str]) -> None:
    """A citizen for each account, in a new database of ours."""
    upgrade(url)
    at = PLANNED_AT - timedelta(days=100)
    with closing(open_records(url, pool_size=1, statement_timeout_s=60)) as records:
        for start in range(0, len(acct_nos), COMMITTED_AT_ONCE):
            some = acct_nos[start : start + COMMITTED_AT_ONCE]
            followed = [CitizenFollowed(f"oBENCH{acct_no}", at) for acct_no in some]
            bound = [AccountsBound((_owner(acct_no, at),)) for acct_no in some]
            records.commit([*followed, *bound])


def _owner(acct_no: str, at: datetime) -> Binding:
    openid, factor = f"oBENCH{acct_no}", ProofFactor.OWNER_NAME
    return Binding(openid, acct_no, Role.OWNER, BillType.WECHAT_ONLY, factor, at)


def _exactly(count: int, acct_nos: list[str], path: Path) -> list[str]:
    if len(acct_nos) != count:
        raise SystemExit(f"{path}: {len(acct_nos):,} bills fall due, not {count:,}; remove it")
    return acct_nos


def _edition(path: Path) -> int:
    with closing(sqlite3.connect(path)) as database:
        wanted = "SELECT value FROM city_info WHERE key = 'edition'"
        row = database.execute(wanted).fetchone()
    return int(row[0]) if row else 0
