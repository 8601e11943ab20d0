"""The app without Slack, for tests in which people press and send what no screen of theirs would offer."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock
from bot.transactions import Transactions
from handlers.hearing import Services
from storage.session import Database


@dataclass
class Screen:
    """What one person gets to see: it takes the place of Slack, and shows nothing by itself."""

    shown: list[Any] = field(default_factory=list)

    def __getattr__(self, method: str) -> Any:
        async def call(**given: Any) -> dict[str, Any]:
            self.shown.append((method, given))
            return {"ok": True, "user": {}, "view": {"id": "V9"}}

        return call


@asynccontextmanager
async def services(database: Database, clock: Clock) -> AsyncIterator[tuple[Services, Screen]]:
    """What handlers work with, on a real database, and the screen on which they show things."""
    transactions = Transactions(database, clock)
    transactions.start()
    screen = Screen()

    async def client(_workspace: str) -> Any:
        return screen

    async def nothing(*_: Any) -> Any:
        return None

    yield (
        Services(
            transactions, clock, client, nothing, nothing, lambda _workspace: None, lambda _workspace: None
        ),
        screen,
    )
    await transactions.stop()
