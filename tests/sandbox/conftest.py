"""What the tests of the sandbox share: a small workspace, its Web API, and an app at the other end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import pytest
from aiohttp import web
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, empty_world
from tests.people import Person, Workplace, eventually

Json = dict[str, Any]
ALL_SCOPES = """
_metadata: {major_version: 2}
display_information: {name: Commonplace}
features:
  slash_commands: [{command: /learn, description: Learn, should_escape: true}]
  shortcuts:
    - {name: Save, type: message, callback_id: save_contribution, description: Keep it}
    - {name: Share, type: global, callback_id: share, description: Give}
"""


@pytest.fixture
async def sandbox(tmp_path: Any) -> AsyncIterator[Sandbox]:
    """A running sandbox: ada, asha and ben, #kitchen with all of them and the app."""
    manifest = tmp_path / "manifest.yml"
    manifest.write_text(ALL_SCOPES)
    world = empty_world(manifest=manifest)
    async with Sandbox(world=world, retry_delays=(0.0, 0.01, 0.02), ack_seconds=0.5) as running:
        async with Workplace(running.url) as workplace:
            await furnish(workplace)
            # Nobody heard how the room was furnished; the tests begin after that.
            await workplace.all_delivered()
        running.deliveries.dropped = running.deliveries.retried = 0
        running.deliveries.sent.clear()
        yield running


async def furnish(workplace: Workplace) -> None:
    """Let two more people in and open #kitchen."""
    for name in ("asha", "ben"):
        await workplace.post("people", name=name)
    ada = workplace.person("ada")
    await ada.creates("kitchen")
    for name in ("asha", "ben", "app"):
        await ada.invites("#kitchen", name)


@pytest.fixture
async def workplace(sandbox: Sandbox) -> AsyncIterator[Workplace]:
    """The control API."""
    async with Workplace(sandbox.url) as running:
        yield running


@pytest.fixture
def ada(workplace: Workplace) -> Person:
    """The admin."""
    return workplace.person("ada")


@pytest.fixture
def asha(workplace: Workplace) -> Person:
    """A member."""
    return workplace.person("asha")


@pytest.fixture
def kitchen(sandbox: Sandbox) -> str:
    """The id of #kitchen."""
    found = sandbox.world.find_by_name("kitchen")
    assert found
    return found.id


@pytest.fixture
def slack(sandbox: Sandbox) -> AsyncWebClient:
    """The Web API as slack_sdk calls it, with the bot token."""
    return AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, retry_handlers=[], timeout=5)


@dataclass
class SocketApp:
    """An app on a socket: keeps what it is sent, and acknowledges it with `answer` (None: with nothing)."""

    api_url: str
    app_token: str
    received: list[SocketModeRequest] = field(default_factory=list)
    answer: Callable[[SocketModeRequest], Awaitable[Any]] | None = None
    acknowledges: bool = True

    def __post_init__(self) -> None:
        web_client = AsyncWebClient(base_url=self.api_url)
        self.client = SocketModeClient(app_token=self.app_token, web_client=web_client, ping_interval=0.5)
        self.client.socket_mode_request_listeners.append(self._hear)

    async def _hear(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        self.received.append(request)
        if self.acknowledges:
            payload = await self.answer(request) if self.answer else None
            await client.send_socket_mode_response(SocketModeResponse(request.envelope_id, payload))

    def events(self, kind: str = "") -> list[Json]:
        """The inner events that came, of this type."""
        events = [request.payload["event"] for request in self.received if request.type == "events_api"]
        return [event for event in events if kind in ("", event["type"])]

    async def hears(self, count: int, kind: str = "") -> list[Json]:
        """Wait until that many events of this type came."""

        async def enough() -> list[Json]:
            return self.events(kind) if len(self.events(kind)) >= count else []

        return await eventually(enough) if count else []


async def connected(app: SocketApp) -> SocketApp:
    """The app, with its socket open."""
    await app.client.connect()  # type: ignore[no-untyped-call]  # slack_sdk gives it no types
    return app


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[SocketApp]:
    """An app connected by Socket Mode."""
    socket_app = SocketApp(sandbox.api_url, sandbox.app_token)
    yield await connected(socket_app)
    await socket_app.client.close()  # type: ignore[no-untyped-call]  # slack_sdk gives it no types


@dataclass
class HttpApp:
    """An app that is reached by HTTP: keeps the requests, and answers with `status`, `body` and `headers`."""

    url: str = ""
    requests: list[tuple[dict[str, str], bytes]] = field(default_factory=list)
    status: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)
    delay: float = 0.0

    async def hear(self, request: web.Request) -> web.Response:
        """Keep and answer one request."""
        content = await request.read()
        self.requests.append(({key.lower(): value for key, value in request.headers.items()}, content))
        if self.delay:
            await asyncio.sleep(self.delay)
        if self.body is None:
            return web.Response(status=self.status, headers=self.headers)
        return web.json_response(self.body, status=self.status, headers=self.headers)


@pytest.fixture
async def http_app(sandbox: Sandbox) -> AsyncIterator[HttpApp]:
    """An app to which the sandbox delivers by HTTP."""
    http = HttpApp()
    application = web.Application()
    application.router.add_post("/slack/events", http.hear)
    runner = web.AppRunner(application, shutdown_timeout=0.1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    http.url = f"http://127.0.0.1:{port}/slack/events"
    sandbox.deliver_to(http.url)
    yield http
    await runner.cleanup()


def section(text: str = "Hello", **details: Any) -> Json:
    """A section block."""
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}} | details


def plain(text: str) -> Json:
    """A plain_text object."""
    return {"type": "plain_text", "text": text}


def line(block_id: str = "title", **details: Any) -> Json:
    """An input block with one line of text."""
    element = {"type": "plain_text_input", "action_id": "line"} | details.pop("element", {})
    return {"type": "input", "block_id": block_id, "label": plain("Title"), "element": element} | details


def modal(*blocks: Json, **details: Any) -> Json:
    """A form with these blocks."""
    return {
        "type": "modal",
        "title": plain("Form"),
        "submit": plain("Save"),
        "blocks": list(blocks),
    } | details
