"""The dialogs of this service, with their machines, words and rules: made once at start-up."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from transitions import Machine

from dialogs.engine import machine
from dialogs.engine.definition import Backends, Dialog, Policy
from dialogs.engine.inbound import Inbound
from dialogs.engine.wording import Wording


@dataclass(frozen=True, slots=True)
class House:
    dialogs: Mapping[str, Dialog]
    machines: Mapping[str, Machine]
    patterns: tuple[tuple[str, re.Pattern[str]], ...]
    wording: Wording
    policy: Policy

    def hears(self, word: str) -> str:
        """The dialog whose pattern the word fits (`Dialog.hears`), or ''."""
        for name, pattern in self.patterns:
            if pattern.match(word):
                return name
        return ""


@dataclass(frozen=True, slots=True)
class Moment:
    """What one message brings: itself, the city's time, the backends, a source of ids."""

    inbound: Inbound
    now: datetime
    ask: Backends
    new_id: Callable[[], str]

    @property
    def epoch_s(self) -> int:
        return int(self.now.timestamp())


def build(dialogs: Mapping[str, Dialog], wording: Wording, policy: Policy) -> House:
    machines = {name: machine.build(dialog) for name, dialog in dialogs.items()}
    patterns = tuple((name, one.hears) for name, one in dialogs.items() if one.hears)
    return House(dialogs, machines, patterns, wording, policy)
