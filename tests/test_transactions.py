"""Transactions: one commit for many, only the guilty fact fails, and nothing is lost when the database stumbles."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError

from bot import transactions as module
from bot.clock import SystemClock
from bot.errors import Overloaded
from bot.transactions import Transactions
from storage import session as session_module
from storage.locks import lock
from storage.session import Database, Session, open_database
from storage.workspaces import Workspace


@dataclass(frozen=True)
class Fact:
    """Something to write down; `workspace` is where."""

    name: str
    workspace: str = "T1"

    @property
    def subjects(self) -> tuple[str, ...]:
        return (f"{self.workspace}/C1/{self.name}",)


@dataclass
class Notebook:
    """A rule that writes each fact as a workspace, and remembers in which groups it was called."""

    groups: list[list[str]] = field(default_factory=list)
    guilty: str = ""

    def record(self, session: Session, facts: Sequence[Fact], now: datetime) -> list[str]:
        """The hot rule."""
        names = [fact.name for fact in facts]
        self.groups.append(names)
        session.add_all(Workspace(id=name, installed_at=now) for name in names)
        session.flush()
        if self.guilty in names:
            raise ValueError("guilty")
        return names

    def run(self, session: Session, fact: Fact, now: datetime) -> str:
        """The rule for one fact."""
        return self.record(session, [fact], now)[0]


class Gate:
    """A rule that holds the writer until it is opened, so that others gather behind it."""

    def __init__(self) -> None:
        self.entered, self.opened = threading.Event(), threading.Event()

    def __call__(self, _session: Session, _fact: Fact, _now: datetime) -> None:
        self.entered.set()
        assert self.opened.wait(20)


@pytest.fixture
async def transactions(database: Database) -> AsyncIterator[Transactions]:
    """Transactions that run, on both databases."""
    made = Transactions(database, SystemClock())
    made.start()
    yield made
    await made.stop()


async def behind_a_gate(
    transactions: Transactions, *started: Callable[[], Any], gate: Gate | None = None
) -> list[Any]:
    """Start these while the writer is held, so that they share a group; their results, or errors."""
    gate = gate or Gate()
    held = asyncio.ensure_future(transactions.run(gate, Fact("gate")))
    await asyncio.to_thread(gate.entered.wait, 20)
    tasks = [asyncio.ensure_future(start()) for start in started]
    await asyncio.sleep(0)  # each has queued its fact when it first waits
    gate.opened.set()
    await held
    return await asyncio.gather(*tasks, return_exceptions=True)


def stored(database: Database) -> set[str]:
    """The facts that were committed."""
    with database.read() as session:
        return set(session.scalars(text("SELECT id FROM workspaces")))


async def test_facts_that_wait_together_share_a_commit(transactions: Transactions) -> None:
    """The hot rule is called once for all, and each waiter gets its own result."""
    notebook = Notebook()
    names = [f"F{n}" for n in range(10)]
    asked = [lambda name=name: transactions.record(notebook.record, Fact(name)) for name in names]
    assert await behind_a_gate(transactions, *asked) == names
    assert notebook.groups == [names]


async def test_only_the_guilty_fact_fails(transactions: Transactions, database: Database) -> None:
    """A group that raises is run again in halves: the one that is guilty gets its error, the rest is stored."""
    notebook = Notebook(guilty="F5")
    names = [f"F{n}" for n in range(13)]
    asked = [lambda name=name: transactions.record(notebook.record, Fact(name)) for name in names]
    results = await behind_a_gate(transactions, *asked)
    assert isinstance(results[5], ValueError)
    assert results[:5] + results[6:] == [name for name in names if name != "F5"]
    assert stored(database) == set(names) - {"F5"}


async def test_a_group_keeps_order_and_holds_one_workspace(transactions: Transactions) -> None:
    """Facts of another workspace, or of another rule, begin a call of their own; nobody overtakes."""
    first, second = Notebook(), Notebook()
    calls = first.groups
    second.groups = calls
    facts = [
        (first, Fact("A1")),
        (first, Fact("A2")),
        (second, Fact("A3")),
        (first, Fact("A4")),
        (first, Fact("B1", "T2")),
        (first, Fact("B2", "T2")),
        (first, Fact("A5")),
    ]
    asked = [lambda n=n, f=f: transactions.record(n.record, f) for n, f in facts]
    await behind_a_gate(transactions, *asked)
    assert calls == [["A1", "A2"], ["A3"], ["A4"], ["B1", "B2"], ["A5"]]


async def test_a_result_is_told_after_its_commit(transactions: Transactions, database: Database) -> None:
    """Whoever has an answer finds the fact stored."""
    notebook = Notebook()
    await transactions.run(notebook.run, Fact("F1"))
    assert stored(database) == {"F1"}


async def test_too_many_waiting_are_refused(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Above the bound a fact is not taken in, and its sender is told to come again."""
    monkeypatch.setattr(module, "MOST_WAITING", 2)
    notebook = Notebook()
    asked = [lambda n=n: transactions.record(notebook.record, Fact(f"F{n}")) for n in range(4)]
    results = await behind_a_gate(transactions, *asked)
    assert results[:2] == ["F0", "F1"]
    assert [type(result) for result in results[2:]] == [Overloaded, Overloaded]


async def test_a_slow_transaction_counts_as_waiting(
    transactions: Transactions, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the group that runs is older than Slack's patience nothing more is taken in; afterwards it is."""
    monkeypatch.setattr(module, "LONGEST_WAIT", -1.0)
    notebook = Notebook()
    (refused,) = await behind_a_gate(transactions, lambda: transactions.run(notebook.run, Fact("F1")))
    assert isinstance(refused, Overloaded)
    assert await transactions.run(notebook.run, Fact("F2")) == "F2"


async def test_a_cancelled_waiter_takes_nothing_back(transactions: Transactions, database: Database) -> None:
    """The fact of a listener that was cancelled is written all the same."""
    notebook, gate = Notebook(), Gate()
    held = asyncio.ensure_future(transactions.run(gate, Fact("gate")))
    await asyncio.to_thread(gate.entered.wait, 20)
    waiter = asyncio.ensure_future(transactions.run(notebook.run, Fact("F1")))
    await asyncio.sleep(0)
    waiter.cancel()
    gate.opened.set()
    await held
    await asyncio.gather(waiter, return_exceptions=True)
    assert waiter.cancelled()
    await transactions.run(notebook.run, Fact("F2"))
    assert stored(database) == {"F1", "F2"}


async def test_a_passing_error_is_tried_again(transactions: Transactions, database: Database) -> None:
    """What another writer caused passes: the rule runs again and its waiter never knows."""
    notebook = Notebook()
    tries = []

    def stumble(session: Session, fact: Fact, now: datetime) -> str:
        tries.append(fact.name)
        if len(tries) == 1:
            raise DBAPIError("x", None, Exception("database is locked"))
        return notebook.run(session, fact, now)

    assert await transactions.run(stumble, Fact("F1")) == "F1"
    assert tries == ["F1", "F1"]
    assert stored(database) == {"F1"}


async def test_a_database_that_is_away_is_nobodys_fault(transactions: Transactions) -> None:
    """All of the group are told at once, each fact was tried once, and the next group works again."""
    notebook, calls = Notebook(), []

    def away(_session: Session, facts: Sequence[Fact], _now: datetime) -> None:
        calls.append(len(facts))
        error = OSError("disk full")
        error.sqlite_errorcode = 13  # type: ignore[attr-defined]  # SQLITE_FULL
        raise DBAPIError("x", None, error)

    asked = [lambda n=n: transactions.record(away, Fact(f"F{n}")) for n in range(8)]
    results = await behind_a_gate(transactions, *asked)
    assert {type(result) for result in results} == {DBAPIError}
    assert calls == [8]
    assert await transactions.run(notebook.run, Fact("F9")) == "F9"


async def test_nothing_strange_ends_the_writer(transactions: Transactions) -> None:
    """A rule without a name and a fact without a workspace fail by themselves; the next fact is written."""

    class Nameless:
        def __call__(self, _session: Session, _fact: Fact, _now: datetime) -> None:
            raise KeyError("nameless")

    with pytest.raises(KeyError):
        await transactions.run(Nameless(), Fact("F1"))
    with pytest.raises(AttributeError):
        await transactions.run(Notebook().run, object())
    assert await transactions.run(Notebook().run, Fact("F2")) == "F2"


async def test_stopping_finishes_what_waits(transactions: Transactions, database: Database) -> None:
    """What was taken in is written before the end; what comes later is refused."""
    notebook, gate = Notebook(), Gate()
    held = asyncio.ensure_future(transactions.run(gate, Fact("gate")))
    await asyncio.to_thread(gate.entered.wait, 20)
    waiter = asyncio.ensure_future(transactions.run(notebook.run, Fact("F1")))
    await asyncio.sleep(0)
    stopping = asyncio.ensure_future(transactions.stop())
    gate.opened.set()
    await asyncio.gather(held, waiter, stopping)
    assert stored(database) == {"F1"}
    with pytest.raises(Overloaded):
        await transactions.run(notebook.run, Fact("F2"))


async def test_a_stuck_transaction_does_not_hold_the_end(transactions: Transactions) -> None:
    """After its patience, stopping goes on without the rule that hangs."""
    gate = Gate()
    held = asyncio.ensure_future(transactions.run(gate, Fact("gate")))
    await asyncio.to_thread(gate.entered.wait, 20)
    await transactions.stop(0.01)
    assert not held.done()
    gate.opened.set()
    await held


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)
async def test_a_killed_connection_loses_nothing(transactions: Transactions, database: Database) -> None:
    """The server ends our connection at rest and in the middle of a transaction: all is stored, once, as we go on."""
    notebook = Notebook()
    await transactions.run(notebook.run, Fact("F1"))
    kill_others(database)
    assert await transactions.run(notebook.run, Fact("F2")) == "F2"
    tries = []

    def cut_off(session: Session, fact: Fact, now: datetime) -> str:
        tries.append(fact.name)
        if len(tries) == 1:
            kill_others(database)
        return notebook.run(session, fact, now)

    assert await transactions.run(cut_off, Fact("F3")) == "F3"
    assert tries == ["F3", "F3"]
    assert stored(database) == {"F1", "F2", "F3"}
    kill_others(database)
    assert await transactions.read(stored_names) == {"F1", "F2", "F3"}


def stored_names(session: Session) -> set[str]:
    return set(session.scalars(text("SELECT id FROM workspaces")))


def kill_others(database: Database) -> None:
    """End every connection to this database but our own."""
    with database.read() as session:
        session.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )


@pytest.mark.parametrize(
    "backend", ["postgresql"], indirect=True
)  # SQLite has one writer, which waits in its own way
async def test_a_lock_that_somebody_keeps_is_waited_for_again(
    database_url: str, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    """PostgreSQL gives up a wait after a moment, the transaction is repeated, and the fact is stored once."""
    monkeypatch.setattr(session_module, "LOCK_SECONDS", 0.05)
    impatient = open_database(database_url)
    transactions = Transactions(impatient, SystemClock())
    with database.write() as holder:
        lock(holder, Fact("F1").subjects)
        monkeypatch.setattr("bot.group_commit.time.sleep", lambda _: holder.rollback())
        transactions.start()
        assert await transactions.record(Notebook().record, Fact("F1")) == "F1"
    await transactions.stop()
    impatient.close()
    assert stored(database) == {"F1"}
