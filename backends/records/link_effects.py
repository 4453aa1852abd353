"""Bindings 绑定 are made, changed and ended. What is older than what stands changes nothing."""

from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, insert, or_, select, update

from backends.ports import Binding, BindingChanged, BindingEnded
from backends.records import invite_effects
from backends.records.tables import binding, citizen
from backends.records.tables_links import LONGEST_NICKNAME


def bind(connection: Connection, bound: Binding) -> None:
    rows = connection.execute(
        select(binding.c.id, binding.c.ended_at, binding.c.ended_seq).where(
            binding.c.openid == bound.openid, binding.c.acct_no == bound.acct_no
        )
    ).all()
    active = next((row.id for row in rows if row.ended_seq == 0), None)
    if active is not None:
        _bind_again(connection, active, bound)
    elif all(row.ended_at is None or row.ended_at < bound.bound_at for row in rows):
        # Otherwise the binding was ended after this effect: a replay must not bring it back.
        bind_anew(connection, bound)


def bind_anew(connection: Connection, bound: Binding) -> None:
    connection.execute(
        insert(binding).values(
            openid=bound.openid,
            acct_no=bound.acct_no,
            **_proved(bound),
            bound_at=bound.bound_at,
            changed_at=bound.bound_at,
            ended_seq=0,
            nickname=_nickname(bound.nickname),
            is_default=bound.is_default,
        )
    )


def end(connection: Connection, effect: BindingEnded) -> None:
    whose = effect.member or effect.openid
    of_account = binding.c.acct_no == effect.acct_no
    end_where(connection, effect.at, of_account, _theirs_or_invited(whose))
    invite_effects.revoke(connection, whose, effect.at, acct_no=effect.acct_no)


def end_all(connection: Connection, openid: str, at: datetime) -> None:
    """The citizen's own, and those of the family they have invited to any account."""
    end_where(connection, at, _theirs_or_invited(openid))
    invite_effects.revoke(connection, openid, at)


def end_where(connection: Connection, at: datetime, *wanted: ColumnElement[bool]) -> None:
    """A link made anew since then stays: the effect is older than it."""
    connection.execute(
        update(binding)
        .where(binding.c.ended_seq == 0, binding.c.bound_at <= at, *wanted)
        .values(ended_at=at, ended_seq=binding.c.id, is_default=False)
    )


def change(connection: Connection, effect: BindingChanged) -> None:
    theirs = (
        binding.c.openid == effect.openid,
        binding.c.acct_no == effect.acct_no,
        binding.c.ended_seq == 0,
        binding.c.bound_at <= effect.at,
    )
    values: dict[str, Any] = {"changed_at": effect.at}
    if effect.nickname is not None:
        values["nickname"] = _nickname(effect.nickname)
    if effect.bill_type is not None:
        values["bill_type"] = effect.bill_type.value
    connection.execute(
        update(binding).where(*theirs, binding.c.changed_at <= effect.at).values(values)
    )
    if effect.is_default is not None and _is_news(connection, effect):
        if effect.is_default:
            others = binding.c.openid == effect.openid, binding.c.is_default == effect.is_default
            connection.execute(update(binding).where(*others).values(is_default=False))
        connection.execute(update(binding).where(*theirs).values(is_default=effect.is_default))


def _is_news(connection: Connection, effect: BindingChanged) -> bool:
    """A default chosen since then stays, whichever account it fell on."""
    chosen = connection.execute(
        update(citizen)
        .where(
            citizen.c.openid == effect.openid,
            or_(
                citizen.c.default_chosen_at.is_(None),
                citizen.c.default_chosen_at <= effect.at,
            ),
        )
        .values(default_chosen_at=effect.at)
    )
    return chosen.rowcount > 0


def _bind_again(connection: Connection, active: int, bound: Binding) -> None:
    """What the citizen calls it stays."""
    connection.execute(
        update(binding)
        .where(binding.c.id == active, binding.c.changed_at <= bound.bound_at)
        .values(**_proved(bound), changed_at=bound.bound_at)
    )


def _proved(bound: Binding) -> dict[str, str]:
    return {
        "role": bound.role.value,
        "factor": bound.factor.value,
        "bill_type": bound.bill_type.value,
        "invited_by": bound.invited_by,
    }


def _theirs_or_invited(openid: str) -> ColumnElement[bool]:
    return or_(binding.c.openid == openid, binding.c.invited_by == openid)


def _nickname(typed: str) -> str:
    """PostgreSQL refuses the character NUL."""
    return typed.replace("\0", "")[:LONGEST_NICKNAME]
