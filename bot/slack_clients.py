"""Clients for Slack's Web API: one shared session with a time-out of its own, and nothing repeats a call."""

import math
from collections.abc import Awaitable, Callable

import aiohttp
from slack_sdk.web.async_client import AsyncWebClient

CALL_SECONDS = 30.0
CONNECT_SECONDS = 10.0

TokenFor = Callable[[str], Awaitable[str]]


class SlackClients:
    """Gives a client for each workspace."""

    def __init__(self, api_url: str, token_for: TokenFor, timeout: float = CALL_SECONDS) -> None:
        """`token_for` gives a workspace's bot token; it raises LookupError when the app is not installed."""
        self._api_url = api_url
        self._token_for = token_for
        self._timeout = timeout
        self._session: aiohttp.ClientSession | None = None

    async def for_workspace(self, workspace: str) -> AsyncWebClient:
        """A client that speaks as our bot in this workspace; raises LookupError when it is not installed."""
        token = await self._token_for(workspace)
        return AsyncWebClient(
            token=token,
            base_url=self._api_url,
            session=self._open_session(),
            timeout=math.ceil(self._timeout),
            retry_handlers=[],  # the default one repeats a post whose connection broke, and so posts it twice
        )

    async def close(self) -> None:
        """Close every connection."""
        if self._session is not None:
            await self._session.close()

    def _open_session(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # With a session of our own the client's time-out would not count, so the session has one.
            timeout = aiohttp.ClientTimeout(total=self._timeout, connect=min(CONNECT_SECONDS, self._timeout))
            self._session = aiohttp.ClientSession(timeout=timeout, cookie_jar=aiohttp.DummyCookieJar())
        return self._session
