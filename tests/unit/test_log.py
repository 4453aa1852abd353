"""What an exception may say in a log line."""

import json
import logging

import pytest
import structlog

from backends.errors import BackendUnavailable
from bot import log


def lines(capfd: pytest.CaptureFixture[str]) -> list[dict[str, object]]:
    return [json.loads(line) for line in capfd.readouterr().err.splitlines()]


def test_a_foreign_exception_is_logged_by_type_and_place_alone(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info")
    try:
        {}["3100000017 张伟"]
    except KeyError as error:
        structlog.get_logger().error("turn_failed", exc_info=error)
        logging.getLogger("library").exception("it broke")
    first, second = lines(capfd)
    for line in (first, second):
        (exception,) = line["exception"]  # type: ignore[misc]
        assert exception.startswith("KeyError at test_log.py:")
        assert "张伟" not in json.dumps(line, ensure_ascii=False)


def test_our_own_errors_keep_their_evidence_and_what_caused_them(
    capfd: pytest.CaptureFixture[str],
) -> None:
    log.set_up("info")
    try:
        try:
            raise OSError("secret path")
        except OSError as cause:
            raise BackendUnavailable("csms", 2.0, "TimeoutError") from cause
    except BackendUnavailable:
        structlog.get_logger().exception("asked_in_vain")
    (line,) = lines(capfd)
    first, second = line["exception"]  # type: ignore[misc]
    assert first.startswith("BackendUnavailable: csms: unavailable after 2.0 s: TimeoutError at")
    assert second.startswith("OSError at test_log.py:")
