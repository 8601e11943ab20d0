"""Puts everything together: database, front, sender, schedules; the one module that knows everybody."""

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
import structlog
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.logger.messages import warning_client_prioritized_and_token_skipped
from slack_sdk.errors import SlackApiError

from bot.addresses import is_loopback
from bot.background import Background
from bot.catch_up import CatchUp
from bot.clock import Clock, SystemClock
from bot.config import Settings, Transport
from bot.delivery import Patience
from bot.errors import ConfigError, Overloaded
from bot.following import FollowedClock, read_time
from bot.front import Front
from bot.installations import Installations
from bot.installing import Installing
from bot.lms import lms_routes
from bot.poison import keep_failure
from bot.rules import home
from bot.secrets import open_vault
from bot.sender import Sender
from bot.socket import Socket
from bot.timekeeping import Timekeeper
from bot.transactions import Transactions
from bot.web import operator_routes, serve, slack_routes
from handlers.hearing import Services
from handlers.registration import register
from storage.failures import DatabaseError
from storage.locks import answers
from storage.migrate import upgrade
from storage.session import Database, open_database
from storage.workspaces import find_workspaces

log = structlog.get_logger(__name__)

CONNECT_SECONDS = 10  # a call that never got a connection certainly did not arrive
READY_SECONDS = 5  # a database that takes longer to answer is not ready
# Whoever stops us waits ten seconds, then kills; these two follow each other.
GRACE_SECONDS = 5.0  # for requests and calls that are under way
WRITING_SECONDS = 2.0  # for the last transaction


class Commonplace:
    """The running app."""

    def __init__(self, settings: Settings, transport: Transport, patience: Patience | None = None) -> None:
        """Nothing runs before `start`; `patience` says how long calls to Slack may take."""
        patience = patience or Patience()
        self._settings = settings
        self._transport = transport
        self.port = settings.port
        self.clock: Clock = FollowedClock() if settings.clock_url else SystemClock()
        self._vault = open_vault(settings.secret_keys, settings.database_file)
        self.database: Database = open_database(settings.database_url, self._vault)
        self.transactions = Transactions(self.database, self.clock)
        self._session = aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=patience.call, connect=CONNECT_SECONDS)
        )
        self.installations = Installations(
            self.transactions, self.clock, self._vault, settings.api_url, self._session
        )
        client_for = self.installations.client_for
        self.sender = Sender(self.transactions, self.clock, client_for, self._draw_home, patience=patience)
        self.catch_up = CatchUp(self.transactions, self.clock, client_for, self._set_aside)
        self._background = Background()
        self.timekeeper = Timekeeper(
            self.transactions,
            self.installations,
            self.sender,
            self.catch_up,
            self._background,
            self._hears_slack,
        )
        self._front = Front(self._bolt(), self.installations.knows)
        self._runner: web.AppRunner | None = None
        self._socket: Socket | None = None

    async def start(self) -> None:
        """Migrate, say who we are, open the port, listen, speak. Raises ConfigError with the cure."""
        await asyncio.to_thread(upgrade, self.database)
        self.transactions.on_commit(self.sender.nudge)
        self.transactions.start()
        await self._follow_clock()
        await self._meet_slack()
        await self._open_port()
        await self._listen()
        self.sender.start()
        self.timekeeper.start()
        if self._settings.clock_url is not None and isinstance(self.clock, FollowedClock):
            self.timekeeper.follow(self._settings.clock_url, self.clock, self._session)
        # What start-up made lives as long as the process: out of the collector's way, the slowest answers are
        # three times quicker.
        gc.collect()
        gc.freeze()
        gc.set_threshold(50_000, 20, 20)
        log.info("listening", transport=self._transport, port=self.port)

    async def stop(self) -> None:
        """Take nothing more in, finish what runs, rest; what waits to be said stays in the outbox."""
        log.info("stopping")
        self.timekeeper.stop()
        await asyncio.gather(
            self._stop_listening(), self._background.stop(GRACE_SECONDS), self.sender.stop(GRACE_SECONDS)
        )
        await self.transactions.stop(WRITING_SECONDS)
        await self._session.close()
        self.database.close()
        log.info("stopped")

    async def _stop_listening(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(GRACE_SECONDS + 1):
                if self._socket is not None:
                    await self._socket.stop(GRACE_SECONDS)
                if self._runner is not None:
                    await self._runner.cleanup()

    async def _follow_clock(self) -> None:
        if self._settings.clock_url is not None and isinstance(self.clock, FollowedClock):
            await read_time(self._session, self._settings.clock_url, self.clock)

    async def _meet_slack(self) -> None:
        if self._settings.bot_token is None:
            return
        try:
            await self.installations.start_with(self._settings.bot_token)
        except SlackApiError as error:
            raise ConfigError(
                f"SLACK_BOT_TOKEN is refused by Slack ({error.response['error']}): copy the bot token (xoxb-…) from"
                " OAuth & Permissions of your app again."
            ) from error
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._unreachable() from error

    def _unreachable(self) -> ConfigError:
        return ConfigError(
            f"Slack cannot be reached at {self._settings.api_url}: check SLACK_API_URL and this machine's network."
        )

    def _bolt(self) -> AsyncApp:
        async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
            return await self.installations.authorize(enterprise_id, team_id)  # Bolt takes no bound method

        logging.getLogger("slack_bolt.AsyncApp").addFilter(_is_news)
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
            is_loopback(self._settings.api_url),
        )
        register(app, services)
        return app

    def _draw_home(self, session: Any, workspace: str, person: str) -> dict[str, Any]:
        return home.render_home(session, workspace, person, self.clock.now())

    def _meet_spaces(self, workspace: str) -> None:
        self._background.start(self.timekeeper.catch_up(workspace))

    async def _own_user(self, workspace: str) -> str | None:
        found = await self.installations.find(workspace)
        return found.bot_user if found else None

    async def _only_workspace(self) -> str | None:
        known = await self.transactions.read(find_workspaces)
        return known[0].id if len(known) == 1 else None

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
        routes += lms_routes(
            self._settings.lms_secret, self.transactions, self._only_workspace, self.installations.client_for
        )
        if self._transport == "http":
            routes += slack_routes(self._front, self._settings.signing_secret or "")
        if self._settings.many_workspaces:
            routes += Installing(
                self._settings, self._vault, self.transactions, self.installations, self._meet_spaces
            ).routes()
        host, port = self._settings.host, self._settings.port
        try:
            self._runner, self.port = await serve(routes, host, port, GRACE_SECONDS)
        except OSError as error:
            raise ConfigError(
                f"Port {port} on {host} cannot be opened ({error.strerror}): stop what uses it, or set PORT."
            ) from error

    async def _listen(self) -> None:
        if self._transport != "socket":
            self._on_connect()
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
        except (aiohttp.ClientError, TimeoutError) as error:
            raise self._unreachable() from error

    def _on_connect(self) -> None:
        self._background.start(self.timekeeper.catch_up_everywhere())

    async def _is_ready(self) -> dict[str, bool]:
        try:
            async with asyncio.timeout(READY_SECONDS):
                database = await self.transactions.read(answers)
        except (DatabaseError, Overloaded, TimeoutError):
            database = False
        return {"database": database, "slack": await self._hears_slack()}

    async def _hears_slack(self) -> bool:
        return self._socket is None or await self._socket.is_connected()


def _is_news(record: logging.LogRecord) -> bool:
    """Bolt warns that it leaves SLACK_BOT_TOKEN alone; so it should: every workspace's client has its own."""
    return record.getMessage() != warning_client_prioritized_and_token_skipped()


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
