"""Replay: runs again, through their own rule, the facts that failed for a reason of ours."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass

import structlog

from bot.chunks import ChunkWriter
from bot.clock import SystemClock
from bot.config import Settings
from bot.errors import BotError
from bot.poison import Kept, describe, unpack
from bot.secrets import Vault, open_vault
from storage.inbox import FailedFact, find_failed, forget_failed
from storage.session import Database, Session, open_database

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class ReplayResult:
    """How many facts were taken in after all, and how many still fail."""

    mended: int
    failing: int


@dataclass(frozen=True, slots=True)
class _Again:
    """A fact that failed once, on its way to a second try."""

    id: int
    kept: Kept

    @property
    def subjects(self) -> tuple[str, ...]:
        return self.kept.subjects


def replay(settings: Settings) -> ReplayResult:
    """Run every failed fact again, oldest first, each in its own transaction; what still fails is kept."""
    vault = open_vault(settings.secret_keys, settings.database_file)
    with closing(open_database(settings.database_url, vault)) as database:
        tried = [_try(database, vault, failed) for failed in _failed(database)]
    return ReplayResult(mended=sum(tried), failing=len(tried) - sum(tried))


def _failed(database: Database) -> Iterator[FailedFact]:
    with database.read() as session:
        found = find_failed(session)
    yield from found


def _try(database: Database, vault: Vault, failed: FailedFact) -> bool:
    try:
        again = _Again(failed.id, unpack(failed.fact, vault))
        ChunkWriter(database).write(_run, [again], workspace=failed.workspace)
    except BotError as error:
        log.warning("still failing", fact=failed.id, rule=failed.rule, error=str(error))
        return False
    except Exception as error:  # noqa: BLE001  whatever a rule raises: the fact stays for the next version
        log.warning("still failing", fact=failed.id, rule=failed.rule, error=describe(error))
        return False
    return True


def _run(session: Session, facts: Sequence[_Again]) -> None:
    now = SystemClock().now()
    for again in facts:
        # In one transaction: it is forgotten exactly when it is taken in.
        again.kept.run(session, now)
        forget_failed(session, again.id)
