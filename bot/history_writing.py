"""Pages of history on their way into the database: what our own code cannot take in is kept, and stops nothing else."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import structlog

from bot.errors import BotError, Overloaded
from bot.rules import history_page, letters, messages, reactions
from bot.rules.history_page import Page
from bot.transactions import Transactions
from storage.failures import is_away

Rule = Callable[..., Any]
# Keeps a fact (of a rule that takes many, or one) that its rule cannot take in, for a mended version to run again.
SetAside = Callable[[Rule, Any, bool, Exception], Awaitable[None]]

log = structlog.get_logger(__name__)


class PageWriter:
    """Records pages."""

    def __init__(
        self, transactions: Transactions, pause: Callable[[], Awaitable[None]], set_aside: SetAside
    ) -> None:
        """`pause` lets others go first."""
        self._transactions = transactions
        self._pause = pause
        self._set_aside = set_aside

    async def record(self, page: Page) -> None:
        """Take in the page; raises when the database is away."""
        try:
            await self._write(page)
        except Exception as error:
            if not _is_ours(error):
                raise
            # No traceback: an error's own words could quote somebody.
            log.error("page of history failed", channel=page.channel, error=type(error).__name__)  # noqa: TRY400
            await self._record_one_by_one(page)
        for said in page.said:
            fact = said.message
            if fact.letter_key is not None:
                heard = letters.Heard(fact.workspace, fact.letter_key, fact.channel, fact.ts)
                await self._hear(letters.record_heard, heard)

    async def _record_one_by_one(self, page: Page) -> None:
        """A fault of ours with one message must not stop all others."""
        alone = replace(page, after=page.read_at, before=page.read_at, done=None, left=None, coming=None)
        for said in page.said:
            try:
                await self._write(replace(alone, said=(said,)))
            except Exception as error:
                if not _is_ours(error):
                    raise
                await self._hear(messages.record, said.message)
                for reaction in said.reactions:
                    await self._hear(reactions.record, reaction)
        await self._write(replace(page, said=(), after=page.read_at, before=page.read_at))

    async def _write(self, page: Page) -> None:
        await self._patiently(self._transactions.run, history_page.record_page, page)

    async def _hear(self, rule: Rule, fact: Any) -> None:
        """Record one fact as if it came live; what its rule cannot take in is kept for a mended version."""
        try:
            await self._patiently(self._transactions.record, rule, fact)
        except Exception as error:
            if not _is_ours(error):
                raise
            await self._patiently(self._set_aside, rule, fact, True, error)

    async def _patiently(self, write: Callable[..., Awaitable[Any]], *given: Any) -> None:
        while True:
            try:
                await write(*given)
            except Overloaded:
                # What people say now goes first; this is late already.
                await self._pause()
            else:
                return


def _is_ours(error: Exception) -> bool:
    """Whether the fault is in our code, and not in a database that is away."""
    return not isinstance(error, BotError) and not is_away(error)
