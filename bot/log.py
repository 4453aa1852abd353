"""Logs: one JSON object per line on stderr. No openid, name, number, text or secret is ever logged;
a citizen appears as a keyed hash, the same all through, useless without the key.
"""

import hashlib
import logging
import sys
from collections.abc import Callable
from io import TextIOBase
from typing import Any, TextIO, cast

import structlog


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
        structlog.processors.format_exc_info,
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


def pseudonyms(key: str) -> Callable[[str], str]:
    """openid → twelve hex digits."""
    secret = hashlib.sha256(b"log-pseudonym:" + key.encode()).digest()

    def pseudonym(openid: str) -> str:
        return hashlib.blake2b(openid.encode(), digest_size=6, key=secret).hexdigest()

    return pseudonym
