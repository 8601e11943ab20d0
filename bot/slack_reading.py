"""Reads Slack's Web API patiently: within its limits, waiting as long as it asks, trying again what may pass."""

import asyncio
import random
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from time import monotonic
from typing import Any

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.pace import MINUTE, TIER_2, TIER_3, TIER_4, Window

PAGE = 200
MOST_TRIES = 10
LONGEST_PAUSE = 60.0
WITHOUT_A_WORD = 30.0  # seconds to wait when Slack says 429 and not for how long
SPARE = 0.7  # of Slack's limits: the sender and people's presses need some, too
TOO_MANY, SERVER_FAULT = 429, 500

_PER_MINUTE = {
    "users.list": TIER_2,
    "users.conversations": TIER_2,
    "users.info": TIER_4,
    "conversations.members": TIER_4,
}
_PASSING = {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org"}
_THROTTLED = {"ratelimited", "rate_limited"}

log = structlog.get_logger(__name__)


class SlackReader:
    """Calls that only read, one after the other."""

    def __init__(
        self,
        client: Callable[[], Awaitable[AsyncWebClient]],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        """`client` is asked for anew at each call, because tokens may change."""
        self._client = client
        self._sleep = sleep
        self._windows: dict[str, Window] = {}

    async def call(self, method: str, **arguments: Any) -> Mapping[str, Any]:
        """Slack's answer; raises SlackApiError for a definite refusal, or the last error of many tries."""
        given = {name: value for name, value in arguments.items() if value is not None}
        tries = 0
        while True:
            await self._wait_for_room(method)
            try:
                client = await self._client()
                answer = await client.api_call(method, http_verb="GET", params=given)
            except (SlackApiError, aiohttp.ClientError, TimeoutError, ValueError) as error:
                tries += 1
                pause = pause_after(error, tries)
                if pause is None or tries >= MOST_TRIES * (1 + 9 * is_throttling(error)):
                    raise
                log.info("reading waits", method=method, seconds=round(pause, 1), reason=type(error).__name__)
                await self._sleep(pause)
            else:
                return answer.data if isinstance(answer.data, dict) else {}

    async def pages(self, method: str, **arguments: Any) -> AsyncIterator[Mapping[str, Any]]:
        """Every page of an answer that has cursors."""
        cursor: str | None = None
        while True:
            answer = await self.call(method, limit=PAGE, cursor=cursor, **arguments)
            yield answer
            cursor = (answer.get("response_metadata") or {}).get("next_cursor") or None
            if cursor is None:
                return

    async def pause(self) -> None:
        """Let others go first."""
        await self._sleep(1.0)

    async def _wait_for_room(self, method: str) -> None:
        most = int(_PER_MINUTE.get(method, TIER_3) * SPARE)
        window = self._windows.setdefault(method, Window(most, MINUTE))
        while (wait := window.wait(monotonic())) > 0:
            await self._sleep(wait)
        window.take(monotonic())


def pause_after(error: Exception, tries: int) -> float | None:
    """Seconds to wait before the next try; None when the refusal is definite."""
    if is_throttling(error):
        return _retry_after(error)
    if isinstance(error, SlackApiError) and is_definite(error):
        return None
    return min(2.0**tries, LONGEST_PAUSE) * random.uniform(0.5, 1.0)  # noqa: S311  jitter, no secret


def is_definite(error: SlackApiError) -> bool:
    """Whether the refusal would be the same next time."""
    return not is_throttling(error) and _status(error) < SERVER_FAULT and code_of(error) not in _PASSING


def is_throttling(error: Exception) -> bool:
    """Whether Slack asked us to wait."""
    return isinstance(error, SlackApiError) and (_status(error) == TOO_MANY or code_of(error) in _THROTTLED)


def _status(error: SlackApiError) -> int:
    # An answer that is no JSON comes as the HTTP library's own response.
    response = error.response
    found = getattr(response, "status_code", None) or getattr(response, "status", None)
    return found if isinstance(found, int) else SERVER_FAULT


def code_of(error: SlackApiError) -> str:
    """Slack's own word for the refusal."""
    data = getattr(error.response, "data", None)
    return str(data.get("error")) if isinstance(data, dict) else ""


def _retry_after(error: Exception) -> float:
    headers = getattr(getattr(error, "response", None), "headers", None) or {}
    try:
        return max(1.0, float(headers["Retry-After"]))
    except (KeyError, TypeError, ValueError):
        return WITHOUT_A_WORD
