"""The citizen's own accounts as dialogs list them, and who may do what with one.

Masked; the default account 默认 comes first, then the others in the order they were bound.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from backends.errors import BackendUnavailable
from backends.ports import Binding, Role
from dialogs.engine.definition import Bad, Choices, Go, Ok, Reader, Turn
from dialogs.engine.readers import choice_from
from dialogs.engine.wording import Wording
from dialogs.masking import brief_address, listed_address, masked_account

ALL = "all"
DEFAULT = "默认"

# Who may: the roles that each thing is for.
EVERYBODY = tuple(Role)
SEE_BILLS = (Role.OWNER, Role.PAYER, Role.VIEWER)
PAY = (Role.OWNER, Role.PAYER)
READ_METERS = (Role.OWNER, Role.PAYER, Role.READER)
MANAGE = (Role.OWNER,)

Account = Mapping[str, str]
NOTHING: Mapping[str, Any] = {}


def mine(turn: Turn, may: Sequence[Role] = EVERYBODY) -> tuple[Binding, ...]:
    """The citizen's links with one of these roles: the one place where it is asked who may."""
    own = [one for one in turn.ask.records.bindings(turn.openid) if one.role in may]
    return tuple(sorted(own, key=lambda one: not one.is_default))


def may_still(turn: Turn, acct_no: str, may: Sequence[Role]) -> bool:
    """A link may end, by the owner or by staff, while a dialog is under way."""
    return any(one.acct_no == acct_no for one in mine(turn, may))


def choose(
    turn: Turn,
    dialog: str,
    may: Sequence[Role],
    show: Callable[[Turn, Account], Go],
    otherwise: Callable[[Turn], Go],
    keep: Mapping[str, Any] = NOTHING,
) -> Go:
    """One account is shown at once, of several the citizen chooses (`several`). `otherwise`: what
    is said to who is bound to accounts, but to none of them in such a role."""
    own = mine(turn)
    if not own:
        return bind_first(dialog)
    allowed = tuple(one for one in own if one.role in may)
    if not allowed:
        return otherwise(turn)
    found = listed(turn, allowed)
    if len(found) > 1:
        return Go("several", keep={**keep, "accounts": found})
    return show(turn, {**found[0], "alone": "yes"})


def chosen(turn: Turn, acct_no: str) -> Account:
    found: Account = next(a for a in turn.data["accounts"] if a["acct_no"] == acct_no)
    return found


def settled_on(account: Account) -> dict[str, Any]:
    """What a dialog keeps of its account once that is chosen; the others are forgotten."""
    return {"accounts": [], **{name: account[name] for name in ("acct_no", "shown", "address")}}


def bind_first(dialog: str) -> Go:
    """Nothing is bound: bind an account, then go on with what was asked."""
    return Go("not_bound", then="bind_account", hand_over={"next": dialog})


def not_allowed(turn: Turn) -> Go:
    return Go("not_allowed", show={"hotline": turn.policy.hotline})


def shown(binding: Binding) -> str:
    """The masked number, and what the citizen calls the account."""
    masked = masked_account(binding.acct_no)
    return f"{masked}（{binding.nickname}）" if binding.nickname else masked


def listed(turn: Turn, bindings: tuple[Binding, ...]) -> list[dict[str, str]]:
    """An address is a help, not a need: without CSMS the masked numbers tell them apart."""
    try:
        found = turn.ask.csms.accounts([binding.acct_no for binding in bindings])
    except BackendUnavailable:
        found = ()
    addresses = {account.acct_no: listed_address(account.address) for account in found}
    return [_line(one, addresses.get(one.acct_no, ""), of=len(bindings)) for one in bindings]


def _line(binding: Binding, address: str, of: int) -> dict[str, str]:
    """A nickname tells more than the address does, of which the record then holds less."""
    line = {
        "acct_no": binding.acct_no,
        "shown": shown(binding),
        "address": brief_address(address, of) if binding.nickname else address,
    }
    if binding.nickname:
        line["nickname"] = binding.nickname
    if binding.is_default:
        line["default"] = "yes"
    return line


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((account["acct_no"], _label(account)) for account in data["accounts"])


def choices_or_all(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (*choices(data), (ALL, ""))


def _label(account: Account) -> str:
    label = f"{account['shown']} {account['address']}".strip()
    return f"{label}（{DEFAULT}）" if account.get("default") else label


def one_of(may: Sequence[Role] = EVERYBODY, choices: Choices = choices) -> Reader:
    """One of the accounts listed: by its place, its number, its nickname or 默认. `ended`: the
    citizen's link to it, or the role, has gone since."""
    in_list = choice_from(choices)

    def read(turn: Turn, wording: Wording, where: str) -> Ok | Bad:
        answer = in_list.read(turn, wording, where)
        if isinstance(answer, Bad):
            acct_no = _called(turn) if answer.reason == "choice" else ""
            answer = Ok(acct_no) if acct_no else answer
        if isinstance(answer, Ok) and not _all_allowed(turn, answer.value, may):
            return Bad("ended")
        return answer

    return Reader(
        wants=in_list.wants, read=read, reasons=(*in_list.reasons, "ended"), choices=choices
    )


def _called(turn: Turn) -> str:
    said = turn.inbound.word
    for account in turn.data["accounts"]:
        named = account.get("nickname", "").lower()
        if said == named or (said == DEFAULT and account.get("default")):
            found: str = account["acct_no"]
            return found
    return ""


def _all_allowed(turn: Turn, answer: str, may: Sequence[Role]) -> bool:
    asked = {one["acct_no"] for one in turn.data["accounts"]} if answer == ALL else {answer}
    return asked <= {one.acct_no for one in mine(turn, may)}
