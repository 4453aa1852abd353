"""我的数据: what is kept of a citizen; a consent can be withdrawn, and everything deleted.

A consent withdrawn ends what rested on it: without the one to binding, all links end.
"""

from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from backends.ports import BindingEnded, CitizenErased, ConsentWithdrawn, Effect
from dialogs import accounts, consents
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice, choice_from, confirm

WITHDRAW, ERASE, KEEP = "withdraw", "erase", "keep"


def opening(turn: Turn, _: None) -> Go:
    kept = _kept(turn)
    return Go("kept", keep=kept) if any(kept.values()) else Go("nothing")


def overview(turn: Turn, answer: str) -> Go | Bad:
    if answer == ERASE:
        return Go("erase")
    return Go("withdraw") if turn.data["consents"] else Bad("no_consent")


def purpose(_: Turn, answer: str) -> Go:
    return Go("chosen", keep={"purpose": answer})


def purposes(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((one["purpose"], "") for one in data["consents"])


def withdrawal(turn: Turn, answer: str) -> Go:
    if answer == KEEP:
        return Go("kept")
    which = turn.data["purpose"]
    ended = accounts.mine(turn) if which == consents.BIND_ACCOUNT else ()
    effects: tuple[Effect, ...] = (
        ConsentWithdrawn(turn.openid, which, turn.now),
        *(BindingEnded(turn.openid, one.acct_no, turn.now) for one in ended),
    )
    return Go("withdrawn", effects=effects)


def erasure(turn: Turn, answer: str) -> Go:
    if answer == KEEP:
        return Go("kept")
    return Go("erased", effects=(CitizenErased(turn.openid, turn.now),))


def _kept(turn: Turn) -> dict[str, Any]:
    """In the shape that the dialog remembers and shows. An answer to subscription notices is a
    choice like the topics."""
    records, openid = turn.ask.records, turn.openid
    held = asdict(records.holdings(openid))
    accepted: int = held.pop("acceptances")
    return {
        "accounts": [
            {"shown": accounts.shown(one), "role": one.role.value} for one in accounts.mine(turn)
        ],
        "consents": [
            {"purpose": one.purpose, "on": f"{one.given_at:%Y-%m-%d}"}
            for one in records.consents(openid)
            if one.purpose in consents.CONSENTS
        ],
        **held,
        "password": bool(records.password(openid)),
        "topics": len(records.topics(openid)) + accepted,
    }


MY_DATA = Dialog(
    name="my_data",
    revision=2,
    private=True,
    opens=Opening(opening, {"kept": "overview", "nothing": "nothing"}),
    steps={
        "overview": Step(
            reads=choice(WITHDRAW, ERASE),
            decide=overview,
            leads_to={"withdraw": "purpose", "erase": "erasure"},
            refuses=("no_consent",),
        ),
        "purpose": Step(
            reads=choice_from(purposes), decide=purpose, leads_to={"chosen": "withdrawal"}
        ),
        "withdrawal": Step(
            reads=confirm(WITHDRAW, KEEP),
            decide=withdrawal,
            leads_to={"withdrawn": "withdrawn", "kept": "overview"},
        ),
        "erasure": Step(
            reads=confirm(ERASE, KEEP),
            decide=erasure,
            leads_to={"erased": "erased", "kept": "overview"},
        ),
    },
    ends={
        "nothing": Exit.COMPLETED,
        "withdrawn": Exit.COMPLETED,
        "erased": Exit.COMPLETED,
    },
)
