"""Long work beside a running app: many rows in chunks, each its own commit, leaving room for the app's."""

import random
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import TypeVar

from bot.former_ids import lock_and_readdress
from storage.failures import is_worth_repeating
from storage.session import Database, Session
from storage.workspaces import find_last_heard

F = TypeVar("F")

ROWS = 1_000  # of one transaction, when we are alone
ROWS_BESIDE_AN_APP = 200  # longer, and Slack's three seconds would pass while events wait for the database
HEARTBEAT = timedelta(minutes=2)
MOST_TRIES = 8


class ChunkWriter:
    """Writes rows chunk by chunk; what was written stays when the process dies, and may be written again."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def write(
        self,
        work: Callable[[Session, Sequence[F]], None],
        rows: Iterable[F],
        weigh: Callable[[F], int] = lambda _: 1,
        *,
        workspace: str,
    ) -> None:
        """Run `work` on all rows of one workspace, so many at a time that their weights stay within a chunk."""
        chunks = self._chunks(rows, weigh)
        for chunk in chunks:
            started = time.monotonic()
            self._commit_with_retries(work, chunk, workspace)
            if self._app_is_running():
                time.sleep(time.monotonic() - started)

    def _chunks(self, rows: Iterable[F], weigh: Callable[[F], int]) -> Iterator[list[F]]:
        chunk: list[F] = []
        weight, most = 0, self._most_rows()
        for row in rows:
            if chunk and weight + weigh(row) > most:
                yield chunk
                chunk, weight, most = [], 0, self._most_rows()
            chunk.append(row)
            weight += weigh(row)
        if chunk:
            yield chunk

    def _most_rows(self) -> int:
        return ROWS_BESIDE_AN_APP if self._app_is_running() else ROWS

    def _app_is_running(self) -> bool:
        """Whether some process noted lately that it listens; a sandbox's clock may be ahead of ours."""
        with self._database.read() as session:
            heard = find_last_heard(session)
        return heard is not None and heard > datetime.now(UTC) - HEARTBEAT

    def _commit_with_retries(
        self, work: Callable[[Session, Sequence[F]], None], chunk: Sequence[F], workspace: str
    ) -> None:
        for attempt in range(1, MOST_TRIES + 1):
            try:
                self._commit(work, chunk, workspace)
            except Exception as error:
                if attempt == MOST_TRIES or not is_worth_repeating(error):
                    raise
                time.sleep(random.uniform(0.02, 0.1) * 2**attempt)  # noqa: S311  jitter, no secret
            else:
                return

    def _commit(
        self, work: Callable[[Session, Sequence[F]], None], chunk: Sequence[F], workspace: str
    ) -> None:
        with self._database.write() as session:
            work(session, lock_and_readdress(session, workspace, chunk))
            session.commit()
