"""How far the build is: a bar on a terminal, a plain line now and then elsewhere."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

Advance = Callable[[str, int], None]


@contextmanager
def shown(total: int, *, show: bool) -> Iterator[Advance]:
    """Yields a function that takes what is being done and how many accounts are ready."""
    console = Console(stderr=True, soft_wrap=True)
    if not show:
        yield lambda _what, _done: None
    elif not console.is_terminal:
        yield _lines(console, total)
    else:
        columns = (
            TextColumn("{task.description:<24}"),
            BarColumn(),
            MofNCompleteColumn(),
            TimeRemainingColumn(),
        )
        with Progress(*columns, console=console) as bar:
            task = bar.add_task("starting", total=total)
            yield lambda what, done: bar.update(task, description=what, completed=done)


def _lines(console: Console, total: int) -> Advance:
    said = {"what": "", "tenth": -1}

    def advance(what: str, done: int) -> None:
        tenth = done * 10 // total
        if (what, tenth) == (said["what"], said["tenth"]):
            return
        said.update(what=what, tenth=tenth)
        console.print(f"city: {what}, {done:,} of {total:,} accounts", highlight=False)

    return advance
