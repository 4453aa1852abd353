"""What citizens may have typed, made fit to ask the exchange database for."""

from collections.abc import Iterator, Sequence

from backends.csms.queries import IN_LIST

NOBODY = ""
"""Asked for in place of a text that cannot be an account number: the work stays the same."""

LONGEST_ACCT_NO = 10
LONGEST_BILL_NO = 32
LONGEST_TRANSACTION_ID = 32


def asked(acct_no: str) -> str:
    return acct_no if _askable(acct_no) else NOBODY


def distinct(acct_nos: Sequence[str]) -> list[str]:
    return [acct_no for acct_no in dict.fromkeys(acct_nos) if _askable(acct_no)]


def is_bill_no(text: str) -> bool:
    return 0 < len(text) <= LONGEST_BILL_NO and text.isascii() and text.isprintable()


def is_transaction_id(text: str) -> bool:
    return 0 < len(text) <= LONGEST_TRANSACTION_ID and text.isascii() and text.isprintable()


def chunks(numbers: Sequence[str]) -> Iterator[Sequence[str]]:
    for start in range(0, len(numbers), IN_LIST):
        yield numbers[start : start + IN_LIST]


def _askable(acct_no: str) -> bool:
    return 0 < len(acct_no) <= LONGEST_ACCT_NO and acct_no.isascii() and acct_no.isalnum()
