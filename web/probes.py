"""Is a dependency there? Asked of all of them at once, within a time that a balancer waits."""

from collections.abc import Callable, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillRunning
from threading import Lock

from backends.errors import BackendError

PATIENCE_S = 2.0


class Probes:
    """`probes`: dependency → a call that raises when it does not answer. One that hangs is not
    asked again until it is back: a balancer's questions must not pile up behind it."""

    def __init__(self, probes: Mapping[str, Callable[[], None]]) -> None:
        self._probes = probes
        self._pool = ThreadPoolExecutor(len(probes), thread_name_prefix="probe")
        self._running: dict[str, Future[None]] = {}
        self._lock = Lock()

    def states(self) -> dict[str, str]:
        """dependency → "ok", or what is wrong with it."""
        asked = {name: self._ask(name) for name in self._probes}
        return {name: _state(future) for name, future in asked.items()}

    def close(self) -> None:
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _ask(self, name: str) -> Future[None]:
        with self._lock:
            future = self._running.get(name)
            if future is None or future.done():
                future = self._running[name] = self._pool.submit(self._probes[name])
            return future


def _state(future: Future[None]) -> str:
    try:
        future.result(timeout=PATIENCE_S)
    except StillRunning:
        return f"failing: no answer in {PATIENCE_S:.0f} s"
    except (BackendError, OSError) as error:
        return f"failing: {type(error).__name__}"
    return "ok"
