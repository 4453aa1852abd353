"""What CSMS has on file about an account's holder: contact, real name 实名, spot checks 抽检."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Contact:
    """How the utility reaches an account's holder, masked: '138****1234', 'z***@example.com', ''
    for none on file. `paper`: whether a paper bill 纸质账单 is sent."""

    acct_no: str
    mobile: str
    email: str
    paper: bool


@dataclass(frozen=True, slots=True)
class RealName:
    """The real name 实名 now on file for an account. `holder` is masked (张*). `benefits_used`:
    transfers 过户 of this calendar year that had the benefit 优惠, of `benefits_allowed`."""

    acct_no: str
    holder: str
    since: date
    benefits_used: int
    benefits_allowed: int


@dataclass(frozen=True, slots=True)
class SpotCheck:
    """A spot check 抽检 that waits for a photo of the dial, until `answer_by`."""

    check_no: str
    acct_no: str
    meter_code: str
    drawn_on: date
    answer_by: date
