"""我的户号: the accounts a citizen has bound, and what the utility has on file for one of them."""

from typing import Any

from backends.ports import Account, Binding
from dialogs import accounts
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice_from
from dialogs.masking import masked_account, masked_address, masked_name


def opening(turn: Turn, _: None) -> Go:
    bindings = turn.ask.records.bindings(turn.openid)
    if not bindings:
        return accounts.bind_first("my_accounts")
    if len(bindings) == 1:
        return _detail(turn, bindings[0])
    return Go("several", keep={"accounts": accounts.listed(turn, bindings)})


def which(turn: Turn, answer: str) -> Go:
    for binding in turn.ask.records.bindings(turn.openid):
        if binding.acct_no == answer:
            return _detail(turn, binding)
    return Go("gone", show={"shown": masked_account(answer)})


def _detail(turn: Turn, binding: Binding) -> Go:
    found = turn.ask.csms.accounts([binding.acct_no])
    if not found:
        return Go("gone", show={"shown": masked_account(binding.acct_no)})
    return Go("chosen", show=_view(found[0], binding))


def _view(account: Account, binding: Binding) -> dict[str, Any]:
    return {
        "shown": masked_account(account.acct_no),
        "owner": masked_name(account.owner_name),
        "address": masked_address(account.address),
        "use_class": account.use_class,
        "status": account.status,
        "people_count": account.people_count,
        "meter_code": (account.meter_code or "")[-4:],
        "prepaid_balance": account.prepaid_balance,
        "role": binding.role.value,
        "bill_type": binding.bill_type.value,
        "bound_at": binding.bound_at,
    }


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
            reads=choice_from(accounts.choices),
            decide=which,
            leads_to={"chosen": "account", "gone": "gone"},
        ),
    },
    ends={"account": Exit.COMPLETED, "gone": Exit.COMPLETED, "not_bound": Exit.INTERRUPTED},
)
