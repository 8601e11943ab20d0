"""Socket Mode: each envelope takes the same path as an HTTP request, and only what is done is acked."""

import asyncio
from collections.abc import Callable
from http import HTTPStatus

import orjson
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.front import Front
from bot.slack_reading import is_throttling

log = structlog.get_logger(__name__)

PING_SECONDS = 10


class Socket:
    """Keeps a connection to Slack open and hands what comes in to the front."""

    def __init__(
        self, front: Front, app_token: str, web_client: AsyncWebClient, on_connect: Callable[[], None]
    ) -> None:
        """`on_connect` is called at each new connection: something may have been missed before it."""
        self._front = front
        self._running: set[asyncio.Task[None]] = set()
        self._taking = True
        self._on_connect = on_connect
        self.client = SocketModeClient(
            app_token=app_token,
            web_client=web_client,
            ping_interval=PING_SECONDS,
            auto_reconnect_enabled=True,
        )
        self.client.socket_mode_request_listeners.append(self._on_envelope)
        self.client.message_listeners.append(self._on_any_message)

    async def connect(self) -> None:
        """Open the connection; raises what slack_sdk raises when Slack refuses."""
        # Once here, because `connect` takes a refusal for bad luck and tries for ever.
        self.client.wss_uri = await self._first_address()
        await self.client.connect()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped

    async def _first_address(self) -> str:
        try:
            answer = await self.client.web_client.apps_connections_open(app_token=self.client.app_token)
            return str(answer["url"])
        except SlackApiError as error:
            if not is_throttling(error):
                raise  # slack_sdk would log the refusal besides, in words of its own
        return await self.client.issue_new_wss_url()

    async def is_connected(self) -> bool:
        """Whether a connection stands."""
        return bool(await self.client.is_connected())

    async def stop(self, seconds: float) -> None:
        """Take nothing more in, let what runs finish (at most `seconds`), then close."""
        self._taking = False
        if self._running:
            await asyncio.wait(self._running, timeout=seconds)
        await self.client.close()  # type: ignore[no-untyped-call]  # slack_sdk leaves it untyped

    async def _on_any_message(
        self, _client: AsyncBaseSocketModeClient, message: dict[str, object], _raw: str | None
    ) -> None:
        if message.get("type") == "hello":
            self._on_connect()

    async def _on_envelope(self, _client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        if not self._taking:
            return  # not acked, so Slack delivers it again to whoever listens then
        task = asyncio.ensure_future(self._answer(request))
        self._running.add(task)
        task.add_done_callback(self._running.discard)
        await task

    async def _answer(self, request: SocketModeRequest) -> None:
        headers: dict[str, str] = {}
        if request.retry_attempt is not None:
            headers["x-slack-retry-num"] = str(request.retry_attempt)
        answer = await self._front.answer(request.payload, headers)
        if answer.status != HTTPStatus.OK:
            log.warning("not acked", status=answer.status, retry=request.retry_attempt)
            return
        payload = orjson.loads(answer.body) if answer.body.startswith("{") else None
        if payload is None and answer.body:
            payload = {"text": answer.body}
        await self.client.send_socket_mode_response(
            SocketModeResponse(envelope_id=request.envelope_id, payload=payload)
        )
