"""What CSMS decides about an account's holder: who is told, and whose links end."""

from typing import Any

import pytest

from backends.ports import (
    AccountsBound,
    BillType,
    Binding,
    Notice,
    ProofFactor,
    Role,
    Submission,
    SubmissionKind,
    SubmissionState,
)
from bot.wording.render import Renderer
from dialogs.engine.reply import Say
from tests.jobs.conftest import HOME, NOON, QIN, WEI, Office
from tests.shape.conftest import contract, files, renderer  # noqa: F401 - fixtures

SINCE = "2026-11-22"
FATHER = "oTESTfather"


def told(office: Office) -> dict[str, list[Notice]]:
    """All that is planned, by who is told."""
    found: dict[str, list[Notice]] = {}
    for one in office.told():
        found.setdefault(one.openid, []).append(one)
    return found


def kinds(office: Office) -> dict[str, list[str]]:
    return {who: [one.kind for one in of_one] for who, of_one in told(office).items()}


def roles(office: Office) -> dict[str, Role]:
    return {one.openid: one.role for one in office.outbox.bound_to(HOME)}


def applied(office: Office, kind: SubmissionKind, openid: str = WEI) -> Submission:
    office.follows(openid)
    made = office.submits(kind, openid)
    office.deliveries().step()
    return made


def decided(office: Office, event: str, made: Submission, **data: object) -> Submission:
    office.desk.tells(event, made.number, **data)
    assert office.events().step() == 1
    return office.stored(made)


@pytest.mark.parametrize(
    ("kind", "event", "state", "data"),
    [
        ("real_name", "real_name_approved", "done", {"since": SINCE}),
        ("real_name", "real_name_returned", "returned", {"reason": "blurred", "text": "拍糊了"}),
        ("transfer", "transfer_returned", "returned", {"reason": "arrears", "text": ""}),
        ("override", "override_returned", "returned", {"reason": "name_mismatch", "text": ""}),
        ("cancel_real_name", "cancel_refused", "returned", {"text": "户号还有欠费"}),
    ],
)
def test_a_decision_that_leaves_the_holder_is_told_and_ends_no_link(
    office: Office, kind: str, event: str, state: str, data: dict[str, Any]
) -> None:
    office.binds()
    made = applied(office, SubmissionKind(kind))
    changed = decided(office, event, made, **data)
    assert changed.state == state
    assert (changed.result or {}).items() >= data.items()
    assert kinds(office) == {WEI: [event]}
    assert roles(office) == {WEI: Role.OWNER}


def test_a_transfer_makes_the_applicant_the_only_one_bound(office: Office) -> None:
    for openid, role in ((WEI, Role.OWNER), (QIN, Role.PAYER), (FATHER, Role.OWNER)):
        office.follows(openid)
        office.binds(openid, role)
    made = applied(office, SubmissionKind.TRANSFER)
    decided(office, "transfer_approved", made, since=SINCE, benefit=True, value=1250)
    assert roles(office) == {WEI: Role.OWNER}
    assert kinds(office) == {
        WEI: ["transfer_approved"],
        QIN: ["link_ended"],
        FATHER: ["link_ended"],
    }


def test_a_change_of_owner_binds_who_was_not_bound(office: Office) -> None:
    office.follows(FATHER)
    office.binds(FATHER)
    made = applied(office, SubmissionKind.OVERRIDE)
    decided(office, "override_approved", made, since=SINCE)
    assert roles(office) == {WEI: Role.OWNER}
    assert kinds(office) == {WEI: ["override_approved"], FATHER: ["link_ended"]}


def test_whose_link_ends_learns_nothing_of_the_new_owner(office: Office) -> None:
    office.follows(FATHER)
    office.binds(FATHER)
    made = applied(office, SubmissionKind.OVERRIDE)
    decided(office, "override_approved", made, since=SINCE)
    ((notice,),) = [of_one for who, of_one in told(office).items() if who == FATHER]
    assert dict(notice.view) == {"shown": "31*****017"}


def test_a_cancelled_real_name_ends_the_link_of_who_asked_and_of_the_family_invited(
    office: Office,
) -> None:
    office.binds()
    office.binds(FATHER)
    invited = Binding(
        QIN, HOME, Role.PAYER, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, NOON, invited_by=WEI
    )
    office.commit(AccountsBound((invited,)))
    for openid in (QIN, FATHER):
        office.follows(openid)
    made = applied(office, SubmissionKind.CANCEL_REAL_NAME)
    changed = decided(office, "real_name_cancelled", made)
    assert changed.state is SubmissionState.DONE
    assert roles(office) == {FATHER: Role.OWNER}
    assert kinds(office)[WEI] == ["real_name_cancelled"]


@pytest.mark.parametrize("event", ["transfer_approved", "override_approved", "real_name_cancelled"])
def test_a_decision_about_a_request_of_another_kind_costs_nobody_a_link(
    office: Office, event: str
) -> None:
    office.binds()
    office.binds(QIN, Role.PAYER)
    made = applied(office, SubmissionKind.READING)
    decided(office, event, made, since=SINCE, benefit=False, value=1)
    assert roles(office) == {WEI: Role.OWNER, QIN: Role.PAYER}


@pytest.mark.parametrize("event", ["transfer_approved", "real_name_cancelled"])
def test_a_decision_about_nobody_s_request_is_passed(office: Office, event: str) -> None:
    office.binds()
    office.desk.tells(event, "W2611220000000", since=SINCE)
    assert office.events().step() == 1
    assert roles(office) == {WEI: Role.OWNER}


def test_who_binds_anew_after_the_change_keeps_that_link_when_it_is_taken_in_again(
    office: Office,
) -> None:
    office.follows(FATHER)
    office.binds(FATHER)
    made = applied(office, SubmissionKind.OVERRIDE)
    decided(office, "override_approved", made, since=SINCE)
    office.later(hours=1)
    again = Binding(
        FATHER, HOME, Role.PAYER, BillType.WECHAT_ONLY, ProofFactor.OWNER_NAME, office.now
    )
    office.commit(AccountsBound((again,)))
    assert office.events().step() == 0
    assert roles(office) == {WEI: Role.OWNER, FATHER: Role.PAYER}


@pytest.mark.parametrize(
    ("kind", "view", "said"),
    [
        ("real_name_approved", {"since": SINCE}, "2026年11月22日起生效"),
        ("real_name_returned", {"reason": "blurred", "text": "第二页"}, "工作人员说明：第二页"),
        ("transfer_approved", {"since": SINCE, "value": 1250, "benefit": True}, "重新算起"),
        ("transfer_approved", {"since": SINCE, "value": 1250, "benefit": False}, "没有过户优惠"),
        ("transfer_returned", {"reason": "arrears", "text": ""}, "还有欠费没有结清"),
        ("override_approved", {"since": SINCE}, "也已经帮您绑定"),
        ("override_returned", {"reason": "barcode", "text": ""}, "水表条码对不上"),
        ("real_name_cancelled", {}, "不再登记在您名下"),
        ("cancel_refused", {"text": "户号还有欠费"}, "户号还有欠费"),
        ("link_ended", {}, "户主信息已经变更"),
    ],
)
def test_each_result_is_told_in_plain_words(
    renderer: Renderer,  # noqa: F811 - fixture
    kind: str,
    view: dict[str, Any],
    said: str,
) -> None:
    shown = {"shown": "31*****017", "number": "W2611220000000", **view}
    assert said in renderer.text(Say(f"notice/{kind}", shown))
