"""An account has another holder: the links of all others end. Inside the caller's transaction."""

from datetime import datetime

from sqlalchemy import Connection, select, update

from backends.ports import BillType, Binding, BindingChange, Notice, ProofFactor, Role
from backends.records import citizens, link_effects
from backends.records.tables import binding, citizen, invite


def change(connection: Connection, wanted: BindingChange, now: datetime) -> tuple[Notice, ...]:
    """What those whose links end are told, unless they have left."""
    of_account = (binding.c.acct_no == wanted.acct_no, binding.c.ended_seq == 0)
    linked = connection.execute(select(binding.c.openid).where(*of_account)).scalars().all()
    openids = {*linked, wanted.kept} - {""}
    citizens.meet(connection, [(openid, now) for openid in openids])
    others = (*of_account, binding.c.openid != wanted.kept)
    following = (
        select(binding.c.openid)
        .join_from(binding, citizen)
        .where(*others, citizen.c.left_at.is_(None))
        .order_by(binding.c.bound_at, binding.c.id)
    )
    told = connection.execute(following).scalars().all()
    link_effects.end_where(connection, now, *others)
    still_open = (invite.c.acct_no == wanted.acct_no, invite.c.state == "open")
    connection.execute(update(invite).where(*still_open).values(state="revoked"))
    if wanted.kept:
        _make_owner(connection, wanted, now)
    return tuple(wanted.told(openid) for openid in told)


def _make_owner(connection: Connection, wanted: BindingChange, now: datetime) -> None:
    """Who was linked already keeps the way of their bills."""
    owner = Binding(
        openid=wanted.kept,
        acct_no=wanted.acct_no,
        role=Role.OWNER,
        bill_type=BillType.WECHAT_AND_PAPER,
        factor=ProofFactor.DOCUMENTS,
        bound_at=now,
    )
    changed = connection.execute(
        update(binding)
        .where(
            binding.c.openid == wanted.kept,
            binding.c.acct_no == wanted.acct_no,
            binding.c.ended_seq == 0,
        )
        .values(role=owner.role.value, factor=owner.factor.value, invited_by="", changed_at=now)
    )
    if changed.rowcount == 0:
        link_effects.bind_anew(connection, owner)
