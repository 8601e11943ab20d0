"""A sender with everything real around it: a database, transactions, and the sandbox as Slack."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import datetime
from time import monotonic
from typing import Any

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from bot.clock import MovableClock
from bot.delivery import Patience
from bot.pace import Pace
from bot.rules import letters
from bot.sandbox import Sandbox, empty_world
from bot.sandbox.conversations import add_member, create
from bot.sandbox.files import add_file
from bot.sandbox.messages import post
from bot.sandbox.model import Message
from bot.sandbox.people import add_person, new_person
from bot.sender import Sender
from bot.transactions import Transactions
from storage.outbox import Letter, OutboxRow, enqueue, post_to_space
from storage.outbox_due import find_due
from storage.session import Database, open_database
from storage.workspaces import Workspace

PATIENCE = Patience(call=1.0, margin=0.5, poll=0.05, breath=0.0, stop=2.0)
WAIT_AT_MOST = 30.0  # seconds


class Unhurried(Pace):
    """No limits of our own: what is under test is not how fast we are."""

    def wait(self, workspace: str, method: str, conversation: str) -> float:  # noqa: ARG002  as it is inherited
        """Only what Slack asked for."""
        now = self._now()
        return max(0.0, self._rests.get((workspace, method), now) - now)

    def closed(self) -> set[tuple[str, str]]:
        """Only what Slack asked for."""
        now = self._now()
        return {pair for pair, until in self._rests.items() if until > now}


class Letterbox:
    """Letters in, a sandbox to look at."""

    def __init__(self, sandbox: Sandbox, database: Database) -> None:
        self.sandbox = sandbox
        self.database = database
        self.world = sandbox.world
        self.team = self.world.team
        self.clock = MovableClock()
        self.transactions = Transactions(database, self.clock)
        self.api_url = sandbox.api_url
        limit = aiohttp.ClientTimeout(total=PATIENCE.call, connect=PATIENCE.call)
        self._session = aiohttp.ClientSession(timeout=limit)
        self.pace: Pace = Unhurried()
        self.sender = self.new_sender()
        self._replicas: list[tuple[Sender, Transactions, Database]] = []
        self.homes = 0
        self.channel = self._new_channel("learning")
        self.person = add_person(self.world, new_person(self.world, "asha", real_name="Asha Rao")).id

    async def client_for(self, workspace: str) -> AsyncWebClient:
        """A client for the sandbox's workspace, as the app makes them."""
        if workspace != self.team:
            raise LookupError(workspace)
        token, session = self.sandbox.bot_token, self._session
        return AsyncWebClient(token, self.api_url, session=session, retry_handlers=[])

    def new_sender(self, transactions: Transactions | None = None) -> Sender:
        """Another sender over the same database."""
        writes = transactions or self.transactions
        view = self.render_home
        return Sender(writes, self.clock, self.client_for, view, patience=PATIENCE, pace=self.pace)

    def new_replica(self) -> Sender:
        """A sender with connections of its own, as another process has."""
        database = open_database(self.database.url)
        transactions = Transactions(database, self.clock)
        transactions.start()
        sender = self.new_sender(transactions)
        self._replicas.append((sender, transactions, database))
        return sender

    async def close(self) -> None:
        """Stop everything that was started."""
        for sender, transactions, database in [
            (self.sender, self.transactions, self.database),
            *self._replicas,
        ]:
            await sender.stop()
            await transactions.stop()
            database.close()
        await self._session.close()

    def render_home(self, _session: Session, _workspace: str, person: str) -> dict[str, Any]:
        """A Home that says how often it was drawn."""
        self.homes += 1
        text = {"type": "plain_text", "text": f"{person} {self.homes}"}
        return {"type": "home", "blocks": [{"type": "section", "text": text}]}

    def _new_channel(self, name: str) -> str:
        conversation = create(self.world, self.world.default_person, name)
        add_member(self.world, conversation, self.world.app.user)
        return conversation.id

    def new_channel(self, name: str) -> str:
        """A channel with the app in it."""
        return self._new_channel(name)

    async def put(self, *given: Letter) -> list[int]:
        """Enqueue these letters in one transaction; returns their rows."""
        rows: list[int] = []

        def rule(session: Session, _fact: object, now: datetime) -> None:
            rows[:] = [row for letter in given if (row := enqueue(session, letter, now)) is not None]

        await self.transactions.run(rule, letters.Look(self.team, 0))
        return rows

    async def put_texts(self, channel: str, *texts: str) -> list[int]:
        """Enqueue a post for each text."""
        return await self.put(*(post_to_space(self.team, channel, {"text": text}) for text in texts))

    def said(self, channel: str) -> list[Message]:
        """What the app posted there, in Slack's order, replies included."""
        messages = self.world.conversations[channel].messages.values()
        return sorted((m for m in messages if m.by_app and not m.subtype), key=lambda m: m.ts)

    def texts(self, channel: str) -> list[str]:
        """The words of what the app posted there."""
        return [message.text for message in self.said(channel)]

    def somebody_posts(self, channel: str, text: str) -> Message:
        """A person posts."""
        return post(self.world, channel, self.world.default_person, text)

    def somebody_gives(self, name: str, content: bytes) -> str:
        """A person uploads a file in a form; returns its id."""
        return add_file(self.world, name, content, self.person).id

    def calls(self, method: str) -> list[dict[str, Any]]:
        """The calls the app made of this method."""
        return [call for call in self.sandbox.web_api.calls if call["method"] == method]

    def fault(self, method: str, fault: str, times: int | None = 1, **more: Any) -> None:
        """Something goes wrong from now on."""
        self.sandbox.faults.replace([{"method": method, "fault": fault, "times": times, **more}])

    def rows(self) -> list[OutboxRow]:
        """Every row of the outbox."""
        with self.database.write() as session:
            return list(session.scalars(select(OutboxRow).order_by(OutboxRow.id)))

    def states(self) -> list[str]:
        """The state of every row, in order."""
        return [row.state for row in self.rows()]

    def row(self, row_id: int) -> OutboxRow:
        """One row of the outbox."""
        return next(row for row in self.rows() if row.id == row_id)

    def change(self, row_id: int, **values: Any) -> None:
        """Set columns of one row, as if time had passed."""
        with self.database.write() as session:
            session.execute(update(OutboxRow).where(OutboxRow.id == row_id).values(values))
            session.commit()

    async def due(self) -> list[int]:
        """The rows whose turn it is."""
        return [row.id for row in await self.transactions.read(find_due, self.clock.now())]

    async def until(self, condition: Callable[[], bool]) -> None:
        """Wait until something is so; fails when it takes too long."""
        deadline = monotonic() + WAIT_AT_MOST
        while not condition():
            assert monotonic() < deadline, [
                (row.id, row.state, row.error, row.attempt) for row in self.rows()
            ]
            await asyncio.sleep(0.02)

    async def until_idle(self) -> None:
        """Wait until the sender has nothing to do."""
        await until(self.sender.idle)


async def until(condition: Callable[[], Awaitable[bool]]) -> None:
    """Wait until something is so; fails when it takes too long."""
    deadline = monotonic() + WAIT_AT_MOST
    while not await condition():
        assert monotonic() < deadline
        await asyncio.sleep(0.02)


@asynccontextmanager
async def open_letterbox(database: Database) -> AsyncIterator[Letterbox]:
    """Everything started but the sender."""
    async with Sandbox(empty_world()) as sandbox:
        box = Letterbox(sandbox, database)
        with database.write() as session:
            session.add(Workspace(id=box.team))
            session.commit()
        box.transactions.start()
        try:
            yield box
        finally:
            await box.close()
