"""Messages: what is said to the app itself is answered and never kept, also when we fail."""

from collections.abc import AsyncIterator
from datetime import datetime
from typing import Any

import pytest
import structlog
from sqlalchemy import func, select

from bot.blocks.direct import SORRY
from bot.clock import SystemClock
from bot.incoming import DirectMessage
from bot.rules import direct
from bot.transactions import Transactions
from handlers.hearing import Services
from handlers.messages import on_message
from storage.inbox import FailedFact
from storage.messages import Message
from storage.outbox import OutboxRow
from storage.session import Database, Session
from storage.spaces import Space
from storage.workspaces import Workspace

MARKER = "quince-marmalade-7203"


def said(**event: Any) -> dict[str, Any]:
    """A message event."""
    posted = {"type": "message", "channel": "D1", "user": "U1", "text": MARKER, "ts": "1700000000.000100"}
    return {"team_id": "T1", "event": posted | event}


@pytest.fixture
async def bot(database: Database) -> AsyncIterator[Services]:
    """What handlers work with, on both databases."""
    with database.write() as session:
        session.add(Workspace(id="T1"))
        session.commit()
    transactions = Transactions(database, SystemClock())
    transactions.start()

    async def nobody(*_: Any) -> Any:
        raise AssertionError("not expected")

    yield Services(
        transactions, SystemClock(), nobody, nobody, nobody, lambda _workspace: None, lambda _workspace: None
    )
    await transactions.stop()


def count(database: Database, table: type[Any]) -> int:
    with database.read() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


def letters(database: Database) -> list[str]:
    with database.read() as session:
        return [str(row.payload) for row in session.scalars(select(OutboxRow))]


def fail(_session: Session, fact: DirectMessage, _now: datetime) -> None:
    if fact.text:
        raise ValueError(fact.text)


async def test_a_direct_message_that_we_fail_on_is_gone(
    bot: Services, database: Database, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is not kept, not asked for again, in no log, and the person is told once."""
    monkeypatch.setattr(direct, "READERS", (fail,))
    structlog.reset_defaults()
    for _ in range(2):
        await on_message(bot, said(channel_type="im"))
    assert count(database, FailedFact) == 0
    (letter,) = letters(database)
    assert SORRY[:30] in letter
    assert MARKER not in letter
    assert "direct message not taken in" in capsys.readouterr().out


@pytest.mark.parametrize("kind", [{}, {"channel_type": None}, {"channel_type": "channel"}])
async def test_a_direct_message_is_none_of_a_space(
    bot: Services, database: Database, kind: dict[str, Any]
) -> None:
    """Whatever a payload says of its channel, nothing said in a DM becomes a message or a space."""
    for event in (
        {},
        {"subtype": "message_changed", "message": {"ts": "1700000000.000100", "user": "U1", "text": MARKER}},
        {"subtype": "message_deleted", "deleted_ts": "1700000000.000100"},
    ):
        await on_message(bot, said(**event, **kind))
    assert count(database, Message) == count(database, Space) == 0
    assert MARKER not in "".join(letters(database))


async def test_a_post_in_a_space_is_recorded_once(bot: Services, database: Database) -> None:
    """Heard twice, it is one message."""
    for _ in range(2):
        await on_message(bot, said(channel="C1", channel_type="channel"))
    assert count(database, Message) == 1
