"""The WeRoBot of this service: its reply types, our conversations.

Of WeRoBot we use message parsing (`bot.inbound`), AES (`bot.crypto`) and replies (here); its HTTP
entry, sessions and client are what docs/werobot.md says we replace, and why.
"""

import re
from collections.abc import Callable
from typing import Any

from werobot.replies import Article, ArticlesReply, TextReply, TransferCustomerServiceReply
from werobot.robot import BaseRoBot

from dialogs.engine.inbound import Inbound

GUIDES = {"meter_sample": "/guide/meter-photo"}
_LINK = re.compile(r"<a [^<>]*>([^<]*)</a>")


class ServiceRobot(BaseRoBot):  # type: ignore[misc]  # WeRoBot has no type hints
    """`now_s` dates the replies; the clock is an argument as everywhere."""

    def __init__(self, token: str, *, now_s: Callable[[], float]) -> None:
        super().__init__(config={"TOKEN": token, "SESSION_STORAGE": False})
        self._now_s = now_s

    def text(self, inbound: Inbound, content: str) -> str:
        return self._render(TextReply, inbound, content=_cdata(content))

    def card(self, inbound: Inbound, text: str, picture: str, base_url: str) -> str:
        """The text beside a picture (web/pictures/): its first line is the title. A card has no
        links of its own, a tap on it opens the picture's guide."""
        title, _, description = _LINK.sub(r"\1", text).partition("\n")
        card = Article(
            title=_cdata(title),
            description=_cdata(description.strip()),
            img=f"{base_url}/pictures/{picture}.jpg",
            url=f"{base_url}{GUIDES[picture]}",
        )
        return self._render(ArticlesReply, inbound, add=lambda reply: reply.add_article(card))

    def transfer(self, inbound: Inbound) -> str:
        """Hands the message to a person at the customer-service desk."""
        return self._render(TransferCustomerServiceReply, inbound)

    def _render(
        self,
        kind: Callable[..., Any],
        inbound: Inbound,
        add: Callable[[Any], None] = lambda reply: None,
        **fields: str,
    ) -> str:
        reply = kind(
            source=inbound.account_id,
            target=inbound.openid,
            time=int(self._now_s()),
            **fields,
        )
        add(reply)
        rendered: str = reply.render()
        # WeRoBot's templates are indented; WeChat takes a blank before <xml> for a fault.
        return rendered.strip()


def _cdata(text: str) -> str:
    return text.replace("]]>", "]]]]><![CDATA[>")
