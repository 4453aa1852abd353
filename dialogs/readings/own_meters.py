"""The meters a citizen may read, as a list to choose from."""

from collections.abc import Mapping, Sequence
from typing import Any

from backends.ports import Binding, Meter
from dialogs import accounts
from dialogs.engine.definition import Turn
from dialogs.masking import brief_address, masked_account

CODE_SHOWN = 4
MOST_LISTED = 10  # the record has no room for more


def may_read(turn: Turn) -> tuple[Binding, ...]:
    return accounts.mine(turn, accounts.READ_METERS)


def meant_by(turn: Turn, number: str, meters: Sequence[Meter]) -> Meter | None:
    """The meter of the citizen's reading of this number."""
    submission = turn.ask.records.submission(number) if number else None
    if submission is None or submission.openid != turn.openid:
        return None
    code = submission.payload.get("meter_code")
    return next((one for one in meters if one.meter_code == code), None)


def listed(turn: Turn, meters: Sequence[Meter]) -> list[dict[str, str]]:
    addresses = {one["acct_no"]: one["address"] for one in accounts.listed(turn, may_read(turn))}
    return [
        {
            "acct_no": meter.acct_no,
            "meter_code": meter.meter_code,
            "address": brief_address(addresses[meter.acct_no], of=len(meters)),
        }
        for meter in meters[:MOST_LISTED]
    ]


def choices(data: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    return tuple((meter["meter_code"], _label(meter)) for meter in data["meters"])


def shown(turn: Turn, meter: Meter) -> dict[str, str]:
    """What tells the meter from the citizen's others."""
    own = [one for one in may_read(turn) if one.acct_no == meter.acct_no]
    address = next((one["address"] for one in accounts.listed(turn, tuple(own))), "")
    return {
        "shown": masked_account(meter.acct_no),
        "address": address,
        "code_end": meter.meter_code[-CODE_SHOWN:],
    }


def _label(meter: Mapping[str, str]) -> str:
    account = f"{masked_account(meter['acct_no'])} {meter['address']}".strip()
    return f"{account}（{meter['meter_code'][-CODE_SHOWN:]}）"
