"""What WeChat Pay tells by itself, as a test has it signed."""

from collections.abc import Mapping
from datetime import datetime

from backends.errors import NotGenuine
from backends.ports import RefundStanding, Transaction
from tests.fakes.switches import Switches


class FakeNotices(Switches):
    """`genuine`: body → what it says. Anything else was not signed by WeChat."""

    def __init__(self) -> None:
        super().__init__()
        self.genuine: dict[bytes, Transaction | RefundStanding | None] = {}

    def opened(
        self, headers: Mapping[str, str], body: bytes, now: datetime
    ) -> Transaction | RefundStanding | None:
        del headers, now
        self._obey()
        if body not in self.genuine:
            raise NotGenuine("wechatpay", "signature")
        return self.genuine[body]
