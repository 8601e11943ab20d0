"""One group of facts, one commit: repeated while that may help, else in halves until only the guilty fact fails."""

import random
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

import structlog

from bot.clock import Clock
from bot.errors import BotError
from bot.former_ids import lock_and_readdress
from bot.incoming_world import SpaceMoved
from bot.metrics import FACTS, TRANSACTION_SECONDS, count_fact
from storage.failures import is_away, is_worth_repeating
from storage.session import Database, Session

Rule = Callable[..., Any]

MOST_TRIES = 5
SLOW = 0.2  # seconds; a transaction above this is worth a line in the log

log = structlog.get_logger(__name__)


@dataclass(eq=False, slots=True)
class Job:
    """One fact on its way to the database, and who waits for it."""

    rule: Rule
    fact: Any
    workspace: str
    grouped: bool
    done: Callable[["Job"], None]
    result: Any = None
    error: BaseException | None = None
    since: float = field(default_factory=time.monotonic)


class GroupCommit:
    """Writes groups, on whatever thread it is called."""

    def __init__(self, database: Database, clock: Clock, hurries: Callable[[], bool]) -> None:
        """While `hurries` nothing is repeated: the process is about to end."""
        self._database = database
        self._clock = clock
        self._hurries = hurries

    def write(self, group: list[Job]) -> None:
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
            self.write(group[:middle])
            self.write(group[middle:])
            return
        took = time.monotonic() - started
        TRANSACTION_SECONDS.observe(took)
        FACTS.labels("recorded").inc(len(group))
        if took > SLOW:
            log.warning("slow transaction", seconds=round(took, 3), facts=len(group))

    def _commit_with_retries(self, group: list[Job]) -> None:
        now = self._clock.now()  # fixed for the group, however often it runs
        for attempt in range(1, MOST_TRIES + 1):
            try:
                self._commit(group, now)
            except Exception as error:
                if attempt == MOST_TRIES or self._hurries() or not is_worth_repeating(error):
                    raise
                log.info("transaction repeated", attempt=attempt, reason=type(error).__name__)
                time.sleep(random.uniform(0.01, 0.05) * 2**attempt)  # noqa: S311  jitter, no secret
            else:
                return

    def _commit(self, group: list[Job], now: datetime) -> None:
        with self._database.write() as session:
            facts = lock_and_readdress(session, group[0].workspace, [job.fact for job in group])
            for run in _by_rule(zip(group, facts, strict=True)):
                _run(session, run, now)
                # Whatever a later rule of this group expires or reads anew, this rule's changes are in by then.
                session.flush()
            session.commit()


def fits(group: list[Job], job: Job) -> bool:
    """Whether `job` may share the commit of the group."""
    if not group:
        return True
    # What comes after a change of ids has to be readdressed by it.
    return group[0].workspace == job.workspace and not isinstance(group[-1].fact, SpaceMoved)


_Run = list[tuple[Job, Any]]  # jobs of one rule, each with its fact as it is written


def _by_rule(group: Iterable[tuple[Job, Any]]) -> Iterator[_Run]:
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


def _fail(group: list[Job], error: Exception) -> None:
    for job in group:
        job.error = error
        count_fact("failed")
    if is_away(error):
        log.warning("the database is away", error=type(error).__name__, facts=len(group))
    elif not isinstance(error, BotError):
        rule = getattr(group[0].rule, "__qualname__", "")
        log.error("rule failed", rule=rule, error=type(error).__name__, exc_info=error)
