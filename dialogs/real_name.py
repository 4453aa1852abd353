"""实名登记: the owner's name on file for an account. Where another's is on file already it is a
transfer 过户: what is owed is shown first, and the meter is handed over with a photo, its code and
its reading. CSMS decides."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from backends.ports import RealName, SubmissionKind
from dialogs import accounts, consents, private
from dialogs.accounts import Account
from dialogs.engine.definition import Dialog, Exit, Go, Opening, Step, Turn
from dialogs.engine.readers import choice
from dialogs.identity import form, papers, summary
from dialogs.submissions import submit

KINDS = (SubmissionKind.REAL_NAME, SubmissionKind.TRANSFER)


def opening(turn: Turn, _: None) -> Go:
    """`parent_no` in the data: an application that was returned is made anew."""
    if not turn.policy.takes_documents:
        return Go("closed", show=_help(turn))
    if returned := form.returned(turn, KINDS):
        own = accounts.mine(turn, accounts.MANAGE)
        if same := tuple(one for one in own if one.acct_no == returned.acct_no):
            return _begin(turn, accounts.listed(turn, same)[0])
    return accounts.choose(turn, "real_name", accounts.MANAGE, _begin, accounts.not_allowed)


def which(turn: Turn, acct_no: str) -> Go:
    return _begin(turn, accounts.chosen(turn, acct_no))


def transfer(turn: Turn, answer: str) -> Go:
    if answer == "stop":
        return Go("stopped")
    bills = turn.ask.csms.unpaid_bills([turn.data["acct_no"]])
    if bills:
        total = sum((bill.owed for bill in bills), Decimal(0))
        return Go("owed", keep={"owed": {"count": len(bills), "total": f"{total:.2f}"}})
    return _person(turn, {"arrears": "none"})


def arrears(turn: Turn, answer: str) -> Go:
    if answer == "pay":
        return Go("pay", then="pay" if turn.policy.takes_payments else "arrears")
    return _person(turn, {"arrears": "take_over"})


def id_no(turn: Turn, number: str) -> Go:
    kept = private.added(turn, id_no=number)
    if turn.data["meter"] and not turn.data["whole"]:
        return Go("transfer", keep=kept)
    return summary.given(turn, kept)


def confirmation(turn: Turn, answer: str) -> Go:
    if answer == "change":
        return Go("change")
    if answer != "submit":
        return summary.change(turn, answer)
    data = turn.data
    if not accounts.may_still(turn, data["acct_no"], accounts.MANAGE):
        return accounts.not_allowed(turn)
    documents, photo_ids = papers.in_order(turn)
    made = submit(
        turn,
        SubmissionKind.TRANSFER if data["meter"] else SubmissionKind.REAL_NAME,
        {"documents": documents, **(_transfer(data) if data["meter"] else {})},
        acct_no=data["acct_no"],
        photo_ids=photo_ids,
        parent_no=data["parent_no"],
        sealed=data["private"],
    )
    return Go("submitted", effects=(made,), show={"number": made.submission.number})


def _begin(turn: Turn, account: Account) -> Go:
    keep = {name: account[name] for name in ("acct_no", "shown", "address")}
    if pending := form.under_way(turn, account["acct_no"]):
        return Go("under_way", show={**keep, "number": pending.number})
    on_file = turn.ask.csms.real_name(account["acct_no"])
    returned = form.returned(turn, KINDS, account["acct_no"])
    begun = {**keep, **form.begun(turn, returned, meter=on_file is not None)}
    if on_file:
        return Go("on_file", keep={**begun, **_on_file(on_file)}, forget_path=True)
    return _person(turn, begun)


def _person(turn: Turn, keep: Mapping[str, Any]) -> Go:
    """Of an application that was returned only what was wrong is put right."""
    if not consents.given(turn, consents.REAL_NAME):
        return Go("new", keep=keep)
    filled_in = keep.get("whole", turn.data.get("whole", False))
    return Go("put_right" if filled_in else "consented", keep=keep)


def _on_file(on_file: RealName) -> dict[str, Any]:
    left = max(on_file.benefits_allowed - on_file.benefits_used, 0)
    return {
        "holder": on_file.holder,
        "since": on_file.since.isoformat(),
        "benefits_left": left,
        "benefits_allowed": on_file.benefits_allowed,
    }


def _transfer(data: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **form.handed_over(data),
        "arrears": data["arrears"],
        "benefit": data["benefits_left"] > 0,
    }


def _help(turn: Turn) -> dict[str, str]:
    return {"hotline": turn.policy.hotline}


_PERSON = {"new": "consent", "consented": "name", "put_right": form.SUMMARY}
_STANDINGS = {"under_way": "under_way", "on_file": "transfer", **_PERSON}
REAL_NAME = Dialog(
    name="real_name",
    revision=2,
    lives=form.LIVES,
    private=True,
    opens=Opening(
        opening,
        {
            "closed": "closed",
            "not_bound": "not_bound",
            "not_allowed": "not_allowed",
            "several": "which",
            **_STANDINGS,
        },
    ),
    steps={
        "which": Step(reads=accounts.one_of(accounts.MANAGE), decide=which, leads_to=_STANDINGS),
        "transfer": Step(
            reads=choice("go_on", "stop"),
            decide=transfer,
            leads_to={"stopped": "stopped", "owed": "arrears", **_PERSON},
        ),
        "arrears": Step(
            reads=choice("pay", "take_over"),
            decide=arrears,
            leads_to={"pay": "to_arrears", **_PERSON},
        ),
        "consent": consents.step(consents.REAL_NAME, "name"),
        **form.steps(id_no, {"transfer": "mobile", "given": "id_front"}),
        "confirm": Step(
            reads=summary.submit_or_change(),
            decide=confirmation,
            leads_to={
                "submitted": "submitted",
                "not_allowed": "not_allowed",
                "change": "change",
                **form.CHANGES,
            },
        ),
    },
    ends={
        "submitted": Exit.COMPLETED,
        "under_way": Exit.COMPLETED,
        "stopped": Exit.CANCELLED,
        "declined": Exit.CANCELLED,
        "to_arrears": Exit.INTERRUPTED,
        "not_bound": Exit.INTERRUPTED,
        "not_allowed": Exit.FAILED,
        "closed": Exit.FAILED,
    },
)
