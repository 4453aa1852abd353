"""What the HTTP routes of one sandbox share, and the way to it from inside a request."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field

from flask import current_app
from sqlalchemy import Engine

from sandbox.pay.desk import PayDesk
from sandbox.platform import Platform
from sandbox.subscriptions import Acceptances
from sandbox.switches import Switches
from sandbox.template_messages import PushDesk
from sandbox.world import World

BACKGROUND_LIMIT = 64


@dataclass(frozen=True, slots=True)
class Sandbox:
    """`switches` is None without the demo's launcher, `pay` without WeChat Pay, `city` without a
    city for the back office. `background`: room for actions that nobody waits for. `throwing`: one
    hand at the switches at a time."""

    world: World
    platform: Platform
    switches: Switches | None
    pushes: PushDesk
    pay: PayDesk | None = None
    city: Callable[[], Engine] | None = None
    acceptances: Acceptances = field(default_factory=Acceptances)
    background: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(BACKGROUND_LIMIT)
    )
    throwing: threading.Lock = field(default_factory=threading.Lock)

    def close(self) -> None:
        self.world.close()
        self.pushes.results.close()
        if self.pay is not None:
            self.pay.close()


def here() -> Sandbox:
    sandbox = current_app.extensions["sandbox"]
    assert isinstance(sandbox, Sandbox)  # noqa: S101 - create_app put it there
    return sandbox
