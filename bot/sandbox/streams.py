"""Server-sent events: each open page hears what changed for its person."""

import asyncio
import json
from collections.abc import Callable

from aiohttp import web

from bot.sandbox.control import Asked, refusal
from bot.sandbox.errors import Refused
from bot.sandbox.model import Json
from bot.sandbox.world import World

QUIET_SECONDS = 15.0


class Streams:
    """Serves /sandbox/events."""

    def __init__(self, world: World, hello: Callable[[], Json]) -> None:
        self._world = world
        self._hello = hello
        self._stopping = asyncio.Event()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Stream changes to one page until it goes away."""
        try:
            person = Asked(self._world, dict(request.query)).me
        except Refused as error:
            return refusal(str(error))
        headers = {"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        response = web.StreamResponse(headers=headers)
        with self._world.changes.listen(person.id) as queue:
            await response.prepare(request)
            try:
                await _send(response, {"type": "hello"} | self._hello())
                await self._follow(response, queue)
            except ConnectionError:
                # The page was closed.
                return response
        return response

    async def _follow(self, response: web.StreamResponse, queue: asyncio.Queue[Json]) -> None:
        stopping = asyncio.create_task(self._stopping.wait())
        try:
            while not stopping.done():
                change = asyncio.create_task(queue.get())
                await asyncio.wait(
                    {change, stopping}, timeout=QUIET_SECONDS, return_when=asyncio.FIRST_COMPLETED
                )
                if change.done():
                    await _send(response, change.result())
                    continue
                change.cancel()
                await response.write(b": still here\n\n")
        finally:
            stopping.cancel()

    def stop(self) -> None:
        """End all streams."""
        self._stopping.set()


async def _send(response: web.StreamResponse, change: Json) -> None:
    await response.write(b"data: " + json.dumps(change).encode() + b"\n\n")
