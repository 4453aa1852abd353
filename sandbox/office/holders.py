"""Who holds an account: the real name 实名 on file with its history, and transfers 过户."""

from collections.abc import Collection, Mapping
from datetime import date
from decimal import Decimal

from sqlalchemy import Connection, func, select

from sandbox.city.schema import metadata, real_name, transfer
from sandbox.city.schema.holder_views import BENEFITS_A_YEAR
from sandbox.office.shift import Shift

T = metadata.tables
_SALE = "sale"


def register(shift: Shift, acct_no: str, name: str) -> None:
    """The holder so far, now proven by papers."""
    cust_id = customer_of(shift, acct_no)
    customer = T["customer"]
    shift.connection.execute(
        customer.update().where(customer.c.cust_id == cust_id).values(name=name)
    )
    _update_account(shift, acct_no, owner_name=name)
    _write_real_name(shift, acct_no, cust_id)


def hand_on(shift: Shift, acct_no: str, name: str, mobile: str, value: int) -> bool:
    """To a new holder; whether with benefit, which opens the tiers 阶梯 afresh. `value`: the final
    reading of who leaves, whole m³."""
    former, benefits = customer_of(shift, acct_no), benefits_used(shift, acct_no)
    holder = _write_customer(shift, name, mobile)
    with_benefit = benefits < BENEFITS_A_YEAR
    shift.connection.execute(
        transfer.insert().values(
            transfer_id=shift.next_id(transfer.c.transfer_id),
            acct_no=acct_no,
            from_cust=former,
            to_cust=holder,
            kind=_SALE,
            done_on=shift.today,
            benefit_seq=benefits + 1 if with_benefit else 0,
            value=value,
        )
    )
    fresh = {"tier_cum_l": 0, "tier_since": shift.today} if with_benefit else {}
    names = {"owner_name": name, "invoice_name": name}
    _update_account(shift, acct_no, cust_id=holder, self_streak=0, **names, **fresh)
    _write_real_name(shift, acct_no, holder)
    return with_benefit


def forget(shift: Shift, acct_no: str) -> None:
    """The real name now on file becomes history."""
    shift.connection.execute(
        real_name.update()
        .where(real_name.c.acct_no == acct_no, real_name.c.state == "current")
        .values(state="history", ended_on=shift.today)
    )


def has_real_name(shift: Shift, acct_no: str) -> bool:
    return acct_no in real_names(shift.connection, (acct_no,))


def benefits_used(shift: Shift, acct_no: str) -> int:
    year = shift.today.year
    counted = select(func.count()).where(
        transfer.c.acct_no == acct_no,
        transfer.c.benefit_seq > 0,
        transfer.c.done_on.between(date(year, 1, 1), date(year, 12, 31)),
    )
    return shift.connection.scalar(counted) or 0


def customer_of(shift: Shift, acct_no: str) -> int:
    account = T["account"]
    found = select(account.c.cust_id).where(account.c.acct_no == acct_no)
    return int(shift.connection.execute(found).scalar_one())


def real_names(connection: Connection, acct_nos: Collection[str]) -> Mapping[str, str]:
    """Account → name now on file; accounts without one are left out."""
    customer = T["customer"]
    found = (
        select(real_name.c.acct_no, customer.c.name)
        .join(customer, customer.c.cust_id == real_name.c.cust_id)
        .where(real_name.c.acct_no.in_(acct_nos), real_name.c.state == "current")
    )
    return {row.acct_no: row.name or "" for row in connection.execute(found)}


def owed_by(connection: Connection, acct_nos: Collection[str]) -> Mapping[str, Decimal]:
    """Account → principal left to pay, yuan; accounts that owe nothing are left out."""
    bill = T["bill"]
    left = func.sum(bill.c.amount_fen - bill.c.paid_fen)
    found = (
        select(bill.c.acct_no, left.label("fen"))
        .where(bill.c.acct_no.in_(acct_nos), bill.c.status.in_(("open", "partly")))
        .group_by(bill.c.acct_no)
        .having(left > 0)
    )
    rows = connection.execute(found).all()
    return {row.acct_no: Decimal(int(row.fen)).scaleb(-2) for row in rows}


def _write_customer(shift: Shift, name: str, mobile: str) -> int:
    customer = T["customer"]
    cust_id = shift.next_id(customer.c.cust_id)
    shift.connection.execute(
        customer.insert().values(
            cust_id=cust_id,
            kind="person",
            name=name,
            mobile=mobile,
            mobile_stale=0,
            elderly=0,
            lowincome=0,
        )
    )
    return cust_id


def _write_real_name(shift: Shift, acct_no: str, cust_id: int) -> None:
    forget(shift, acct_no)
    _drop_claims(shift, acct_no)
    shift.connection.execute(
        real_name.insert().values(
            rec_id=shift.next_id(real_name.c.rec_id),
            acct_no=acct_no,
            cust_id=cust_id,
            state="current",
            verified_by="wechat",
            verified_on=shift.today,
        )
    )


def _drop_claims(shift: Shift, acct_no: str) -> None:
    """Of somebody whom the counter never verified: it is decided now."""
    shift.connection.execute(
        real_name.delete().where(real_name.c.acct_no == acct_no, real_name.c.state == "pending")
    )


def _update_account(shift: Shift, acct_no: str, **values: object) -> None:
    account = T["account"]
    shift.connection.execute(
        account.update().where(account.c.acct_no == acct_no).values(updated_at=shift.at, **values)
    )
