"""WeChat's server API."""

from typing import Protocol


class CustomerMessages(Protocol):
    """Customer-service messages 客服消息: only inside the window a citizen's action opened."""

    def send_text(self, openid: str, content: str) -> None:
        """Raises WechatRejected (reaction CITIZEN_UNREACHABLE: window or quota closed), or
        BackendUnavailable, with `sent=True` when WeChat may have carried it out."""
        ...
