"""Breaks a double on purpose."""

import threading


class Switches:
    """`hang(event)` makes every call wait until the event is set; `fail_with(error)` makes every
    call raise it, `fail_with(None)` ends that."""

    def __init__(self) -> None:
        self._hang: threading.Event | None = None
        self._error: Exception | None = None

    def hang(self, event: threading.Event) -> None:
        self._hang = event

    def fail_with(self, error: Exception | None) -> None:
        self._error = error

    def ping(self) -> None:
        self._obey()

    def _obey(self) -> None:
        if self._hang is not None:
            self._hang.wait()
        if self._error is not None:
            raise self._error
