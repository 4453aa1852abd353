"""What every `Csms` does: the adapter on each database, and the double that other tests use."""

from collections.abc import Iterator
from decimal import Decimal

import pytest

from backends.csms.adapter import SqlCsms, open_csms
from backends.ports import Csms, ProofFactor
from tests.contract.city import (
    ACCOUNTS,
    ALI,
    BILLS,
    CLOSED_ACCT,
    COMPANY,
    LIN,
    MISSING,
    MOBILES,
    NO_NAME,
    REVERSED,
)
from tests.contract.exchange import publish
from tests.fakes import FakeCsms


@pytest.fixture(scope="module")
def sql_csms(shared_database_url: str) -> Iterator[SqlCsms]:
    publish(shared_database_url, ACCOUNTS, BILLS, mobiles=MOBILES, reversed_bills=REVERSED)
    adapter = open_csms(shared_database_url, pool_size=4, statement_timeout_s=5)
    yield adapter
    adapter.close()


@pytest.fixture
def fake_csms() -> FakeCsms:
    return FakeCsms(ACCOUNTS, BILLS, mobiles=MOBILES, reversed_bills=REVERSED)


class CsmsContract:
    @pytest.mark.parametrize(
        ("acct_no", "factor", "answer"),
        [
            (LIN, ProofFactor.OWNER_NAME, " 林 晓 "),
            (ALI, ProofFactor.OWNER_NAME, "阿依古丽•买买提"),
            (COMPANY, ProofFactor.OWNER_NAME, "linjiang(林江)ＦＯＯＤＳ"),
            (LIN, ProofFactor.LAST_BILL_AMOUNT, "￥５６．７元"),
            (LIN, ProofFactor.METER_CODE, "01260100000017"),
            (LIN, ProofFactor.METER_CODE, "000017"),
            (LIN, ProofFactor.MOBILE, "+86 138-1234-5678"),
        ],
    )
    def test_it_proves_an_account_by_any_factor_however_it_is_typed(
        self, csms: Csms, acct_no: str, factor: ProofFactor, answer: str
    ) -> None:
        proven = csms.prove(acct_no, factor, answer)
        assert proven is not None
        assert proven.acct_no == acct_no

    @pytest.mark.parametrize(
        ("acct_no", "factor", "answer"),
        [
            (LIN, ProofFactor.OWNER_NAME, "林小"),
            (LIN, ProofFactor.OWNER_NAME, ""),
            (LIN, ProofFactor.LAST_BILL_AMOUNT, "56.71"),
            (LIN, ProofFactor.LAST_BILL_AMOUNT, "999.00"),
            (LIN, ProofFactor.METER_CODE, "00017"),
            (LIN, ProofFactor.MOBILE, "13812345679"),
        ],
    )
    def test_it_proves_nothing_by_an_answer_that_does_not_fit(
        self, csms: Csms, acct_no: str, factor: ProofFactor, answer: str
    ) -> None:
        assert csms.prove(acct_no, factor, answer) is None

    @pytest.mark.parametrize("answer", ["王老五", "33.30", "33", "13900000000", "000033"])
    @pytest.mark.parametrize("factor", ProofFactor)
    def test_it_proves_nothing_about_a_closed_account(
        self, csms: Csms, factor: ProofFactor, answer: str
    ) -> None:
        assert csms.prove(CLOSED_ACCT, factor, answer) is None

    @pytest.mark.parametrize("answer", ["", "0", "0.00", "None", "林晓"])
    @pytest.mark.parametrize("factor", ProofFactor)
    @pytest.mark.parametrize("acct_no", [MISSING, NO_NAME])
    def test_it_proves_nothing_where_no_such_fact_is_on_file(
        self, csms: Csms, acct_no: str, factor: ProofFactor, answer: str
    ) -> None:
        assert csms.prove(acct_no, factor, answer) is None

    def test_a_last_bill_of_nothing_proves_nothing(self, csms: Csms) -> None:
        assert csms.prove(COMPANY, ProofFactor.LAST_BILL_AMOUNT, "0.00") is None

    @pytest.mark.parametrize("acct_no", ["", "' OR 1=1 --", "01\x0000", "\ud800", "7" * 5000, "户"])
    def test_it_takes_any_text_for_an_account_number(self, csms: Csms, acct_no: str) -> None:
        assert csms.prove(acct_no, ProofFactor.OWNER_NAME, "林晓\x00\ud800") is None
        assert csms.accounts([acct_no]) == ()
        assert csms.unpaid_bills([acct_no]) == ()

    def test_it_answers_accounts_in_the_order_asked_and_leaves_out_unknown_ones(
        self, csms: Csms
    ) -> None:
        answered = csms.accounts([ALI, MISSING, LIN, ALI, CLOSED_ACCT])
        assert answered == (ACCOUNTS[3], ACCOUNTS[0], ACCOUNTS[2])

    def test_it_answers_unpaid_bills_by_account_and_oldest_first(self, csms: Csms) -> None:
        answered = csms.unpaid_bills([ALI, MISSING, LIN, ALI])
        assert answered == (BILLS[6], BILLS[1], BILLS[2], BILLS[0])

    def test_money_and_volume_arrive_as_exact_decimals(self, csms: Csms) -> None:
        bills = csms.unpaid_bills([LIN, ALI])
        owed = [(str(bill.amount), str(bill.late_fee), str(bill.owed)) for bill in bills]
        assert owed == [
            ("0.30", "0.20", "0.50"),
            ("80.10", "1.15", "1.25"),
            ("56.70", "0.00", "56.70"),
            ("1234567890.12", "0.00", "1234567890.12"),
        ]
        assert {str(bill.volume_m3) for bill in bills} == {"18.000"}
        assert [account.prepaid_balance for account in csms.accounts([LIN])] == [Decimal("0.07")]

    def test_it_answers_nothing_when_asked_for_nothing(self, csms: Csms) -> None:
        assert csms.accounts([]) == ()
        assert csms.unpaid_bills([]) == ()

    def test_it_takes_more_numbers_than_a_database_takes_parameters(self, csms: Csms) -> None:
        crowd = [f"9{number:09}" for number in range(2500)]
        assert csms.accounts([*crowd, LIN]) == (ACCOUNTS[0],)
        assert csms.unpaid_bills([*crowd, ALI]) == (BILLS[6],)

    def test_it_answers_a_ping(self, csms: Csms) -> None:
        csms.ping()


class TestSqlCsms(CsmsContract):
    @pytest.fixture
    def csms(self, sql_csms: SqlCsms) -> Csms:
        return sql_csms


class TestFakeCsms(CsmsContract):
    @pytest.fixture
    def csms(self, fake_csms: FakeCsms) -> Csms:
        return fake_csms
