"""Logs: one JSON object per line on stderr. No openid, name, number, text or secret is ever logged;
a citizen appears as a keyed hash, the same all through, useless without the key.
"""

import hashlib
import logging
import sys
import traceback
from collections.abc import Callable, Iterator, MutableMapping
from io import TextIOBase
from pathlib import Path
from typing import Any, TextIO, cast

import structlog

from backends.errors import BackendError
from dialogs.engine.machine import UndeclaredOutcome

OUR_OWN = (BackendError, UndeclaredOutcome)


class _StandardError(TextIOBase):
    """Whatever sys.stderr is at the moment: loggers are kept, the stream may be replaced."""

    def write(self, text: str) -> int:
        return sys.stderr.write(text)

    def flush(self) -> None:
        sys.stderr.flush()


def set_up(level: str) -> None:
    number = logging.getLevelNamesMapping()[level.upper()]
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        _exceptions_without_data,
    ]
    structlog.configure(
        processors=[*shared, structlog.processors.JSONRenderer(ensure_ascii=False)],
        wrapper_class=structlog.make_filtering_bound_logger(number),
        logger_factory=structlog.WriteLoggerFactory(cast("TextIO", _StandardError())),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(_StandardError())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=[*shared, structlog.stdlib.ExtraAdder()],
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.JSONRenderer(ensure_ascii=False),
            ],
        )
    )
    logging.basicConfig(level=max(number, logging.WARNING), handlers=[handler], force=True)


def _exceptions_without_data(_: Any, __: str, event: MutableMapping[str, Any]) -> Any:
    """Type and place of an exception, never its text: a KeyError's text is the key, a driver's may
    be a row. Our own errors hold evidence without people (`backends.errors`) and keep theirs."""
    given = event.pop("exc_info", None)
    if given is True:
        given = sys.exc_info()
    error = given[1] if isinstance(given, tuple) else given
    if error:
        event["exception"] = list(_chain(error))
    return event


def _chain(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        text = f": {error}" if isinstance(error, OUR_OWN) else ""
        frames = traceback.extract_tb(error.__traceback__)
        places = " < ".join(
            f"{Path(frame.filename).name}:{frame.lineno} {frame.name}" for frame in reversed(frames)
        )
        yield f"{type(error).__name__}{text} at {places}"
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def pseudonyms(key: str) -> Callable[[str], str]:
    """openid → twelve hex digits."""
    secret = hashlib.sha256(b"log-pseudonym:" + key.encode()).digest()

    def pseudonym(openid: str) -> str:
        return hashlib.blake2b(openid.encode(), digest_size=6, key=secret).hexdigest()

    return pseudonym
