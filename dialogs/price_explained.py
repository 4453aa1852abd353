"""水价说明: the tiers and prices of one's own account, or the residents' for who has none.

A family's reader 抄表家人 is told the general prices only: what an account pays is not for them.
"""

from backends.errors import BackendUnavailable
from dialogs import accounts
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.information import price_list

RESIDENTS = "RES"


def opening(turn: Turn, _: None) -> Go:
    own = accounts.mine(turn, accounts.SEE_BILLS)
    if not own:
        return _general(turn)
    listed = accounts.listed(turn, own)
    if len(listed) > 1:
        return Go("several", keep={"accounts": listed})
    return _mine(turn, listed[0])


def which(turn: Turn, acct_no: str) -> Go:
    return _mine(turn, accounts.chosen(turn, acct_no))


def _mine(turn: Turn, account: accounts.Account) -> Go:
    """Without CSMS nobody knows its use class: the residents' prices are better than none."""
    try:
        found = turn.ask.csms.accounts([account["acct_no"]])
    except BackendUnavailable:
        found = ()
    if not found:
        return _general(turn)
    tariff = turn.policy.tariffs.at(found[0].use_class, turn.today)
    if tariff is None:
        view = {"use_class": found[0].use_class, "hotline": turn.policy.hotline}
        return Go("unknown", show=view)
    listed = price_list.view(tariff, found[0].people_count)
    return Go("of_account", show={"account": account, "prices": listed})


def _general(turn: Turn) -> Go:
    tariff = turn.policy.tariffs.at(RESIDENTS, turn.today)
    if tariff is None:
        return Go("unknown", show={"use_class": RESIDENTS, "hotline": turn.policy.hotline})
    return Go("general", show={"prices": price_list.view(tariff)})


_SHOWN = {"of_account": "mine", "general": "general", "unknown": "unknown"}
PRICE_EXPLAINED = Dialog(
    name="price_explained",
    revision=1,
    opens=Opening(opening, {"several": "which", **_SHOWN}),
    steps={
        "which": Step(reads=accounts.one_of(accounts.SEE_BILLS), decide=which, leads_to=_SHOWN),
    },
    ends={"mine": Exit.COMPLETED, "general": Exit.COMPLETED, "unknown": Exit.FAILED},
)
