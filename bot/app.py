"""Puts everything together: database, front, sender, schedules; the one module that knows everybody."""

import asyncio
import gc
import signal
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from typing import Any

import aiohttp
import structlog
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.errors import SlackApiError

from bot.catch_up import CatchUp
from bot.clock import Clock, SystemClock
from bot.config import Settings, Transport
from bot.delivery import Patience
from bot.errors import ConfigError, Overloaded
from bot.following import FollowedClock, Follower
from bot.front import Front
from bot.installations import Installations
from bot.poison import keep_failure
from bot.rules import home, spaces
from bot.secrets import open_vault
from bot.sender import Sender
from bot.socket import Socket
from bot.transactions import Transactions
from bot.web import operator_routes, serve, slack_routes
from handlers.hearing import Services
from handlers.registration import register
from schedules import tick
from storage.failures import DatabaseError
from storage.locks import answers
from storage.migrate import upgrade
from storage.session import Database, open_database
from storage.workspaces import remember_listening

log = structlog.get_logger(__name__)

HEARTBEAT_SECONDS = 30
CONNECT_SECONDS = 10  # a call that never got a connection certainly did not arrive
GRACE_SECONDS = 5  # for what runs when we are asked to stop; all of stopping stays below ten


class Commonplace:
    """The running app."""

    def __init__(self, settings: Settings, transport: Transport, patience: Patience | None = None) -> None:
        """Nothing runs before `start`; `patience` says how long calls to Slack may take."""
        self._patience = patience or Patience()
        self._settings = settings
        self._transport = transport
        self.clock: Clock = FollowedClock() if settings.clock_url else SystemClock()
        self.database: Database = open_database(settings.database_url)
        self._vault = open_vault(settings.secret_keys, settings.database_file)
        self.transactions = Transactions(self.database, self.clock)
        self._scheduler = AsyncIOScheduler(
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        self._tasks: set[asyncio.Task[None]] = set()
        self._socket: Socket | None = None
        self._follower: Follower | None = None
        self.port = settings.port

    async def start(self) -> None:
        """Migrate, say who we are, open the port, listen, speak. Raises ConfigError with the cure."""
        await asyncio.to_thread(upgrade, self.database)
        self.transactions.start()
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=self._patience.call, connect=CONNECT_SECONDS)
        )
        await self._meet_slack()
        self.sender = Sender(
            self.transactions,
            self.clock,
            self.installations.client_for,
            self._draw_home,
            patience=self._patience,
        )
        self.transactions.on_commit(self.sender.nudge)
        self.catch_up = CatchUp(self.transactions, self.clock, self.installations.client_for)
        self._front = Front(self._bolt(), self.installations.knows)
        await self._open_port()
        await self._listen()
        self.sender.start()
        self._keep_time()
        # What start-up made lives as long as the process: out of the collector's way, the slowest answers are
        # three times quicker.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        log.info("listening", transport=self._transport, port=self.port)

    async def stop(self) -> None:
        """Take nothing more in, finish what runs, rest; what waits to be said stays in the outbox."""
        log.info("stopping")
        if self._scheduler.running:
            self._scheduler.shutdown(wait=False)
        if self._socket is not None:
            await self._socket.stop(GRACE_SECONDS)
        if hasattr(self, "_runner"):
            await self._runner.cleanup()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if hasattr(self, "sender"):
            await self.sender.stop()
        await self.transactions.stop()
        if hasattr(self, "_session"):
            await self._session.close()
        self.database.close()
        log.info("stopped")

    async def _meet_slack(self) -> None:
        settings = self._settings
        self.installations = Installations(
            self.transactions, self.clock, self._vault, settings.api_url, self._session
        )
        if self._follows_clock():
            await self._follow_first()
        if settings.bot_token is None:
            return
        try:
            await self.installations.start_with(settings.bot_token)
        except SlackApiError as error:
            raise ConfigError(
                f"SLACK_BOT_TOKEN is refused by Slack ({error.response['error']}): copy the bot token (xoxb-…) from"
                " OAuth & Permissions of your app again."
            ) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise ConfigError(
                f"Slack cannot be reached at {settings.api_url}: check SLACK_API_URL and this machine's network."
            ) from error

    def _bolt(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            return await self.installations.authorize(enterprise_id, team_id)  # Bolt takes no bound method

        app = AsyncApp(
            client=self.installations.client(None),
            authorize=authorize,  # type: ignore[arg-type]  # None says "not installed" to Bolt
            process_before_response=True,  # record, then ack
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,  # the front did, for HTTP
            ssl_check_enabled=False,
            url_verification_enabled=False,
            ignoring_self_events_enabled=False,  # a deletion of a message of ours is worth hearing
        )
        services = Services(
            self.transactions,
            self.clock,
            self.installations.client_for,
            self._own_user,
            self._set_aside,
            self.installations.forget,
            self._meet_spaces,
        )
        register(app, services)
        return app

    def _draw_home(self, session: Any, workspace: str, person: str) -> dict[str, Any]:
        return home.render_home(session, workspace, person, self.clock.now())

    def _meet_spaces(self, workspace: str) -> None:
        self._soon(self.catch_up.run(workspace))

    async def _own_user(self, workspace: str) -> str | None:
        found = await self.installations.find(workspace)
        return found.bot_user if found else None

    async def _set_aside(
        self,
        rule: Callable[..., Any],
        fact: Any,
        grouped: bool,
        error: Exception,
    ) -> None:
        await keep_failure(self.transactions, self._vault, rule, fact, error, grouped=grouped)

    async def _open_port(self) -> None:
        routes = operator_routes(self._is_ready)
        if self._transport == "http":
            routes += slack_routes(self._front, self._settings.signing_secret or "")
        host, port = self._settings.host, self._settings.port
        try:
            self._runner, self.port = await serve(routes, host, port)
        except OSError as error:
            raise ConfigError(
                f"Port {port} on {host} cannot be opened ({error.strerror}): stop what uses it, or set PORT."
            ) from error

    async def _listen(self) -> None:
        if self._transport != "socket":
            self._soon(self._read_what_was_missed())
            return
        self._socket = Socket(
            self._front, self._settings.app_token or "", self.installations.client(None), self._on_connect
        )
        try:
            await self._socket.connect()
        except SlackApiError as error:
            raise ConfigError(
                f"SLACK_APP_TOKEN is refused by Slack ({error.response['error']}): make an app-level token (xapp-…)"
                " with connections:write under Basic Information."
            ) from error

    def _on_connect(self) -> None:
        self._soon(self._read_what_was_missed())

    async def _read_what_was_missed(self) -> None:
        for workspace in await self.installations.all():
            await self.catch_up.run(workspace)

    async def _is_ready(self) -> dict[str, bool]:
        try:
            database = await self.transactions.read(answers)
        except (DatabaseError, Overloaded):
            database = False
        return {"database": database, "slack": await self._hears_slack()}

    async def _hears_slack(self) -> bool:
        return self._socket is None or await self._socket.is_connected()

    def _keep_time(self) -> None:
        self._scheduler.add_job(self._tick, "interval", seconds=tick.RHYTHM_SECONDS)
        self._scheduler.add_job(self._heartbeat, "interval", seconds=HEARTBEAT_SECONDS)
        self._scheduler.start()
        if self._follower is not None:
            self._soon(self._follower.follow())

    async def _tick(self) -> None:
        for workspace in await self.installations.all():
            await self.transactions.run(tick.run_due, tick.Tick(workspace))
            # It may take hours, and what is due waits for nothing.
            self._soon(self._read_back(workspace))

    async def _read_back(self, workspace: str) -> None:
        """Read the history that somebody asked us to read."""
        for wish in await self.transactions.read(spaces.wishes_to_read_back, workspace):
            if await self.catch_up.read_back(workspace, wish.channel, wish.days):
                await self.transactions.run(spaces.record_read_back, wish)

    async def _heartbeat(self) -> None:
        if not await self._hears_slack():
            return
        for workspace in await self.installations.all():
            await self.transactions.run(_note_listening, tick.Tick(workspace))

    def _follows_clock(self) -> bool:
        return self._settings.clock_url is not None

    async def _follow_first(self) -> None:
        if self._settings.clock_url is None or not isinstance(self.clock, FollowedClock):
            return
        self._follower = Follower(self._settings.clock_url, self.clock, self._session, self._act_until_idle)
        await self._follower.step()

    async def _act_until_idle(self) -> datetime | None:
        """Do all that is due at this moment of the sandbox, and say when the next thing is."""
        await self._tick()
        await self.sender.idle()
        due = [
            await self.transactions.read(tick.next_due, workspace)
            for workspace in await self.installations.all()
        ]
        return min((instant for instant in due if instant is not None), default=None)

    def _soon(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._finished)

    def _finished(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("work in the background failed", exc_info=error)


def _note_listening(session: Any, beat: tick.Tick, now: datetime) -> None:
    remember_listening(session, beat.workspace, now)


@asynccontextmanager
async def running(
    settings: Settings, transport: Transport, patience: Patience | None = None
) -> AsyncIterator[Commonplace]:
    """The app, started, and stopped at the end however that comes."""
    app = Commonplace(settings, transport, patience)
    try:
        await app.start()
        yield app
    finally:
        await app.stop()


async def run(settings: Settings, transport: Transport, patience: Patience | None = None) -> None:
    """Run until we are asked to stop (SIGTERM, SIGINT)."""
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # where the event loop knows no signals
            asyncio.get_running_loop().add_signal_handler(number, asked.set)
    async with running(settings, transport, patience):
        await asked.wait()
