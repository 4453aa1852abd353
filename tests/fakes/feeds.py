"""A feed store that forgets with the test, and a website that says what a test gives it."""

from backends.ports import Fetched, StoredFeed
from tests.fakes.switches import Switches


class FakeFeeds(Switches):
    def __init__(self) -> None:
        super().__init__()
        self.kept: dict[str, StoredFeed] = {}

    def feed(self, name: str) -> StoredFeed | None:
        self._obey()
        return self.kept.get(name)

    def keep_feed(self, feed: StoredFeed) -> None:
        self._obey()
        self.kept[feed.name] = feed


class FakeWebsite(Switches):
    """`says` by the names of the feeds; `asked` keeps each question with what was known."""

    def __init__(self, says: dict[str, Fetched]) -> None:
        super().__init__()
        self.says = says
        self.asked: list[tuple[str, StoredFeed | None]] = []

    def fetch(self, name: str, last: StoredFeed | None) -> Fetched:
        self.asked.append((name, last))
        self._obey()
        return self.says[name]
