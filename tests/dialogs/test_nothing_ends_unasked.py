"""Whatever is said in whatever order: nothing of a citizen ends, nobody is invited or joins, no
contact is changed and no order placed or dropped, but by confirming a summary; no code or number
typed is remembered."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from backends.ports import (
    BindingEnded,
    CitizenErased,
    ConsentWithdrawn,
    Effect,
    InviteAccepted,
    InviteMade,
    OrderDropped,
    OrderPlaced,
    SubmissionKind,
    SubmissionMade,
)
from dialogs.engine.record import to_json
from tests.dialogs.test_any_conversation import (  # noqa: F401 - fixtures
    ANY,
    ANY_STEPS,
    OWES_ONE,
    Said,
    Step,
    Talk,
    afresh,
    contract,
    files,
    renderer,
    shipped,
    talk_of,
)
from tests.shape.account_worlds import CODE, invited
from tests.town import OWES_SEVERAL

MOBILE = "13912345678"
BOUND = ("联系方式", "同意", OWES_ONE, "张伟", "绑好了", "1", "1")
CONTACT = tuple(map(Said, (*BOUND, "1", MOBILE, "1")))
BILL_TYPE = tuple(map(Said, (*BOUND, "取消", "账单方式", "2", "1")))
FAMILY = tuple(map(Said, (*BOUND, "取消", "家人", "1", "2", "1")))
JOINING = tuple(map(Said, (CODE, "同意", "1")))
ERASING = tuple(map(Said, (*BOUND, "取消", "我的数据", "2", "1")))
WITHDRAWING = tuple(map(Said, (*BOUND, "取消", "我的数据", "1", "1", "1")))
PAYING = tuple(map(Said, (*BOUND, "取消", "缴费", "1", "缴费", "1")))
WAYS = (CONTACT, BILL_TYPE, FAMILY, JOINING, ERASING, WITHDRAWING, PAYING)
MORE = st.lists(
    st.builds(
        Said,
        st.sampled_from(
            [
                "联系方式",
                "账单方式",
                "家人",
                "我的数据",
                "起昵称",
                "订阅停水",
                "老家",
                CODE,
                MOBILE,
                "缴费",
                "不缴了",
            ]
        ),
    ),
    max_size=4,
)
STEPS = st.builds(
    lambda way, far, more, rest: (*way[:far], *more, *rest),
    st.sampled_from(WAYS),
    st.integers(0, 12),
    MORE,
    ANY_STEPS,
)
WEIGHTY = (
    *(BindingEnded, CitizenErased, ConsentWithdrawn, InviteMade, InviteAccepted),
    *(OrderDropped, OrderPlaced),
)


def weighty(effect: Effect) -> bool:
    asked = isinstance(effect, SubmissionMade) and effect.submission.kind is SubmissionKind.CONTACT
    return asked or isinstance(effect, WEIGHTY)


def at_home(talk: Talk) -> Talk:
    """Somebody has invited the citizen."""
    talk = afresh(talk)
    talk.records.commit(invited(OWES_SEVERAL))
    return talk


def test_each_way_does_lead_to_something_weighty(talk_of: Talk) -> None:  # noqa: F811 - fixtures
    for way in (CONTACT, FAMILY, JOINING, ERASING, WITHDRAWING, PAYING[:-2]):
        talk = at_home(talk_of)
        last = [talk.take(step) for step in way][-1]
        assert last
        assert any(weighty(effect) for effect in last.effects), way[-3:]


@ANY
@given(steps=STEPS)
def test_nothing_weighty_happens_but_by_confirming_a_summary(
    talk_of: Talk,  # noqa: F811 - fixtures
    steps: Sequence[Step],
) -> None:
    talk = at_home(talk_of)
    for step in steps:
        before = talk.record.frame
        outcome = talk.take(step)
        assert MOBILE not in to_json(talk.record)
        assert CODE not in to_json(talk.record)
        if outcome and any(weighty(effect) for effect in outcome.effects):
            assert before
            assert talk.house.dialogs[before.dialog].steps[before.state].reads.confirms
            assert isinstance(step, Said)
            assert step.menu_id in ("", before.confirm_id)
