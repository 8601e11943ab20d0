"""Transactions: whatever waits is taken together, written by one thread in one commit, then every waiter wakes.

A group that raises is rolled back and run again in halves, down to the one fact that is guilty. Rules may therefore
run more than once and touch nothing but their session.
"""

import asyncio
import contextlib
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

import structlog

from bot.clock import Clock
from bot.errors import Overloaded
from bot.group_commit import GroupCommit, Job, Rule, fits
from bot.metrics import count_fact
from storage.session import Database

R = TypeVar("R")

LARGEST_GROUP = 64
MOST_WAITING = 2_000
LONGEST_WAIT = 2.5  # seconds; Slack gives up after three

log = structlog.get_logger(__name__)


class Transactions:
    """Runs rules on the database, for many waiters at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Nothing runs before `start`."""
        self._database = database
        self._commit = GroupCommit(database, clock, lambda: self._stopping)
        self._waiting: deque[Job] = deque()
        self._running_since: float | None = None  # when the oldest fact of the running group came in
        self._wake = threading.Condition()
        self._stopping = False
        self._writer: threading.Thread | None = None
        self._readers = ThreadPoolExecutor(2, thread_name_prefix="reader")
        self._committed: list[Callable[[], None]] = []

    def start(self) -> None:
        """Begin to take in facts."""
        self._writer = threading.Thread(target=self._write_groups, name="writer", daemon=True)
        self._writer.start()

    async def stop(self, seconds: float = 5.0) -> None:
        """Finish what waits, then rest; whatever still runs after `seconds` is left to end with the process."""
        with self._wake:
            self._stopping = True
            self._wake.notify()
        if self._writer is not None:
            await asyncio.to_thread(self._writer.join, seconds)
            if self._writer.is_alive():
                log.warning("stopped before the database answered; nothing of that was acked")
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await asyncio.to_thread(self._readers.shutdown, cancel_futures=True)

    def on_commit(self, wake: Callable[[], None]) -> None:
        """Call `wake` on the event loop after each commit, for example to send what was enqueued."""
        loop = asyncio.get_running_loop()

        def call() -> None:
            _call_on(loop, wake)

        self._committed.append(call)

    async def record(self, rule: Callable[..., Sequence[R] | None], fact: Any) -> R | None:
        """Run a hot rule `(session, facts, now)` on this fact together with those of its kind that wait beside it."""
        return await self._submit(rule, fact, grouped=True)  # type: ignore[no-any-return]

    async def run(self, rule: Callable[..., R], fact: Any) -> R:
        """Run a rule `(session, fact, now)` on this fact alone, in the next group's commit."""
        return await self._submit(rule, fact, grouped=False)  # type: ignore[no-any-return]

    async def read(self, query: Callable[..., R], *args: Any) -> R:
        """Run `query(session, *args)` beside the writer, on a connection that cannot write."""

        def work() -> R:
            with self._database.read() as session:
                return query(session, *args)

        return await asyncio.get_running_loop().run_in_executor(self._readers, work)

    async def _submit(self, rule: Rule, fact: Any, *, grouped: bool) -> Any:
        loop = asyncio.get_running_loop()
        future: asyncio.Future[Any] = loop.create_future()

        def settle(job: Job) -> None:
            if future.done():
                return
            if job.error is not None:
                future.set_exception(job.error)
            else:
                future.set_result(job.result)

        def done(job: Job) -> None:
            _call_on(loop, settle, job)

        self._take_in(Job(rule, fact, fact.workspace, grouped, done))
        # A listener that is cancelled must not take back what is being written.
        return await asyncio.shield(future)

    def _take_in(self, job: Job) -> None:
        with self._wake:
            if self._stopping or self._is_late() or len(self._waiting) >= MOST_WAITING:
                count_fact("refused")
                raise Overloaded
            self._waiting.append(job)
            self._wake.notify()

    def _is_late(self) -> bool:
        """Whether the oldest fact, running or waiting, is older than Slack's patience: a new one would be too."""
        oldest = self._running_since
        if oldest is None and self._waiting:
            oldest = self._waiting[0].since
        return oldest is not None and time.monotonic() - oldest > LONGEST_WAIT

    def _write_groups(self) -> None:
        while group := self._next_group():
            self._commit.write(group)
            with self._wake:
                self._running_since = None
            for job in group:
                job.done(job)
            for wake in self._committed:
                wake()

    def _next_group(self) -> list[Job]:
        with self._wake:
            while not self._waiting and not self._stopping:
                self._wake.wait()
            group: list[Job] = []
            # A group holds one workspace: PostgreSQL's locks and the bulk inserts count on it.
            while self._waiting and len(group) < LARGEST_GROUP and fits(group, self._waiting[0]):
                group.append(self._waiting.popleft())
            self._running_since = group[0].since if group else None
            return group


def _call_on(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *given: Any) -> None:
    """Call `function` on the loop; one that has closed has nobody left who waits."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *given)
