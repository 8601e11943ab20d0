"""Socket Mode: up to ten sockets, envelopes, acknowledgements, and the refreshing of connections."""

import asyncio
import json
import secrets

from aiohttp import WSCloseCode, WSMsgType, web

from bot.sandbox.delivery import ACK_SECONDS, Answer
from bot.sandbox.faults import Faults
from bot.sandbox.model import Json
from bot.sandbox.world import World

MOST_SOCKETS = 10
_MOST_ACK_BYTES = 1024 * 1024
_LIFETIME = 18_000
_WARNING_SECONDS = 0.5


class Sockets:
    """The open sockets of the app; each payload goes to one of them in turn."""

    def __init__(self, world: World, faults: Faults, ack_seconds: float = ACK_SECONDS) -> None:
        self._world = world
        self._faults = faults
        self._ack_seconds = ack_seconds
        self._sockets: list[web.WebSocketResponse] = []
        self._waiting: dict[str, tuple[web.WebSocketResponse, asyncio.Future[Answer]]] = {}
        self._turn = 0
        self._closing: set[asyncio.Task[None]] = set()

    @property
    def connected(self) -> bool:
        """Whether at least one socket is open."""
        return bool(self._sockets)

    @property
    def count(self) -> int:
        """How many sockets are open."""
        return len(self._sockets)

    async def accept(self, request: web.Request) -> web.StreamResponse:
        """Serve one socket until it closes."""
        if not self._world.tickets.open_socket(request.query.get("ticket", "")):
            return web.Response(status=404, text="This address was used already or never given out.")
        socket = web.WebSocketResponse(heartbeat=30.0, max_msg_size=_MOST_ACK_BYTES)
        await socket.prepare(request)
        if len(self._sockets) >= MOST_SOCKETS:
            await _say_goodbye(socket, "too_many_websockets")
            return socket
        await self._serve(socket)
        return socket

    async def _serve(self, socket: web.WebSocketResponse) -> None:
        self._sockets.append(socket)
        try:
            await socket.send_str(json.dumps(self._hello()))
            self._tell_pages()
            async for message in socket:
                if message.type == WSMsgType.TEXT:
                    self._receive(socket, message.data)
        except ConnectionError:
            # The app went away in the middle of a frame, which is one more way of closing.
            return
        finally:
            if socket in self._sockets:
                self._sockets.remove(socket)
            self._fail_what_waits_on(socket)
            self._tell_pages()

    def _hello(self) -> Json:
        debug = {"host": "applink-sandbox-0", "build_number": 1, "approximate_connection_time": _LIFETIME}
        return {
            "type": "hello",
            "num_connections": len(self._sockets),
            "debug_info": debug,
            "connection_info": {"app_id": self._world.app.id},
        }

    def _tell_pages(self) -> None:
        installed = self._world.app.installed
        self._world.changes.tell({"type": "app", "connected": self.connected, "installed": installed})

    def _receive(self, socket: web.WebSocketResponse, text: str) -> None:
        try:
            ack = json.loads(text)
            envelope_id = str(ack["envelope_id"])
        except (ValueError, KeyError, TypeError):
            # Slack ignores what is no acknowledgement, such as a client's own text ping.
            return
        rule = self._faults.pick("socket.ack")
        if rule and rule.fault == "close":
            self._close(socket, None)
            return
        if rule is None and envelope_id in self._waiting:
            # Whichever socket it comes by: the envelope is what counts.
            _settle(self._waiting[envelope_id][1], Answer(ok=True, body=ack.get("payload")))

    async def deliver(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Send an envelope to one of the sockets and wait for its acknowledgement."""
        if not self._sockets:
            return Answer(ok=False, reason="no_connection")
        self._turn += 1
        socket = self._sockets[self._turn % len(self._sockets)]
        envelope_id = secrets.token_hex(16)
        waiting: asyncio.Future[Answer] = asyncio.get_running_loop().create_future()
        self._waiting[envelope_id] = (socket, waiting)
        try:
            await socket.send_str(json.dumps(_envelope(envelope_id, kind, payload, attempt, reason)))
            return await asyncio.wait_for(waiting, self._ack_seconds)
        except TimeoutError:
            return Answer(ok=False, reason="timeout")
        except ConnectionError:
            return Answer(ok=False, reason="connection_failed")
        finally:
            del self._waiting[envelope_id]

    def _fail_what_waits_on(self, socket: web.WebSocketResponse) -> None:
        for its_socket, waiting in self._waiting.values():
            if its_socket is socket:
                _settle(waiting, Answer(ok=False, reason="connection_failed"))

    def disconnect(self, reason: str = "refresh_requested") -> None:
        """Say goodbye on every socket and close it; the app is expected to come back."""
        for socket in list(self._sockets):
            self._close(socket, reason)

    def _close(self, socket: web.WebSocketResponse, reason: str | None) -> None:
        if socket in self._sockets:
            self._sockets.remove(socket)
        task = asyncio.create_task(_say_goodbye(socket, reason))
        self._closing.add(task)
        task.add_done_callback(self._closing.discard)

    async def stop(self) -> None:
        """Close every socket without a word."""
        sockets, self._sockets = self._sockets, []
        for socket in sockets:
            await socket.close(code=WSCloseCode.GOING_AWAY)
        await asyncio.gather(*self._closing, return_exceptions=True)


def _settle(waiting: asyncio.Future[Answer], answer: Answer) -> None:
    if not waiting.done():
        waiting.set_result(answer)


def _envelope(envelope_id: str, kind: str, payload: Json, attempt: int, reason: str) -> Json:
    envelope: Json = {"envelope_id": envelope_id, "type": kind, "payload": payload}
    envelope["accepts_response_payload"] = kind != "events_api"
    if kind == "events_api":
        envelope |= {"retry_attempt": attempt, "retry_reason": reason}
    return envelope


async def _say_goodbye(socket: web.WebSocketResponse, reason: str | None) -> None:
    try:
        if reason == "warning":
            await socket.send_str(json.dumps(_disconnect("warning")))
            await asyncio.sleep(_WARNING_SECONDS)
            reason = "refresh_requested"
        if reason:
            await socket.send_str(json.dumps(_disconnect(reason)))
        await socket.close()
    except ConnectionError:
        # Already gone: that is what was wanted.
        return


def _disconnect(reason: str) -> Json:
    return {"type": "disconnect", "reason": reason, "debug_info": {"host": "applink-sandbox-0"}}
