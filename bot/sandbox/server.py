"""The sandbox itself: one workspace, served on this machine for the app, the page and the tests."""

import asyncio
import json
import socket
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.clock import MovableClock
from bot.sandbox import control_messages, control_people, control_state
from bot.sandbox.advance import STEP_SECONDS, Advance
from bot.sandbox.control import handler
from bot.sandbox.control_forms import Forms
from bot.sandbox.control_machine import Machine
from bot.sandbox.delivery import ACK_SECONDS, SLACKS_DELAYS, Deliveries
from bot.sandbox.errors import SlackError
from bot.sandbox.events_http import HttpDelivery
from bot.sandbox.faults import Faults
from bot.sandbox.files import MOST_BYTES
from bot.sandbox.guard import only_from_here
from bot.sandbox.interactivity import Interactivity
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.responses import respond
from bot.sandbox.sign_in import SignIn
from bot.sandbox.socket_mode import Sockets
from bot.sandbox.streams import Streams
from bot.sandbox.web_api import WebApi, error_body
from bot.sandbox.web_files import WebFiles
from bot.sandbox.world import World

HOST = "127.0.0.1"
MOST_BODY = MOST_BYTES + 1024 * 1024


class Sandbox:
    """A small Slack of our own; `async with Sandbox()` serves it while the block runs.

    `port` 0 takes any free one. `retry_delays` are the waits before an event that was not acknowledged comes
    again (Slack's own: at once, one minute, five). `seed` makes the dice of fault injection repeatable.
    """

    def __init__(
        self,
        world: World,
        port: int = 0,
        *,
        retry_delays: tuple[float, ...] = SLACKS_DELAYS,
        ack_seconds: float = ACK_SECONDS,
        enforce_rate_limits: bool = False,
        step_seconds: float = STEP_SECONDS,
        seed: int = 7,
    ) -> None:
        self.world = world
        self.faults = Faults(seed)
        self.faults.on_used = lambda: world.changes.tell({"type": "faults"})
        self.sockets = Sockets(world, self.faults, ack_seconds)
        self.deliveries = Deliveries(world, self.faults, retry_delays)
        self.web_api = WebApi(world, self.faults, RateLimits() if enforce_rate_limits else None)
        self.interactivity = Interactivity(world, self.deliveries)
        self.advance = Advance(world, lambda: self.deliveries.connected, step_seconds)
        self.machine = Machine(self.advance, self.faults, self.deliveries, self.sockets, self.web_api)
        self._streams = Streams(world, lambda: {"clock": self.advance.shown()})
        self._files = WebFiles(world)
        self._port = port
        self._ack_seconds = ack_seconds
        self._http: HttpDelivery | None = None
        self._runner: web.AppRunner | None = None

    @property
    def url(self) -> str:
        """Where it is served, without a slash at the end."""
        return self.world.url.rstrip("/")

    @property
    def api_url(self) -> str:
        """The base address for slack_sdk clients (SLACK_API_URL)."""
        return f"{self.url}/api/"

    @property
    def clock_url(self) -> str:
        """Where the app reads the time and reports (COMMONPLACE_CLOCK_URL)."""
        return f"{self.url}/sandbox/clock"

    @property
    def clock(self) -> MovableClock:
        """The workspace's time."""
        return self.world.clock

    @property
    def bot_token(self) -> str:
        """The app's bot token; another one after it was installed again."""
        return self.world.app.bot_token

    @property
    def app_token(self) -> str:
        """The app's token for Socket Mode."""
        return self.world.app.app_token

    @property
    def signing_secret(self) -> str:
        """What deliveries by HTTP are signed with."""
        return self.world.app.signing_secret

    async def start(self) -> None:
        """Open the port; raises OSError when it is taken."""
        self._runner = web.AppRunner(self._application(), access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        listener = _listen(self._port)
        self.world.url = f"http://{HOST}:{listener.getsockname()[1]}/"
        self.deliveries.transport = self.sockets
        self.deliveries.disconnect = self.sockets.disconnect
        self.world.deliver = self.deliveries.event
        await web.SockSite(self._runner, listener).start()

    async def stop(self) -> None:
        """Close everything; what was not delivered is dropped."""
        self.world.deliver = None
        self.web_api.stop()
        self._streams.stop()
        await self.deliveries.stop()
        await self.sockets.stop()
        if self._http:
            await self._http.stop()
        if self._runner:
            await self._runner.cleanup()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    def deliver_to(self, url: str | None) -> None:
        """Deliver by signed HTTP to this address of the app; None goes back to Socket Mode."""
        if self._http:
            self._closing = asyncio.create_task(self._http.stop())
        self._http = HttpDelivery(url, self.signing_secret, self._ack_seconds) if url else None
        self.deliveries.transport = self._http or self.sockets
        connected = self.deliveries.connected
        self.world.changes.tell(
            {"type": "app", "connected": connected, "installed": self.world.app.installed}
        )

    async def verify_address(self) -> bool:
        """Send url_verification to the address of `deliver_to`, as Slack does when one is saved."""
        return await self._http.verify() if self._http else False

    def _application(self) -> web.Application:
        application = web.Application(client_max_size=MOST_BODY, middlewares=[only_from_here])
        router = application.router
        world, machine = self.world, self.machine
        router.add_route("*", "/api/{method}", self.web_api.answer)
        router.add_get("/link/", self.sockets.accept)
        router.add_post("/response/{team}/{ticket}", self._respond)
        router.add_get("/oauth/v2/authorize", SignIn(world).authorize)
        for name, act in (control_state.routes(world, machine.standing) | machine.gets()).items():
            router.add_get(f"/sandbox/{name}", handler(world, act))
        for routes in (
            control_messages.routes(world),
            control_people.routes(world),
            Forms(self.interactivity).posts(),
            machine.posts(),
        ):
            for name, act in routes.items():
                router.add_post(f"/sandbox/{name}", handler(world, act))
        router.add_delete("/sandbox/faults", handler(world, machine.clear_faults))
        router.add_get("/sandbox/events", self._streams.serve)
        self._serve_files(router)
        return application

    def _serve_files(self, router: web.UrlDispatcher) -> None:
        files = self._files
        router.add_post("/upload/v1/{ticket}", files.upload_step_two)
        router.add_post("/sandbox/files", files.upload_by_person)
        router.add_get("/sandbox/files/{file}", files.for_person)
        router.add_get("/files-pri/{file}/{name}", files.for_app)
        router.add_get("/avatar/{person}.svg", files.avatar)
        router.add_get("/page/{path:.+}", files.page_part)
        router.add_get("/archives/{channel}/{message}", files.page)
        router.add_get("/archives/{channel}", files.page)
        router.add_get("/", files.page)

    async def _respond(self, request: web.Request) -> web.Response:
        try:
            respond(self.world, request.match_info["ticket"], json.loads(await request.read()))
        except (ValueError, RecursionError):
            return web.Response(status=400, text="invalid_payload")
        except SlackError as error:
            status = 404 if error.code in ("expired_url", "used_url") else 400
            return web.json_response(error_body(error), status=status)
        return web.Response(text="ok")


def _listen(port: int) -> socket.socket:
    listener = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((HOST, port))
    except OSError:
        listener.close()
        raise
    return listener
