"""What WeChat refuses several times in a row is left alone for a while: asking for it a hundred
thousand times more would mend nothing."""

import threading
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

EVERYTHING, TEMPLATES = "everything", "templates"
# One refusal may be a hiccup of one of WeChat's machines.
IN_A_ROW = 5


@dataclass(frozen=True, slots=True)
class Breaker:
    """Shared by the threads of a process. A scope is EVERYTHING, all TEMPLATES, or a template's id.
    When its time is over, one refusal more closes it again, one success clears it."""

    _refused: Counter[str] = field(default_factory=Counter)
    _closed_until: dict[str, datetime] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def refused(self, scope: str, until: datetime, *, times: int = IN_A_ROW) -> bool:
        """Whether that has closed it."""
        with self._lock:
            self._refused[scope] += 1
            if self._refused[scope] < times:
                return False
            earlier = self._closed_until.get(scope)
            self._closed_until[scope] = until
            return earlier is None or earlier < until

    def worked(self, *scopes: str) -> None:
        if not self._refused:
            return
        with self._lock:
            for scope in scopes:
                self._refused.pop(scope, None)

    def is_closed(self, scope: str, now: datetime) -> bool:
        until = self._closed_until.get(scope)
        return until is not None and now < until
