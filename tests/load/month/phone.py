"""A citizen's phone: opens an order's page by way of web authorisation, presses the button, pays on
the sheet. Whoever meets a server that was just killed tries again, as people do."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import requests

from sandbox.pay import sheet
from sandbox.pay.receipts import show_payment
from sandbox.pay.sheet import SheetRefused
from sandbox.webauth.phone import HOLDER
from tests.load.month.placing import Placed
from tests.load.month.world import Month

TRIES, PAUSE_S, TIMEOUT_S = 12, 0.4, 20.0
ASKED_BY_PAGE = {"X-Requested-With": "waterdesk"}
AWAY = "away"

Call = Mapping[str, Any]


@dataclass
class Phone:
    """`refused` are the words why a button gave no pay sheet, or the sheet no payment."""

    month: Month
    openid: str
    refused: list[str] = field(default_factory=list)
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        self.session.trust_env = False
        self.session.cookies.set(HOLDER, self.openid)

    def opens(self, placed: Placed) -> bool:
        page = self._tried(lambda: self.session.get(placed.link, timeout=TIMEOUT_S))
        return page is not None and page.ok

    def presses(self, placed: Placed) -> Call | None:
        """What the page would give to WeChat."""
        address = f"{self.month.url}/pay/{placed.order_no}/call"

        def press() -> requests.Response:
            return self.session.post(address, headers=ASKED_BY_PAGE, timeout=TIMEOUT_S)

        for _ in range(TRIES):
            answer = self._tried(press)
            if answer is None:
                return None
            told = answer.json()
            if answer.ok:
                call: Call = told["call"]
                return call
            if told.get("why") != AWAY:
                self.refused.append(str(told.get("why", answer.status_code)))
                return None
            time.sleep(PAUSE_S)
        self.refused.append(AWAY)
        return None

    def pays(self, call: Call) -> bool:
        try:
            show_payment(self.month.pay, sheet.confirmed(self.month.pay, self.openid, call))
        except SheetRefused as error:
            self.refused.append(str(error))
            return False
        return True

    def asks(self, placed: Placed) -> None:
        """As the page does once the sheet has closed."""
        address = f"{self.month.url}/pay/{placed.order_no}/state"
        self._tried(lambda: self.session.get(address, timeout=TIMEOUT_S))

    def _tried(self, ask: Callable[[], requests.Response]) -> requests.Response | None:
        """None when nobody answers at all."""
        for _ in range(TRIES):
            try:
                answer = ask()
            except requests.RequestException:
                time.sleep(PAUSE_S)
                continue
            if answer.status_code < 500:
                return answer
            time.sleep(PAUSE_S)
        self.refused.append("no answer")
        return None
