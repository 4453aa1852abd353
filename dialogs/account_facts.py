"""What a citizen types to name an account and to prove that it is theirs: its number, and the one
fact 验证信息 that the utility has chosen (`factor` in the data)."""

from backends.ports import ProofFactor
from dialogs import parsers
from dialogs.engine.definition import Bad, Ok, Turn
from dialogs.engine.readers import text

PARSERS = {
    ProofFactor.OWNER_NAME: parsers.owner_name,
    ProofFactor.LAST_BILL_AMOUNT: parsers.amount,
    ProofFactor.METER_CODE: parsers.meter_code,
    ProofFactor.MOBILE: parsers.mobile,
}


def read_number(turn: Turn, typed: str) -> Ok | Bad:
    policy = turn.policy
    return parsers.account_number(
        typed, digits=policy.account_no_digits, check=policy.account_no_check
    )


def read_fact(turn: Turn, typed: str) -> Ok | Bad:
    return PARSERS[ProofFactor(turn.data["factor"])](typed)


NUMBER = text(read_number, reasons=("format", "check_digit"))
FACT = text(read_fact, reasons=("name", "amount", "meter_code", "mobile"))
