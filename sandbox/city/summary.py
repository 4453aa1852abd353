"""What a finished city holds: counts, and accounts to try each situation with."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

from sqlalchemy import Connection, create_engine, func, inspect, select, text
from sqlalchemy.engine import make_url

from sandbox.city.errors import NotACity
from sandbox.city.schema import metadata

SITUATIONS = (
    "nothing_owed",
    "one_bill_owed",
    "several_owed_with_late_fee",
    "many_owed",
    "stopped_arrears",
    "no_owner_name",
    "closed",
    "company",
    "self_reading_open",
    "visit_due",
    "tier_two_soon",
    "higher_bill",
    "remote_meter",
    "no_real_name",
    "real_name_on_file",
    "transferred_twice",
    "transferred_three_times",
    "old_owner_on_file",
    "spot_check_open",
)
_EXAMPLES_EACH = 3
EDITION = 6
"""Raised whenever tables, views or examples change: an earlier city must be built anew."""
_COUNTED = (
    "account", "meter", "reading", "bill", "payment", "transfer", "spot_check", "route",
    "community",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Example:
    """What a citizen needs to bind the account and to read its meter. Amounts are yuan, as text
    with two decimals; `last_value` the dial's last reading in whole m³."""

    acct_no: str
    owner_name: str | None
    mobile: str | None
    meter_code: str | None
    last_bill_amount: Decimal | None
    bills_owed: int
    owed: Decimal
    last_value: int | None


@dataclass(frozen=True, slots=True)
class CitySummary:
    accounts: int
    seed: int
    as_of: str
    counts: Mapping[str, int]
    accounts_owing: int
    owed: Decimal
    examples: Mapping[str, tuple[Example, ...]]


def summarise(connection: Connection, seed: int, as_of: str) -> CitySummary:
    tables = metadata.tables
    counts = {
        name: connection.scalar(select(func.count()).select_from(tables[name])) or 0
        for name in _COUNTED
    }
    owing, owed_fen = connection.execute(
        text(
            "SELECT COUNT(DISTINCT acct_no),"
            " COALESCE(SUM(CAST(amount_fen - paid_fen AS BIGINT)), 0)"
            " FROM bill WHERE status IN ('open', 'partly')"
        )
    ).one()
    return CitySummary(
        accounts=counts["account"],
        seed=seed,
        as_of=as_of,
        counts=counts,
        accounts_owing=int(owing),
        owed=Decimal(int(owed_fen)).scaleb(-2),
        examples={case: _examples(connection, case) for case in SITUATIONS},
    )


def _examples(connection: Connection, case: str) -> tuple[Example, ...]:
    plant = metadata.tables["city_plant"]
    numbers = connection.scalars(
        select(plant.c.acct_no)
        .where(plant.c.case == case)
        .order_by(plant.c.acct_no)
        .limit(_EXAMPLES_EACH)
    ).all()
    return tuple(_example(connection, acct_no) for acct_no in numbers)


def _example(connection: Connection, acct_no: str) -> Example:
    owner = connection.execute(
        text("SELECT owner_name, mobile, meter_code FROM wx_account WHERE acct_no = :acct_no"),
        {"acct_no": acct_no},
    ).one()
    bills = connection.execute(
        text(
            "SELECT amount, amount - paid_amount + late_fee AS owed, status FROM wx_bill"
            " WHERE acct_no = :acct_no AND status <> 'reversed' ORDER BY period, bill_no"
        ),
        {"acct_no": acct_no},
    ).all()
    dial = connection.execute(
        text("SELECT last_value FROM wx_meter WHERE acct_no = :acct_no"), {"acct_no": acct_no}
    ).scalar()
    open_bills = [bill for bill in bills if bill.status in ("open", "partly")]
    return Example(
        acct_no=acct_no,
        owner_name=owner.owner_name,
        mobile=owner.mobile,
        meter_code=owner.meter_code,
        last_bill_amount=_yuan(bills[-1].amount) if bills else None,
        bills_owed=len(open_bills),
        owed=sum((_yuan(bill.owed) for bill in open_bills), Decimal("0.00")),
        last_value=dial,
    )


def _yuan(value: object) -> Decimal:
    # SQLite answers with a binary float; the views show at most two decimals.
    return Decimal(str(value)).quantize(Decimal("0.01"))


def store(connection: Connection, summary: CitySummary) -> None:
    rows = {
        "state": "ready",
        "edition": str(EDITION),
        "accounts": str(summary.accounts),
        "seed": str(summary.seed),
        "as_of": summary.as_of,
        "counts": json.dumps(dict(summary.counts), sort_keys=True),
        "accounts_owing": str(summary.accounts_owing),
        "owed": str(summary.owed),
    }
    for case, found in summary.examples.items():
        rows[f"examples.{case}"] = json.dumps(
            [asdict(example) for example in found], ensure_ascii=False, default=str
        )
    info = metadata.tables["city_info"]
    connection.execute(info.insert(), [{"key": key, "value": rows[key]} for key in sorted(rows)])


def built_on(url: str) -> date:
    """The city's day, which its prices and due dates count from."""
    return date.fromisoformat(_stored(url, "as_of")["as_of"])


def examples(url: str) -> dict[str, tuple[Example, ...]]:
    """The examples that `build` stored, without rebuilding anything."""
    rows = _stored(url, "examples.%").items()
    found = {key.removeprefix("examples."): json.loads(value) for key, value in rows}
    return {
        case: tuple(_from_json(item) for item in found[case])
        for case in SITUATIONS
        if case in found
    }


def _stored(url: str, like: str) -> dict[str, str]:
    address = make_url(url)
    # Connecting would leave an empty file where there was none.
    if address.get_backend_name() == "sqlite" and not Path(address.database or "").is_file():
        raise NotACity([])
    engine = create_engine(address)
    try:
        with engine.connect() as connection:
            tables = inspect(connection).get_table_names()
            if "city_info" not in tables:
                raise NotACity(sorted(tables))
            info = metadata.tables["city_info"]
            wanted = select(info.c.key, info.c.value).where(info.c.key.like(like))
            return {row.key: row.value for row in connection.execute(wanted)}
    finally:
        engine.dispose()


def _from_json(item: dict[str, str | int | None]) -> Example:
    last = item["last_bill_amount"]
    fields = {**item, "last_bill_amount": None if last is None else Decimal(str(last))}
    return Example(**{**fields, "owed": Decimal(str(item["owed"]))})  # type: ignore[arg-type]
