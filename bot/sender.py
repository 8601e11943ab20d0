"""The sender: takes letters from the outbox when their turn has come, and delivers each exactly once.

One letter is in flight per conversation, in row order, and at most eight per workspace; every workspace gets
its share in every round.
"""

import asyncio
import contextlib
from collections import Counter, defaultdict
from collections.abc import Coroutine, Iterable
from dataclasses import dataclass
from datetime import datetime
from time import monotonic
from typing import Any

import structlog

from bot.clock import Clock
from bot.delivery import ClientFor, Delivery, Foreign, Patience, RenderHome
from bot.doubts import Doubts
from bot.pace import Pace
from bot.rules import letters
from bot.transactions import Transactions
from storage import outbox_due
from storage.outbox_due import Due

MOST_IN_FLIGHT = 8  # per workspace
LONGEST_PAUSE = 30.0  # seconds between two looks while the database fails

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Round:
    """What one look at the outbox showed."""

    due: list[Due]
    stuck: list[Due]
    doubtful: list[str]


class Sender:
    """Runs beside everything else until it is stopped; several may share a PostgreSQL database."""

    def __init__(
        self,
        transactions: Transactions,
        clock: Clock,
        client_for: ClientFor,
        render_home: RenderHome,
        *,
        patience: Patience | None = None,
        pace: Pace | None = None,
        foreign: Foreign | None = None,
    ) -> None:
        """`render_home(session, workspace, person)` draws a Home when that is sent; see `start`."""
        self._transactions = transactions
        self._clock = clock
        self._patience = patience or Patience()
        self._pace = pace or Pace()
        self._delivery = Delivery(transactions, client_for, render_home, self._pace, self._patience, foreign)
        self._doubts = Doubts(transactions, client_for, self._pace, self._patience)
        self._wake = asyncio.Event()
        self._stopping = False
        self._loop_task: asyncio.Task[None] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._in_flight: Counter[str] = Counter()
        self._looking: set[str] = set()

    def start(self) -> None:
        """Begin to send."""
        self._loop_task = asyncio.create_task(self._run(), name="sender")

    def nudge(self) -> None:
        """Look at the outbox now: something was committed, or the clock moved."""
        self._wake.set()

    async def stop(self, seconds: float | None = None) -> None:
        """Take nothing more and let calls in flight end, for `seconds`; the rest stays in the outbox."""
        self._stopping = True
        self.nudge()
        late: set[asyncio.Task[None]] = set()
        end = monotonic() + (self._patience.stop if seconds is None else seconds)
        # The last round may begin some more calls, so it ends before we count them.
        for running in ({self._loop_task} if self._loop_task else set(), self._tasks):
            if running:
                _, unfinished = await asyncio.wait(running, timeout=max(0.0, end - monotonic()))
                late |= unfinished
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def idle(self) -> bool:
        """Whether nothing is due, in flight or in doubt."""
        if self._tasks:
            return False
        return not await self._transactions.read(outbox_due.is_busy, self._clock.now())

    async def _run(self) -> None:
        pause = self._patience.poll
        while not self._stopping:
            began = monotonic()
            try:
                wait, pause = await self._turn(), self._patience.poll
            except Exception:  # the database may be away for a while; sending goes on when it is back
                log.exception("sender cannot look at the outbox")
                wait = pause = min(pause * 2, LONGEST_PAUSE)
            await self._rest(wait, monotonic() - began)

    async def _rest(self, seconds: float, took: float) -> None:
        # Commits come by the hundred while people talk; a look per commit would only slow them down, the more so
        # the longer a look takes.
        await asyncio.sleep(max(self._patience.breath, took) if not self._stopping else 0)
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()
        self._wake.clear()

    async def _turn(self) -> float:
        """Look once, start whatever may start; returns after how many seconds to look again."""
        now, closed = self._clock.now(), self._pace.closed()
        seen = await self._transactions.read(_look_around, now, closed)
        for workspace, rows in _by_workspace(seen.stuck):
            await self._transactions.run(letters.settle_stuck, letters.Stuck(workspace, _ids(rows)))
        for workspace in seen.doubtful:
            self._look_for_doubtful(workspace)
        waits = await asyncio.gather(
            *(self._take(workspace, rows) for workspace, rows in _by_workspace(seen.due))
        )
        return min([self._patience.poll, *waits])

    async def _take(self, workspace: str, rows: list[Due]) -> float:
        """Claim what may go now in this workspace and send it; returns when the next may go."""
        chosen, wait = self._choose(workspace, rows)
        if chosen:
            conversations = tuple(row.conversation for row in chosen)
            claim = letters.Claim(workspace, _ids(chosen), conversations, self._patience.lease)
            deadline = monotonic() + self._patience.margin  # counted from before the lease begins
            for letter in await self._transactions.run(letters.claim, claim):
                self._start(workspace, self._delivery.deliver(letter, deadline))
        return wait

    def _choose(self, workspace: str, rows: list[Due]) -> tuple[list[Due], float]:
        free = MOST_IN_FLIGHT - self._in_flight[workspace]
        chosen: dict[str, Due] = {}
        wait = self._patience.poll
        for row in rows:
            if len(chosen) >= free or self._stopping:
                break
            if row.conversation in chosen:
                continue
            needed = self._pace.wait(workspace, row.method, row.conversation)
            if needed > 0:
                wait = min(wait, needed)
                continue
            self._pace.take(workspace, row.method, row.conversation)
            chosen[row.conversation] = row
        return list(chosen.values()), wait

    def _look_for_doubtful(self, workspace: str) -> None:
        if workspace not in self._looking:
            self._looking.add(workspace)
            self._start(workspace, self._look(workspace))

    async def _look(self, workspace: str) -> None:
        try:
            await self._doubts.settle(workspace)
        finally:
            self._looking.discard(workspace)

    def _start(self, workspace: str, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        self._in_flight[workspace] += 1

        def ended(task: asyncio.Task[None]) -> None:
            self._tasks.discard(task)
            self._in_flight[workspace] -= 1
            if not task.cancelled() and (error := task.exception()):
                # The row stays ours until its lease ends; then it is looked for.
                log.error("letter left alone", workspace=workspace, exc_info=error)
            self.nudge()

        task.add_done_callback(ended)


def _look_around(session: Any, now: datetime, closed: set[tuple[str, str]]) -> _Round:
    return _Round(
        outbox_due.find_due(session, now, closed),
        outbox_due.find_stuck(session, now),
        outbox_due.find_doubtful_workspaces(session),
    )


def _by_workspace(rows: Iterable[Due]) -> list[tuple[str, list[Due]]]:
    groups: dict[str, list[Due]] = defaultdict(list)
    for row in rows:
        groups[row.workspace].append(row)
    return list(groups.items())


def _ids(rows: Iterable[Due]) -> tuple[int, ...]:
    return tuple(row.id for row in rows)
