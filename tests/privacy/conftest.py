"""The story, told once for all tests of the folder, and what it has left everywhere."""

from collections.abc import Iterator

import pytest

from tests.privacy.chapters import tell
from tests.privacy.search import Place
from tests.privacy.story import Story, begin
from tests.privacy.world import running_world


@pytest.fixture(scope="package")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    with running_world(tmp_path_factory.mktemp("private")) as world:
        begun = begin(world)
        tell(begun)
        yield begun


@pytest.fixture(scope="package")
def everything(story: Story) -> tuple[Place, ...]:
    """As it was when the story had been told."""
    return tuple(story.world.everything())
