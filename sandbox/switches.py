"""The switches that break the systems behind the server. Only the demo's launcher owns those
systems; without it there is nothing to break."""

from typing import Protocol


class SwitchFailed(RuntimeError):
    """A switch that could not be thrown, with what to do about it."""


class Switches(Protocol):
    def set_csms(self, state: str) -> None:
        """ok | hang | down"""
        ...

    def set_redis(self, state: str) -> None:
        """ok | slow | down"""
        ...
