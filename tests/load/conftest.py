"""One running stack for the tests that leave it whole; those that break it start their own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.load.stack import Stack, running_stack


@pytest.fixture
def stack(tmp_path: Path) -> Iterator[Stack]:
    with running_stack(tmp_path) as started:
        yield started
