"""The citizen's own accounts as dialogs list them: masked, in the order they were bound."""

from collections.abc import Mapping
from typing import Any

from backends.errors import BackendUnavailable
from backends.ports import Binding
from dialogs.engine.definition import Go, Turn
from dialogs.masking import listed_address, masked_account

ALL = "all"


def bind_first(dialog: str) -> Go:
    """Nothing is bound: bind an account, then go on with what was asked."""
    return Go("not_bound", then="bind_account", hand_over={"next": dialog})


def listed(turn: Turn, bindings: tuple[Binding, ...]) -> list[dict[str, str]]:
    """An address is a help, not a need: without CSMS the masked numbers tell them apart."""
    try:
        found = turn.ask.csms.accounts([binding.acct_no for binding in bindings])
    except BackendUnavailable:
        found = ()
    addresses = {account.acct_no: listed_address(account.address) for account in found}
    return [
        {
            "acct_no": binding.acct_no,
            "shown": masked_account(binding.acct_no),
            "address": addresses.get(binding.acct_no, ""),
        }
        for binding in bindings
    ]


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple(
        (account["acct_no"], f"{account['shown']} {account['address']}".strip())
        for account in data["accounts"]
    )


def choices_or_all(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return (*choices(data), (ALL, ""))
