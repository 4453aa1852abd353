"""“尾号017的2026年9月为什么比上期高”: which bill a citizen asks about. The link under a bill sends
it, so that it can be tapped long after the dialog that showed the bill has ended."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from backends.ports import Bill

PATTERN = re.compile(
    r"^(?:尾号(?P<tail>\d{2,3})的)?(?:(?P<year>20\d\d)年(?P<month>\d{1,2})月)?(?:的?账单|的?水费)?"
    r"为什么比上期[高低多少贵]$"
)
TAIL = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """Empty where the citizen did not say."""

    tail: str = ""
    period: str = ""


def read(said: str) -> Asked:
    match = PATTERN.match(said)
    if match is None:
        return Asked()
    period = f"{match['year']}-{int(match['month']):02d}" if match["year"] else ""
    return Asked(match["tail"] or "", period)


def write(account: Mapping[str, str], bill: Bill, *, higher: bool) -> str:
    year, month = bill.period.split("-")
    whose = "" if account.get("alone") else f"尾号{account['acct_no'][-TAIL:]}的"
    return f"{whose}{year}年{int(month)}月为什么比上期{'高' if higher else '低'}"
