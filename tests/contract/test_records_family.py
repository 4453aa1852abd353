"""What every `Records` does with links to accounts and the family invited to them."""

import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from dataclasses import replace

import pytest

from backends.errors import Overtaken
from backends.ports import (
    AccountsBound,
    BillType,
    BindingChanged,
    BindingEnded,
    Effect,
    InviteAccepted,
    InviteMade,
    InvitesRevoked,
    ProofFactor,
    Records,
    Role,
)
from backends.records.adapter import open_records
from tests.contract.household import (
    CODE,
    LAN,
    all_that_is_known,
    invite,
    invited,
    joins,
    link,
)
from tests.contract.requests import HOME, HOUR, MINUTE, NOON, QIN, SHOP, WEI
from tests.fakes import FakeRecords

OWNED = AccountsBound((link(),))


def ended(openid: str = WEI, acct_no: str = HOME, hours: int = 2, member: str = "") -> BindingEnded:
    return BindingEnded(openid, acct_no, NOON + hours * HOUR, member)


class FamilyContract:
    def test_all_links_of_an_account_are_answered_oldest_first(self, records: Records) -> None:
        records.commit([OWNED, AccountsBound((link(QIN, at=NOON - HOUR, role=Role.PAYER),))])
        records.commit([AccountsBound((link(LAN, SHOP),))])
        assert [one.openid for one in records.bound_to(HOME)] == [QIN, WEI]
        assert records.bound_to("0000000000") == ()

    def test_a_nickname_and_a_bill_type_are_changed_and_the_rest_stays(
        self, records: Records
    ) -> None:
        records.commit([OWNED, BindingChanged(WEI, HOME, NOON + HOUR, nickname="爸妈家")])
        assert records.bindings(WEI) == (link(nickname="爸妈家"),)
        paper = BillType.WECHAT_AND_PAPER
        records.commit([BindingChanged(WEI, HOME, NOON + 2 * HOUR, bill_type=paper)])
        assert records.bindings(WEI) == (link(nickname="爸妈家", bill_type=paper),)
        assert records.bound_to(HOME) == records.bindings(WEI)

    def test_a_nickname_is_the_citizen_s_own(self, records: Records) -> None:
        records.commit([OWNED, AccountsBound((link(QIN),))])
        records.commit([BindingChanged(WEI, HOME, NOON + HOUR, nickname="老家")])
        assert records.bindings(QIN) == (link(QIN),)

    def test_the_default_falls_on_one_account_only(self, records: Records) -> None:
        records.commit([AccountsBound((link(), link(acct_no=SHOP)))])
        records.commit([BindingChanged(WEI, HOME, NOON + HOUR, is_default=True)])
        records.commit([BindingChanged(WEI, SHOP, NOON + 2 * HOUR, is_default=True)])
        assert {one.acct_no: one.is_default for one in records.bindings(WEI)} == {
            HOME: False,
            SHOP: True,
        }
        records.commit([BindingChanged(WEI, SHOP, NOON + 3 * HOUR, is_default=False)])
        assert not any(one.is_default for one in records.bindings(WEI))

    def test_an_older_change_replayed_does_not_undo_a_newer_one(self, records: Records) -> None:
        old = [
            BindingChanged(WEI, HOME, NOON + HOUR, nickname="家", is_default=True),
            BindingChanged(WEI, SHOP, NOON + HOUR, nickname="店"),
        ]
        new = [
            BindingChanged(WEI, HOME, NOON + 2 * HOUR, nickname="老家"),
            BindingChanged(WEI, SHOP, NOON + 2 * HOUR, is_default=True),
        ]
        records.commit([AccountsBound((link(), link(acct_no=SHOP))), *old, *new])
        for effect in (*old, *new, *old):
            records.commit([effect])
        assert records.bindings(WEI) == (
            link(nickname="老家"),
            link(acct_no=SHOP, nickname="店", is_default=True),
        )

    def test_binding_again_keeps_what_the_citizen_calls_it(self, records: Records) -> None:
        records.commit([OWNED, BindingChanged(WEI, HOME, NOON + HOUR, "家", is_default=True)])
        again = link(at=NOON + 2 * HOUR, role=Role.PAYER)
        records.commit([AccountsBound((again,))])
        assert records.bindings(WEI) == (link(role=Role.PAYER, nickname="家", is_default=True),)

    def test_a_link_that_ended_is_gone_for_its_citizen_only(self, records: Records) -> None:
        records.commit([AccountsBound((link(), link(acct_no=SHOP), link(QIN)))])
        records.commit([ended()])
        assert records.bindings(WEI) == (link(acct_no=SHOP),)
        assert records.bound_to(HOME) == (link(QIN),)
        assert not records.owner_exists(HOME, other_than=QIN)

    def test_a_link_made_anew_is_a_new_one_and_no_replay_ends_it(self, records: Records) -> None:
        renamed = BindingChanged(WEI, HOME, NOON + HOUR, nickname="家", is_default=True)
        anew = AccountsBound((link(at=NOON + 3 * HOUR),))
        records.commit([OWNED, renamed])
        for effect in (ended(), anew, ended(), OWNED, renamed):
            records.commit([effect])
        assert records.bindings(WEI) == (link(at=NOON + 3 * HOUR),)

    def test_an_old_link_replayed_does_not_come_back(self, records: Records) -> None:
        for effect in (OWNED, ended(), OWNED):
            records.commit([effect])
        assert records.bindings(WEI) == ()

    def test_family_joins_by_an_invitation_that_is_used_once(self, records: Records) -> None:
        records.commit([OWNED, *joins()])
        assert records.bindings(QIN) == (invited(),)
        assert records.invite(CODE) == invite(state="used")
        with pytest.raises(Overtaken):
            records.commit([InviteAccepted(CODE, invited(LAN))])
        assert records.bindings(LAN) == ()

    def test_an_unknown_code_is_nobody_s_invitation(self, records: Records) -> None:
        records.commit([OWNED])
        assert records.invite(CODE) is None
        with pytest.raises(Overtaken):
            records.commit([InviteAccepted(CODE, invited())])

    def test_one_code_cannot_be_the_invitation_of_two_owners(self, records: Records) -> None:
        records.commit([OWNED, AccountsBound((link(LAN, SHOP),)), InviteMade(invite())])
        with pytest.raises(Overtaken):
            records.commit([InviteMade(invite(acct_no=SHOP, invited_by=LAN))])
        assert records.invite(CODE) == invite()

    @pytest.mark.parametrize(
        "between",
        [
            (InvitesRevoked(WEI, HOME, NOON + MINUTE),),
            (ended(hours=0),),
            (AccountsBound((link(at=NOON + MINUTE, role=Role.PAYER),)),),
        ],
        ids=["revoked", "owner_left", "owner_no_longer"],
    )
    def test_what_has_changed_since_is_overtaken_and_nothing_of_the_commit_stays(
        self, records: Records, between: tuple[Effect, ...]
    ) -> None:
        made, accepted = joins()
        records.commit([OWNED, made, *between])
        with pytest.raises(Overtaken):
            records.commit([AccountsBound((link(QIN, SHOP),)), accepted])
        assert records.bindings(QIN) == ()

    def test_an_invitation_ends_with_its_time_and_fits_its_account_and_role(
        self, records: Records
    ) -> None:
        records.commit([OWNED, InviteMade(invite())])
        for wrong in (
            invited(at=NOON + 24 * HOUR),
            invited(acct_no=SHOP),
            replace(invited(), role=Role.OWNER),
            replace(invited(), invited_by=LAN),
        ):
            with pytest.raises(Overtaken):
                records.commit([InviteAccepted(CODE, wrong)])
        assert records.invite(CODE) == invite()

    def test_revoking_takes_back_what_is_open_of_one_account(self, records: Records) -> None:
        other = invite("of-the-shop", acct_no=SHOP)
        later = invite("later", made_at=NOON + 2 * HOUR)
        records.commit([AccountsBound((link(), link(acct_no=SHOP))), *joins()])
        records.commit([InviteMade(other), InviteMade(invite("open")), InviteMade(later)])
        records.commit([InvitesRevoked(WEI, HOME, NOON + HOUR)])
        states = [getattr(records.invite(name), "state", "") for name in ("open", "of-the-shop")]
        assert states == ["revoked", "open"]
        assert records.invite("later") == later
        assert records.invite(CODE) == invite(state="used")

    def test_when_an_owner_leaves_the_family_and_open_invitations_go_along(
        self, records: Records
    ) -> None:
        by_proof = link(LAN, role=Role.VIEWER, factor=ProofFactor.OWNER_NAME)
        records.commit([OWNED, *joins(), InviteMade(invite("open")), AccountsBound((by_proof,))])
        records.commit([ended()])
        assert records.bindings(QIN) == ()
        assert records.bound_to(HOME) == (by_proof,)
        assert records.invite("open") == invite("open", state="revoked")

    def test_an_owner_ends_the_link_of_one_member(self, records: Records) -> None:
        records.commit([OWNED, *joins(), *joins(LAN, "second")])
        records.commit([ended(member=QIN)])
        assert [one.openid for one in records.bound_to(HOME)] == [WEI, LAN]

    def test_who_proves_the_account_is_theirs_is_family_no_longer(self, records: Records) -> None:
        records.commit([OWNED, *joins(), AccountsBound((link(QIN, at=NOON + 2 * HOUR),))])
        records.commit([ended(hours=3)])
        assert [one.openid for one in records.bound_to(HOME)] == [QIN]

    def test_an_acceptance_replayed_brings_no_ended_link_back(self, records: Records) -> None:
        made, accepted = joins()
        records.commit([OWNED, made, accepted, ended(member=QIN)])
        records.commit([made, accepted])
        assert records.bindings(QIN) == ()

    def test_everything_replayed_in_any_order_changes_nothing(self, records: Records) -> None:
        made, accepted = joins()
        told = [
            OWNED,
            AccountsBound((link(acct_no=SHOP),)),
            made,
            accepted,
            BindingChanged(WEI, SHOP, NOON + HOUR, nickname="店", is_default=True),
            BindingChanged(QIN, HOME, NOON + 2 * HOUR, nickname="娘家"),
            InviteMade(invite("open")),
            InvitesRevoked(WEI, HOME, NOON + 3 * HOUR),
            ended(member=QIN, hours=3),
            ended(acct_no=SHOP, hours=4),
        ]
        for effect in told:
            records.commit([effect])
        known = all_that_is_known(records)
        for effect in (*told[::-1], *told):
            records.commit([effect])
        assert all_that_is_known(records) == known


class TestSqlFamily(FamilyContract):
    @pytest.fixture
    def records(self, upgraded_url: str) -> Iterator[Records]:
        with closing(open_records(upgraded_url, pool_size=2, statement_timeout_s=5)) as records:
            yield records


class TestFakeFamily(FamilyContract):
    @pytest.fixture
    def records(self) -> Records:
        return FakeRecords()


def test_of_many_who_use_one_invitation_at_once_one_gets_it(upgraded_url: str) -> None:
    won = list[str]()

    def join(records: Records, openid: str) -> None:
        try:
            records.commit([InviteAccepted(CODE, invited(openid))])
        except Overtaken:
            return
        won.append(openid)

    with closing(open_records(upgraded_url, pool_size=4, statement_timeout_s=20)) as records:
        records.commit([OWNED, InviteMade(invite())])
        threads = [threading.Thread(target=join, args=(records, f"oMember{n}")) for n in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert [one.openid for one in records.bound_to(HOME)] == [WEI, *won]
        assert len(won) == 1


def test_nobody_joins_an_owner_who_leaves_at_that_moment(upgraded_url: str) -> None:
    """Whichever comes first: no link of the family outlives the owner's."""

    def join(records: Records, n: int) -> None:
        with suppress(Overtaken):
            records.commit([InviteAccepted(f"code{n}", invited(f"oMember{n}"))])

    with closing(open_records(upgraded_url, pool_size=4, statement_timeout_s=20)) as records:
        records.commit([OWNED, *(InviteMade(invite(f"code{n}")) for n in range(6))])
        threads = [threading.Thread(target=join, args=(records, n)) for n in range(6)]
        leaves = threading.Thread(target=records.commit, args=([ended()],))
        for thread in (*threads[:3], leaves, *threads[3:]):
            thread.start()
        for thread in (*threads, leaves):
            thread.join()
        assert records.bound_to(HOME) == ()
