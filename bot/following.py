"""Follows the sandbox's clock: the bot lives in the sandbox's time and says when it has done what was due."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta

import aiohttp
import structlog

log = structlog.get_logger(__name__)

WAIT_SECONDS = 25
RETRY_SECONDS = 0.5


class FollowedClock:
    """Tells the time of the sandbox; it never goes back."""

    def __init__(self) -> None:
        """Follows nobody yet: the computer's time."""
        self._offset = timedelta(0)

    def now(self) -> datetime:
        """The present instant of the sandbox, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, now: datetime) -> None:
        """It is `now` in the sandbox at this moment."""
        self._offset = now - datetime.now(UTC)


class Follower:
    """Keeps the clock in step, lets the bot act after each move, and reports what is due next."""

    def __init__(
        self,
        url: str,
        clock: FollowedClock,
        session: aiohttp.ClientSession,
        act: Callable[[], Awaitable[datetime | None]],
    ) -> None:
        """`act` does all that is due, waits until nothing is left to send, and returns the next due instant."""
        self._url = url
        self._clock = clock
        self._session = session
        self._act = act
        self._version: int | None = None

    async def step(self) -> None:
        """Read the sandbox's time once, without acting; raises aiohttp.ClientError."""
        self._version = await self._read({})

    async def follow(self) -> None:
        """Follow until cancelled; a sandbox that is away is asked again."""
        await self._report()
        while True:
            try:
                await self._next_move()
            except (aiohttp.ClientError, TimeoutError) as error:
                log.info("sandbox clock is away", reason=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _next_move(self) -> None:
        before = self._version
        self._version = await self._read({"after": str(before), "wait": str(WAIT_SECONDS)})
        if self._version != before:
            await self._report()

    async def _report(self) -> None:
        version = self._version
        due = await self._act()
        report = {"version": version, "next_due": due.isoformat() if due else None, "idle": True}
        async with self._session.post(f"{self._url}/report", json=report) as answer:
            answer.raise_for_status()

    async def _read(self, query: dict[str, str]) -> int:
        timeout = aiohttp.ClientTimeout(total=WAIT_SECONDS + 10)
        async with self._session.get(self._url, params=query, timeout=timeout) as answer:
            answer.raise_for_status()
            told = await answer.json()
        self._clock.set(datetime.fromisoformat(told["now"]))
        return int(told["version"])
