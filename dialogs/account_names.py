"""户号昵称: what a citizen calls an account, and which of several is the default one 默认."""

from backends.ports import BindingChanged
from dialogs import accounts
from dialogs.accounts import Account
from dialogs.engine.definition import Bad, Dialog, Exit, Go, Ok, Opening, Step, Turn
from dialogs.engine.readers import choice, text

LONGEST = 8
NAME, REMOVE, PREFER = "name", "remove", "prefer"


def opening(turn: Turn, _: None) -> Go:
    own = accounts.mine(turn)
    if not own:
        return accounts.bind_first("account_names")
    listed = accounts.listed(turn, own)
    return Go("several", keep={"accounts": listed}) if listed[1:] else _present(turn, listed[0])


def which(turn: Turn, answer: str) -> Go:
    return _present(turn, accounts.chosen(turn, answer))


def wish(turn: Turn, answer: str) -> Go | Bad:
    acct_no = turn.data["acct_no"]
    if answer == NAME:
        return Go("name")
    if answer == REMOVE:
        if not turn.data["nickname"]:
            return Bad("no_nickname")
        return Go("removed", effects=(BindingChanged(turn.openid, acct_no, turn.now, nickname=""),))
    preferred = BindingChanged(turn.openid, acct_no, turn.now, is_default=True)
    return Go("preferred", effects=(preferred,))


def read_nickname(turn: Turn, typed: str) -> Ok | Bad:
    """As it was typed, capitals and all: people read it. Letters and digits only, not digits alone:
    a number chooses from a list by its place."""
    bare = (turn.inbound.original or typed).strip().strip("“”\"'「」")
    if len(bare) > LONGEST:
        return Bad("long")
    if not bare.isalnum() or bare.isdecimal() or bare == accounts.DEFAULT:
        return Bad("letters")
    return Ok(bare)


def nickname(turn: Turn, wanted: str) -> Go | Bad:
    acct_no = turn.data["acct_no"]
    others = (one.nickname for one in accounts.mine(turn) if one.acct_no != acct_no)
    if wanted.lower() in {other.lower() for other in others}:
        return Bad("taken")
    named = BindingChanged(turn.openid, acct_no, turn.now, nickname=wanted)
    return Go("named", effects=(named,), show={"wanted": wanted})


def _present(turn: Turn, account: Account) -> Go:
    return Go(
        "found",
        keep={**accounts.settled_on(account), "nickname": account.get("nickname", "")},
        forget_path=True,
    )


ACCOUNT_NAMES = Dialog(
    name="account_names",
    revision=1,
    private=True,
    opens=Opening(opening, {"not_bound": "not_bound", "several": "which", "found": "wish"}),
    steps={
        "which": Step(reads=accounts.one_of(), decide=which, leads_to={"found": "wish"}),
        "wish": Step(
            reads=choice(NAME, REMOVE, PREFER),
            decide=wish,
            leads_to={"name": "nickname", "removed": "removed", "preferred": "preferred"},
            refuses=("no_nickname",),
        ),
        "nickname": Step(
            reads=text(read_nickname, reasons=("long", "letters")),
            decide=nickname,
            leads_to={"named": "named"},
            refuses=("taken",),
        ),
    },
    ends={
        "named": Exit.COMPLETED,
        "removed": Exit.COMPLETED,
        "preferred": Exit.COMPLETED,
        "not_bound": Exit.INTERRUPTED,
    },
)
