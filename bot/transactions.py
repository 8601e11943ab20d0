"""Transactions: whatever waits is taken together, written by one thread in one commit, then every waiter wakes.

A group that raises is rolled back and run again in halves, down to the one fact that is guilty. Rules may therefore
run more than once and touch nothing but their session.
"""

import asyncio
import contextlib
import random
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

import structlog

from bot.clock import Clock
from bot.errors import BotError, Overloaded
from bot.former_ids import lock_and_readdress
from bot.incoming_world import SpaceMoved
from bot.metrics import FACTS, TRANSACTION_SECONDS, count_fact
from storage.failures import is_away, is_worth_repeating
from storage.session import Database, Session

R = TypeVar("R")
Rule = Callable[..., Any]

LARGEST_GROUP = 64
MOST_WAITING = 2_000
LONGEST_WAIT = 2.5  # seconds; Slack gives up after three
MOST_TRIES = 5
SLOW = 0.2  # seconds; a transaction above this is worth a line in the log

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class _Job:
    """One fact on its way to the database, and who waits for it."""

    rule: Rule
    fact: Any
    workspace: str
    grouped: bool
    done: Callable[["_Job"], None]
    result: Any = None
    error: BaseException | None = None
    since: float = field(default_factory=time.monotonic)


class Transactions:
    """Runs rules on the database, for many waiters at once."""

    def __init__(self, database: Database, clock: Clock) -> None:
        """Nothing runs before `start`."""
        self._database = database
        self._clock = clock
        self._waiting: deque[_Job] = deque()
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

        def settle(job: _Job) -> None:
            if future.done():
                return
            if job.error is not None:
                future.set_exception(job.error)
            else:
                future.set_result(job.result)

        def done(job: _Job) -> None:
            _call_on(loop, settle, job)

        self._take_in(_Job(rule, fact, fact.workspace, grouped, done))
        # A listener that is cancelled must not take back what is being written.
        return await asyncio.shield(future)

    def _take_in(self, job: _Job) -> None:
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
            self._write(group)
            with self._wake:
                self._running_since = None
            for job in group:
                job.done(job)
            for wake in self._committed:
                wake()

    def _next_group(self) -> list[_Job]:
        with self._wake:
            while not self._waiting and not self._stopping:
                self._wake.wait()
            group: list[_Job] = []
            # A group holds one workspace: PostgreSQL's locks and the bulk inserts count on it.
            while self._waiting and len(group) < LARGEST_GROUP and _together(group, self._waiting[0]):
                group.append(self._waiting.popleft())
            self._running_since = group[0].since if group else None
            return group

    def _write(self, group: list[_Job]) -> None:
        """Commit the group, or its halves; each job ends with its result or its own error."""
        started = time.monotonic()
        try:
            self._commit_with_retries(group)
        except Exception as error:  # noqa: BLE001  any error of a rule: halving finds whose it is, and that waiter gets it
            if len(group) == 1 or is_away(error):
                # No fact is guilty of a database that is away, and halves would each wait for it again.
                _fail(group, error)
                return
            middle = len(group) // 2
            self._write(group[:middle])
            self._write(group[middle:])
            return
        took = time.monotonic() - started
        TRANSACTION_SECONDS.observe(took)
        FACTS.labels("recorded").inc(len(group))
        if took > SLOW:
            log.warning("slow transaction", seconds=round(took, 3), facts=len(group))

    def _commit_with_retries(self, group: list[_Job]) -> None:
        now = self._clock.now()  # fixed for the group, however often it runs
        for attempt in range(1, MOST_TRIES + 1):
            try:
                self._commit(group, now)
            except Exception as error:
                if attempt == MOST_TRIES or self._stopping or not is_worth_repeating(error):
                    raise
                log.info("transaction repeated", attempt=attempt, reason=type(error).__name__)
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311  jitter, no secret
            else:
                return

    def _commit(self, group: list[_Job], now: datetime) -> None:
        with self._database.write() as session:
            facts = lock_and_readdress(session, group[0].workspace, [job.fact for job in group])
            for run in _by_rule(zip(group, facts, strict=True)):
                _run(session, run, now)
                # Whatever a later rule of this group expires or reads anew, this rule's changes are in by then.
                session.flush()
            session.commit()


def _together(group: list[_Job], job: _Job) -> bool:
    if not group:
        return True
    # What comes after a change of ids has to be readdressed by it.
    return group[0].workspace == job.workspace and not isinstance(group[-1].fact, SpaceMoved)


_Run = list[tuple[_Job, Any]]  # jobs of one rule, each with its fact as it is written


def _by_rule(group: Iterable[tuple[_Job, Any]]) -> Iterator[_Run]:
    """Neighbours of the same hot rule form one run; order of arrival is kept otherwise."""
    numbered = enumerate(group)
    for _, run in groupby(numbered, key=lambda n: (n[1][0].rule, None if n[1][0].grouped else n[0])):
        yield [one for _, one in run]


def _run(session: Session, run: _Run, now: datetime) -> None:
    first, fact = run[0]
    if not first.grouped:
        first.result = first.rule(session, fact, now)
        return
    results = first.rule(session, [fact for _, fact in run], now)
    for n, (job, _) in enumerate(run):
        job.result = None if results is None else results[n]


def _fail(group: list[_Job], error: Exception) -> None:
    for job in group:
        job.error = error
        count_fact("failed")
    if is_away(error):
        log.warning("the database is away", error=type(error).__name__, facts=len(group))
    elif not isinstance(error, BotError):
        rule = getattr(group[0].rule, "__qualname__", "")
        log.error("rule failed", rule=rule, error=type(error).__name__, exc_info=error)


def _call_on(loop: asyncio.AbstractEventLoop, function: Callable[..., None], *given: Any) -> None:
    """Call `function` on the loop; one that has closed has nobody left who waits."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(function, *given)
