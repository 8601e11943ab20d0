"""Keeps time: the tick that does what is due, the heartbeat from which catch-up begins, the sandbox's moved clock."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from time import monotonic

import structlog
from aiohttp import ClientSession
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.background import Background
from bot.catch_up import CatchUp
from bot.following import FollowedClock, Follower
from bot.installations import Installations
from bot.rules import spaces
from bot.sender import Sender
from bot.transactions import Transactions
from schedules import SCHEDULES
from schedules.tick import RHYTHM_SECONDS, Tick, next_due, rule_for
from storage.session import Session
from storage.workspaces import remember_listening

HEARTBEAT_SECONDS = 30
LONGEST_ACT = (
    20.0  # seconds that a moved clock waits until all is said; a Slack that refuses must not stop it
)
LOOK_SECONDS = 0.05
FIRST_PAUSE, LONGEST_PAUSE = 15.0, 900.0  # seconds between two tries to catch up

log = structlog.get_logger(__name__)


def note_listening(session: Session, beat: Tick, now: datetime) -> None:
    """We listen at this moment."""
    remember_listening(session, beat.workspace, now)


class Timekeeper:
    """Runs the rhythms of every workspace that we are in; what fails in one of them stops no other."""

    def __init__(
        self,
        transactions: Transactions,
        installations: Installations,
        sender: Sender,
        catch_up: CatchUp,
        background: Background,
        hears_slack: Callable[[], Awaitable[bool]],
    ) -> None:
        """`hears_slack` tells whether what is said in Slack reaches us at this moment."""
        self._transactions = transactions
        self._installations = installations
        self._sender = sender
        self._catch_up = catch_up
        self._background = background
        self._hears_slack = hears_slack
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )

    def start(self) -> None:
        """Begin to tick."""
        self._scheduler.add_job(self.tick, "interval", seconds=RHYTHM_SECONDS)
        self._scheduler.add_job(self.beat, "interval", seconds=HEARTBEAT_SECONDS)
        self._scheduler.start()

    def stop(self) -> None:
        """Tick no more."""
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)

    def follow(self, url: str, clock: FollowedClock, session: ClientSession) -> None:
        """Live in the time that is told at `url`, and do what is due at each of its moves."""
        self._background.start(Follower(url, clock, session, partial(self._act_until_idle, clock)).follow())

    async def tick(self) -> None:
        """Do what is due, each schedule in its own transaction: one that fails does not undo the others."""
        for workspace in await self._installations.all():
            for schedule in SCHEDULES:
                await self._run(workspace, schedule.name, rule_for(schedule))
            # It may take hours, and what is due waits for nothing.
            self._background.start(self._read_back(workspace))

    async def catch_up_everywhere(self) -> None:
        """We listen from now on: read what was said before."""
        for workspace in await self._installations.all():
            self._background.start(self.catch_up(workspace))

    async def catch_up(self, workspace: str) -> None:
        """Read what was missed in one workspace; what does not answer now is asked again later."""
        pause = FIRST_PAUSE
        while True:
            try:
                await self._catch_up.run(workspace)
            except LookupError:  # uninstalled meanwhile
                return
            except Exception as error:  # noqa: BLE001  whatever Slack or the database had: giving up would leave a gap
                log.warning("not caught up", workspace=workspace, error=type(error).__name__)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                return

    async def beat(self) -> None:
        """Note that we listen, while we do."""
        if not await self._hears_slack():
            return
        for workspace in await self._installations.all():
            await self._run(workspace, "heartbeat", note_listening)

    async def _run(
        self, workspace: str, name: str, rule: Callable[[Session, Tick, datetime], bool | None]
    ) -> None:
        try:
            # Much that is due at once is done in several transactions: between them others get their turn.
            while await self._transactions.run(rule, Tick(workspace)):
                pass
        except Exception as error:  # noqa: BLE001  the next tick tries again; the other workspaces must not wait for it
            log.warning("not done in time", what=name, workspace=workspace, error=type(error).__name__)

    async def _read_back(self, workspace: str) -> None:
        """Read the history that somebody asked us to read."""
        for wish in await self._transactions.read(spaces.wishes_to_read_back, workspace):
            if await self._catch_up.read_back(workspace, wish.channel, wish.days):
                await self._transactions.run(spaces.record_read_back, wish)

    async def _act_until_idle(self, clock: FollowedClock) -> datetime | None:
        """Do all that is due at this moment of the sandbox, and say when the next thing is.

        What was said may make something due at once, which then is done too.
        """
        end = monotonic() + LONGEST_ACT
        while True:
            await self.tick()
            while not await self._sender.idle() and monotonic() < end:
                self._sender.nudge()
                await asyncio.sleep(LOOK_SECONDS)
            due = await self._next_due()
            if due is None or due > clock.now() or monotonic() >= end:
                return due
            await asyncio.sleep(LOOK_SECONDS)

    async def _next_due(self) -> datetime | None:
        due = [
            await self._transactions.read(next_due, workspace)
            for workspace in await self._installations.all()
        ]
        return min((instant for instant in due if instant is not None), default=None)
