"""An owner and the family: invited, joined, removed; forwarded codes, replays, and who is told."""

import re
from dataclasses import replace
from datetime import timedelta

import pytest

from backends.errors import Overtaken
from backends.ports import InviteAccepted, InviteMade
from bot.wording.render import Renderer
from dialogs.engine import steps
from dialogs.engine.house import House
from dialogs.engine.record import Frame, Record, to_json
from tests.citizen import Citizen
from tests.dialogs.test_replayed_confirmations import up_to_the_summary
from tests.fakes import FakeRecords
from tests.service import Service
from tests.shape import walk
from tests.shape.account_worlds import AGREED, CODE, invited, world
from tests.shape.conftest import (  # noqa: F401 - fixtures
    contract,
    files,
    renderer,
    shipped,
)
from tests.shape.meter_worlds import bound
from tests.town import OWES_ONE

OWNER_BINDS = ("绑定户号", "同意", OWES_ONE, "张伟", "2", "1", "确认绑定")


def says(citizen: Citizen, *texts: str) -> str:
    told = ""
    for text in texts:
        told = citizen.says(text).plain
    return told


def code_of(owner: Citizen) -> str:
    told = says(owner, "家人", "邀请家人", "查看家人", "发邀请码")
    found = re.search(r"邀请码：(\w{4} \w{4})", told)
    assert found
    return found[1]


@pytest.fixture
def owner(service: Service) -> Citizen:
    owner = service.citizen()
    assert "绑定成功" in says(owner, *OWNER_BINDS)
    return owner


def test_a_code_makes_one_member_and_the_owner_is_told(
    service: Service, records: FakeRecords, owner: Citizen
) -> None:
    member, other = service.citizen(), service.citizen()
    code = code_of(owner)
    assert "加入成功" in says(member, code, "同意", "确认加入")
    (told,) = records.planned
    assert (told.kind, told.openid, told.view["role"]) == ("family_joined", owner.openid, "viewer")
    assert member.openid not in str(told.view)
    refused = says(other, code)
    assert "已经用过" in refused
    assert "31*****017" not in refused
    assert records.bindings(other.openid) == ()


def test_two_with_the_same_code_before_either_confirms(
    service: Service, records: FakeRecords, owner: Citizen
) -> None:
    first, second, code = service.citizen(), service.citizen(), code_of(owner)
    says(first, code, "同意")
    says(second, code, "同意")
    assert "加入成功" in says(second, "确认加入")
    assert "刚刚失效了" in says(first, "确认加入")
    assert records.bindings(first.openid) == ()


def test_a_removed_member_sees_nothing_any_more_not_even_in_the_middle_of_a_dialog(
    service: Service, records: FakeRecords, owner: Citizen
) -> None:
    member = service.citizen()
    says(member, code_of(owner), "同意", "确认加入")
    says(member, "绑定户号", "3100000033", "李静", "2", "1", "确认绑定")
    assert "1. 31*****017" in says(member, "查欠费")
    assert "已经移除" in says(owner, "家人", "移除家人", "1", "确认移除")
    assert "不再绑定" in says(member, "1")
    assert "31*****017" not in says(member, "我的户号")
    told = records.planned[-1]
    assert (told.kind, told.openid) == ("family_removed", member.openid)


def test_family_goes_with_the_owner_who_has_everything_deleted(
    service: Service, records: FakeRecords, owner: Citizen
) -> None:
    member = service.citizen()
    open_code = code_of(owner)
    says(member, code_of(owner), "同意", "确认加入")
    assert "已经删除" in says(owner, "我的数据", "删除我的数据", "确认删除")
    assert records.bindings(member.openid) == ()
    assert "已经用过、过期" in says(service.citizen(), open_code)


def test_a_revoked_code_is_of_no_use(service: Service, owner: Citizen) -> None:
    code = code_of(owner)
    says(owner, "家人", "作废邀请码")
    assert "不对，或者已经用过" in says(service.citizen(), code)


def test_an_invitation_run_again_is_the_same_code_and_the_code_is_kept_nowhere(
    shipped: House,  # noqa: F811 - fixtures
    renderer: Renderer,  # noqa: F811 - fixtures
) -> None:
    here = world(bound(OWES_ONE), AGREED)
    frame = up_to_the_summary(shipped, here, "family", ("1", "1"))
    moment = walk.moment(here, "1", 9)
    first = steps.answer(shipped, frame, moment)
    here.records.commit(first.effects)
    later = replace(moment, now=moment.now + timedelta(minutes=3))
    again = steps.answer(shipped, frame, later)
    here.records.commit(again.effects)
    assert again.effects == first.effects
    told = renderer.text(first.parts[0])
    assert renderer.text(again.parts[0]) == told
    code = re.search(r"邀请码：(\w{4}) (\w{4})", told)
    assert code
    (made,) = first.effects
    assert isinstance(made, InviteMade)
    assert "".join(code.groups()).lower() not in str(made) + to_json(Record(frame=frame)).lower()


def test_joining_run_again_is_the_same(shipped: House) -> None:  # noqa: F811 - fixtures
    here = world(*invited(), AGREED)
    frame = joining(shipped, here)
    moment = walk.moment(here, "1", 9)
    first = steps.answer(shipped, frame, moment)
    here.records.commit(first.effects)
    again = steps.answer(shipped, frame, replace(moment, now=moment.now + timedelta(seconds=9)))
    here.records.commit(again.effects)
    assert [part.template for part in again.parts] == ["join_family/joined"]
    assert again.effects[0] == first.effects[0]


def test_joining_decided_upon_what_has_changed_is_refused(
    shipped: House,  # noqa: F811 - fixtures
) -> None:
    here = world(*invited(), AGREED)
    moved = steps.answer(shipped, joining(shipped, here), walk.moment(here, "1", 9))
    accepted = next(one for one in moved.effects if isinstance(one, InviteAccepted))
    others = replace(accepted, binding=replace(accepted.binding, openid="oTHIRD"))
    here.records.commit([others])
    with pytest.raises(Overtaken):
        here.records.commit(moved.effects)


def joining(house: House, here: walk.World) -> Frame:
    frame = steps.begin(house, "join_family", walk.moment(here, CODE), {}).frame
    assert frame
    assert frame.state == "confirm"
    return frame
