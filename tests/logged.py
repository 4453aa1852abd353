"""What a module of ours logs. Its own logger may have been set up by an earlier test of the same
process, and structlog's `capture_logs` would then see nothing."""

from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from types import ModuleType
from typing import Any
from unittest import mock

import structlog
from structlog.testing import LogCapture


@contextmanager
def logged_by(module: ModuleType) -> Iterator[list[MutableMapping[str, Any]]]:
    capture = LogCapture()
    with mock.patch.object(module, "log", structlog.wrap_logger(None, processors=[capture])):
        yield capture.entries
