"""A server has what requirements.lock names and no more: what runs must not lean on the tests'."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[2]


def names(lock: str) -> set[str]:
    return set(re.findall(r"^([a-z0-9-]+)==", (ROOT / lock).read_text(), re.MULTILINE))


def test_what_the_brokers_transport_imports_is_installed_on_a_server() -> None:
    assert {"celery", "kombu", "redis", "packaging"} <= names("requirements.lock")


def test_the_tests_have_all_that_a_server_has() -> None:
    assert names("requirements.lock") <= names("requirements-dev.lock")
