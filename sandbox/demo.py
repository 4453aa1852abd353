"""`waterdesk demo`: the whole world on a laptop. Starts the embedded Redis, the synthetic city, the
server and the sandbox; prints one address; and leaves nothing behind when it ends."""

import logging
import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from types import FrameType

from rich.console import Console

from sandbox.city import CityError
from sandbox.demo_order import Order
from sandbox.demo_run import Demo
from sandbox.demo_server import WATERDESK, DemoFailed
from sandbox.serving import PortBusy
from sandbox.switches import SwitchFailed


def run_demo(
    port: int,
    accounts: int,
    seed: int,
    folder: Path,
    *,
    waterdesk: Sequence[str] = WATERDESK,
) -> int:
    """Runs until Ctrl-C or SIGTERM (0), or until a part of it fails (1)."""
    console = Console(highlight=False, soft_wrap=True)
    # Its remark on a queue at shutdown is no news for whoever watches the demo.
    logging.getLogger("waitress.queue").setLevel(logging.ERROR)
    order = Order(port, accounts, seed, folder.resolve(), tuple(waterdesk))
    try:
        with _ending_signals_interrupt(), Demo(order, console.print) as demo:
            demo.watch()
    except KeyboardInterrupt:
        console.print("演示已停止。The demo has stopped.")
        return 0
    except (DemoFailed, SwitchFailed, PortBusy, CityError) as error:
        console.print("演示无法继续。The demo cannot go on:", style="red")
        console.print(str(error), markup=False)
        return 1
    return 0


@contextmanager
def _ending_signals_interrupt() -> Iterator[None]:
    """SIGTERM and a closed terminal end the demo as Ctrl-C does. What the starter chose to ignore
    (nohup) stays ignored."""

    def interrupt(_: int, __: FrameType | None) -> None:
        raise KeyboardInterrupt

    before = {}
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is not signal.SIG_IGN:
            before[number] = signal.signal(number, interrupt)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
