"""我的户号: the accounts a citizen has bound, and what the utility has on file for one of them."""

from dataclasses import asdict
from typing import Any

from backends.ports import Account, Binding
from dialogs import accounts
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.masking import masked_account, masked_address, masked_name


def opening(turn: Turn, _: None) -> Go:
    own = accounts.mine(turn)
    if not own:
        return accounts.bind_first("my_accounts")
    if len(own) == 1:
        return _detail(turn, own[0])
    return Go("several", keep={"accounts": accounts.listed(turn, own)})


def which(turn: Turn, answer: str) -> Go:
    binding = next(one for one in accounts.mine(turn) if one.acct_no == answer)
    return _detail(turn, binding)


def _detail(turn: Turn, binding: Binding) -> Go:
    found = turn.ask.csms.accounts([binding.acct_no])
    if not found:
        return Go("gone", show={"shown": masked_account(binding.acct_no)})
    return Go("chosen", show={**_view(found[0], binding), **_of_owner(turn, binding)})


def _of_owner(turn: Turn, binding: Binding) -> dict[str, Any]:
    """How the utility reaches the owner, and whether it has verified who that is."""
    if binding.role not in accounts.MANAGE:
        return {"contact": None, "real_name": False}
    contact = turn.ask.csms.contact(binding.acct_no)
    return {
        "contact": asdict(contact) if contact else None,
        "real_name": turn.ask.csms.real_name(binding.acct_no) is not None,
    }


def _view(account: Account, binding: Binding) -> dict[str, Any]:
    return {
        "shown": masked_account(account.acct_no),
        "nickname": binding.nickname,
        "is_default": binding.is_default,
        "owner": masked_name(account.owner_name),
        "address": masked_address(account.address),
        "use_class": account.use_class,
        "status": account.status,
        "people_count": account.people_count,
        "meter_code": (account.meter_code or "")[-4:],
        "prepaid_balance": account.prepaid_balance if _sees_money(binding) else None,
        "role": binding.role.value,
        "bill_type": binding.bill_type.value,
        "bound_at": binding.bound_at,
    }


def _sees_money(binding: Binding) -> bool:
    return binding.role in accounts.SEE_BILLS


MY_ACCOUNTS = Dialog(
    name="my_accounts",
    revision=1,
    private=True,
    opens=Opening(
        opening,
        {"not_bound": "not_bound", "several": "which", "chosen": "account", "gone": "gone"},
    ),
    steps={
        "which": Step(
            reads=accounts.one_of(),
            decide=which,
            leads_to={"chosen": "account", "gone": "gone"},
        ),
    },
    ends={"account": Exit.COMPLETED, "gone": Exit.COMPLETED, "not_bound": Exit.INTERRUPTED},
)
