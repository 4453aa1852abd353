"""What one sandbox plays: the account's identity, its secrets, and where the server answers."""

from dataclasses import dataclass, field
from enum import StrEnum
from urllib.parse import urlsplit


class Mode(StrEnum):
    PLAIN = "plain"
    SAFE = "safe"


@dataclass(frozen=True, slots=True)
class Hint:
    """A line the page offers to whoever plays the citizen."""

    title: str
    text: str


ACCOUNT_NAME = "云川水务"


@dataclass(frozen=True, slots=True)
class SandboxConfig:
    """`public_url`: where the server reaches this sandbox, for the picture addresses in callbacks.
    `previous_aes_key`: the key before the last change, for the rotation switch."""

    appid: str
    secret: str = field(repr=False)
    token: str = field(repr=False)
    aes_key: str = field(repr=False)
    account_id: str
    server_url: str
    public_url: str = "http://127.0.0.1:8000"
    mode: Mode = Mode.SAFE
    name: str = ACCOUNT_NAME
    callback_path: str = "/wechat"
    seed: int = 1
    previous_aes_key: str = field(default="", repr=False)
    hints: tuple[Hint, ...] = ()
    connect_timeout_s: float = 3.0
    late_window_s: float = 10.0
    reorder_hold_s: float = 0.5
    agent_account: str = "shuiwu01@yunchuan"

    def __post_init__(self) -> None:
        # A plain "safe" would otherwise be equal to Mode.SAFE and still be compared in vain.
        object.__setattr__(self, "mode", Mode(self.mode))
        if urlsplit(self.server_url).scheme != "http" or self.server_url.endswith("/"):
            raise ValueError(
                f"server_url is {self.server_url!r}: callbacks are delivered over plain http;"
                " give http://host:port of the server, without a slash at the end"
            )
        needed = [self.aes_key] if self.mode is Mode.SAFE else []
        for key in (*needed, *filter(None, (self.aes_key, self.previous_aes_key))):
            if len(key) != 43:
                raise ValueError(
                    f"an AES key has {len(key)} characters instead of 43: take the base64 of 32"
                    " random bytes without its trailing '='"
                )
