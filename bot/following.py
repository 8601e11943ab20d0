"""Follows the sandbox's clock: the bot lives in the sandbox's time and says when it has done what was due."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
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
        self._offset = timedelta(0)  # the sandbox's clock only ever moves ahead of it

    def now(self) -> datetime:
        """The present instant of the sandbox, aware, in UTC."""
        return datetime.now(UTC) + self._offset

    def set(self, now: datetime) -> None:
        """It is `now` in the sandbox at this moment, or was when it said so: being told late moves nothing back."""
        self._offset = max(self._offset, now - datetime.now(UTC))


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
        self._reported: int | None = None  # the version at which all was done

    async def follow(self) -> None:
        """Follow until cancelled; a sandbox that is away, or a database, is asked again."""
        while True:
            try:
                await self._step()
            except (aiohttp.ClientError, TimeoutError) as error:
                log.info("sandbox clock is away", reason=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)
            except Exception as error:  # noqa: BLE001  whatever `act` met: a clock that stands still helps nobody
                log.warning("not done what was due", error=type(error).__name__)
                await asyncio.sleep(RETRY_SECONDS)

    async def _step(self) -> None:
        waiting = {} if self._reported is None else {"after": str(self._reported), "wait": str(WAIT_SECONDS)}
        version = await read_time(self._session, self._url, self._clock, waiting)
        if version != self._reported:
            await self._report(version)
            self._reported = version

    async def _report(self, version: int) -> None:
        due = await self._act()
        report = {"version": version, "next_due": due.isoformat() if due else None, "idle": True}
        async with self._session.post(f"{self._url}/report", json=report) as answer:
            answer.raise_for_status()


async def read_time(
    session: aiohttp.ClientSession, url: str, clock: FollowedClock, query: Mapping[str, str] | None = None
) -> int:
    """Set the clock to the sandbox's time; returns the version of that. Raises aiohttp.ClientError."""
    timeout = aiohttp.ClientTimeout(total=WAIT_SECONDS + 10)
    async with session.get(url, params=query, timeout=timeout) as answer:
        answer.raise_for_status()
        told = await answer.json()
    clock.set(datetime.fromisoformat(told["now"]))
    return int(told["version"])
