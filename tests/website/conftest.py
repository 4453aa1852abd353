from collections.abc import Iterator

import pytest

from backends.ports import OUTAGES, QUALITY
from backends.website.adapter import HttpWebsite, open_website
from tests.contract.wechat.platform import Platform
from tests.contract.wechat.platform import running as scripted

OUTAGES_PATH, QUALITY_PATH = "/feeds/outages", "/feeds/quality"


@pytest.fixture
def script() -> Iterator[Platform]:
    """A website that answers whatever a test wants: also what no website should."""
    with scripted() as platform:
        yield platform


@pytest.fixture
def website(script: Platform) -> Iterator[HttpWebsite]:
    paths = {OUTAGES: OUTAGES_PATH, QUALITY: QUALITY_PATH}
    opened = open_website({name: script.base_url + path for name, path in paths.items()})
    yield opened
    opened.close()
