"""Subscription notices 订阅通知 that citizens accept, each acceptance for one of a template."""

from collections.abc import Collection

from sqlalchemy import Connection, bindparam, insert, select, update

from backends.ports import SubscriptionsAnswered
from backends.records.tables import acceptance, subscription_answer

_USE_UP = (
    update(acceptance)
    .where(
        acceptance.c.openid == bindparam("whose"),
        acceptance.c.template_id == bindparam("of_template"),
        acceptance.c.left_over > 0,
    )
    .values(left_over=acceptance.c.left_over - 1)
)
LEFT_OVER = select(acceptance.c.openid, acceptance.c.template_id, acceptance.c.left_over).where(
    acceptance.c.openid.in_(bindparam("openids", expanding=True)), acceptance.c.left_over > 0
)


def answer(connection: Connection, effect: SubscriptionsAnswered) -> None:
    """A refusal takes back all that were accepted before it."""
    key = {"openid": effect.openid, "answer_key": effect.key}
    counted = select(subscription_answer.c.openid).where(
        *(subscription_answer.c[name] == value for name, value in key.items())
    )
    if connection.execute(counted).first() is not None:
        return
    connection.execute(insert(subscription_answer).values(**key, answered_at=effect.at))
    for template_id, accepted in effect.answers.items():
        _count(connection, effect, template_id, accepted=accepted)


def use_up(connection: Connection, used: Collection[tuple[str, str]]) -> None:
    """(openid, template id) of messages that WeChat took."""
    if used:
        named = [{"whose": openid, "of_template": template} for openid, template in sorted(used)]
        connection.execute(_USE_UP, named)


def _count(
    connection: Connection, effect: SubscriptionsAnswered, template_id: str, *, accepted: bool
) -> None:
    key = {"openid": effect.openid, "template_id": template_id}
    its = [acceptance.c[name] == value for name, value in key.items()]
    known = connection.execute(select(acceptance.c.answered_at).where(*its)).first()
    if known is None:
        values = {**key, "left_over": int(accepted), "answered_at": effect.at}
        connection.execute(insert(acceptance).values(values))
    elif known.answered_at <= effect.at:
        left_over = acceptance.c.left_over + 1 if accepted else 0
        change = update(acceptance).where(*its)
        connection.execute(change.values(left_over=left_over, answered_at=effect.at))
