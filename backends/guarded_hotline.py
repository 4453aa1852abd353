"""`ports.Hotline` behind a guard (guard.py). Constructed in bot/app.py."""

from backends.guard import Guard
from backends.ports import Hotline, Nearby, Place


class GuardedHotline:
    def __init__(self, hotline: Hotline, guard: Guard) -> None:
        self._hotline = hotline
        self._guard = guard

    def nearby(self, fault: str, place: Place) -> Nearby:
        return self._guard.run(lambda: self._hotline.nearby(fault, place))

    def ping(self) -> None:
        """Guarded too: where few report a fault, the readiness check is what finds it well."""
        self._guard.run(self._hotline.ping)
