"""The WeRoBot of this service: its reply types, our conversations.

Of WeRoBot we use message parsing (`bot.inbound`), AES (`bot.crypto`) and replies (here); its HTTP
entry, sessions and client are what docs/werobot.md says we replace, and why.
"""

from collections.abc import Callable
from typing import Any

from werobot.replies import TextReply, TransferCustomerServiceReply
from werobot.robot import BaseRoBot

from dialogs.engine.inbound import Inbound


class ServiceRobot(BaseRoBot):  # type: ignore[misc]  # WeRoBot has no type hints
    """`now_s` dates the replies; the clock is an argument as everywhere."""

    def __init__(self, token: str, *, now_s: Callable[[], float]) -> None:
        super().__init__(config={"TOKEN": token, "SESSION_STORAGE": False})
        self._now_s = now_s

    def text(self, inbound: Inbound, content: str) -> str:
        return self._render(TextReply, inbound, content=content.replace("]]>", "]]]]><![CDATA[>"))

    def transfer(self, inbound: Inbound) -> str:
        """Hands the message to a person at the customer-service desk."""
        return self._render(TransferCustomerServiceReply, inbound)

    def _render(self, reply: Callable[..., Any], inbound: Inbound, **fields: str) -> str:
        rendered: str = reply(
            source=inbound.account_id,
            target=inbound.openid,
            time=int(self._now_s()),
            **fields,
        ).render()
        # WeRoBot's templates are indented; WeChat takes a blank before <xml> for a fault.
        return rendered.strip()
