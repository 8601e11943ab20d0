"""What the open pages are told: one bounded queue per listening page."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from bot.sandbox.model import Json

ROOM = 1000


class Changes:
    """Hands each change to the pages of the people it concerns."""

    def __init__(self) -> None:
        self._pages: list[tuple[str, asyncio.Queue[Json]]] = []

    def tell(self, change: Json, people: Collection[str] | None = None) -> None:
        """Tell the pages of `people`, or everybody's."""
        for person, queue in self._pages:
            if people is None or person in people:
                _put(queue, change)

    @contextmanager
    def listen(self, person: str) -> Iterator[asyncio.Queue[Json]]:
        """A queue of the changes that concern this person, while the block runs."""
        page = (person, asyncio.Queue[Json](maxsize=ROOM))
        self._pages.append(page)
        try:
            yield page[1]
        finally:
            self._pages.remove(page)


def _put(queue: asyncio.Queue[Json], change: Json) -> None:
    if queue.full():
        # A page that does not read fast enough starts over instead of holding memory.
        while not queue.empty():
            queue.get_nowait()
        change = {"type": "reload"}
    queue.put_nowait(change)
