"""Shows how far an import is: a bar on a terminal, plain lines elsewhere."""

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

Advance = Callable[[int, int], None]  # how much is done, of how much

WORDS = "Reading the export"
_STEP = 10  # percent between two plain lines


@contextmanager
def show_progress() -> Iterator[Advance]:
    """Something to call with how much is done of how much; what is shown goes to standard error."""
    if not sys.stderr.isatty():
        yield _plain_lines()
        return
    columns = (TextColumn(WORDS), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True)) as bar:
        task = bar.add_task(WORDS, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


def _plain_lines() -> Advance:
    shown = -1

    def advance(done: int, total: int) -> None:
        nonlocal shown
        percent = 100 * done // max(1, total) // _STEP * _STEP
        if percent > shown:
            shown = percent
            sys.stderr.write(f"{WORDS}: {percent} %\n")
            sys.stderr.flush()

    return advance


def say_nothing(_done: int, _total: int) -> None:
    """Progress that nobody wants to see."""
