"""What the run itself does on databases whose connections are cut under it."""

import time
from collections.abc import Callable
from typing import TypeVar

from sqlalchemy.exc import DBAPIError

from backends.errors import BackendUnavailable

TRIES, PAUSE_S = 10, 0.2

Made = TypeVar("Made")


def again(act: Callable[[], Made]) -> Made:
    """Until it is done: for what may be done twice."""
    for _ in range(TRIES):
        try:
            return act()
        except (DBAPIError, BackendUnavailable):
            time.sleep(PAUSE_S)
    return act()
