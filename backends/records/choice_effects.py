"""Consents, topics 订阅 and query passwords of a citizen. What is older than what stands changes
nothing."""

from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, insert, or_, select, update

from backends.ports import ConsentGiven, PasswordPassed, PasswordSet, TopicChosen
from backends.records.tables import consent, query_password, subscription, withdrawn_consent


def give_consent(connection: Connection, effect: ConsentGiven) -> None:
    key = {"openid": effect.openid, "purpose": effect.purpose, "version": effect.version}
    given = select(consent.c.version).where(*(consent.c[name] == key[name] for name in key))
    if connection.execute(given).first() is not None:
        return
    last = select(func.max(withdrawn_consent.c.withdrawn_at)).where(
        withdrawn_consent.c.openid == effect.openid, withdrawn_consent.c.purpose == effect.purpose
    )
    withdrawn_at = connection.execute(last).scalar()
    if withdrawn_at is None or withdrawn_at < effect.at:
        connection.execute(insert(consent).values(**key, given_at=effect.at))


def withdraw(connection: Connection, openid: str, at: datetime, *, purpose: str = "") -> None:
    """Those given until then, of one purpose or of all, move to the withdrawn: that they were
    given can still be shown."""
    wanted: list[ColumnElement[bool]] = [consent.c.openid == openid, consent.c.given_at <= at]
    if purpose:
        wanted.append(consent.c.purpose == purpose)
    for row in connection.execute(select(consent).where(*wanted)).all():
        values = row._asdict() | {"withdrawn_at": at}
        connection.execute(insert(withdrawn_consent).values(values))
    connection.execute(delete(consent).where(*wanted))


def choose_topic(connection: Connection, effect: TopicChosen) -> None:
    theirs = (
        subscription.c.openid == effect.openid,
        subscription.c.topic == effect.topic.value,
    )
    known = connection.execute(select(subscription.c.chosen_at).where(*theirs)).first()
    values = {"wanted": effect.wanted, "chosen_at": effect.at}
    if known is None:
        key = {"openid": effect.openid, "topic": effect.topic.value}
        connection.execute(insert(subscription).values(key | values))
    elif known.chosen_at <= effect.at:
        connection.execute(update(subscription).where(*theirs).values(values))


def set_password(connection: Connection, effect: PasswordSet) -> None:
    forgive(connection, effect)
    older = or_(query_password.c.set_at.is_(None), query_password.c.set_at <= effect.at)
    connection.execute(
        update(query_password)
        .where(query_password.c.openid == effect.openid, older)
        .values(hashed=effect.hashed, set_at=effect.at)
    )


def forgive(connection: Connection, effect: PasswordSet | PasswordPassed) -> None:
    theirs = query_password.c.openid == effect.openid
    known = connection.execute(select(query_password.c.forgiven_at).where(theirs)).first()
    if known is None:
        values = {"openid": effect.openid, "hashed": "", "forgiven_at": effect.at}
        connection.execute(insert(query_password).values(values))
    elif known.forgiven_at < effect.at:
        connection.execute(update(query_password).where(theirs).values(forgiven_at=effect.at))
