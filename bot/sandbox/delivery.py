"""Getting events to the app: envelopes, attempts, retries, and the faults on the way."""

import asyncio
import secrets
from collections import Counter
from dataclasses import dataclass
from typing import Any, Protocol

from bot.sandbox.faults import Faults
from bot.sandbox.model import Json
from bot.sandbox.world import World

SLACKS_DELAYS = (0.0, 60.0, 300.0)
ACK_SECONDS = 3.0
_SHUFFLED = 4
_HELD_SECONDS = 0.3


@dataclass(frozen=True)
class Answer:
    """What came of one attempt; `reason` is Slack's word for a failure, `body` what the app answered."""

    ok: bool
    reason: str = ""
    body: Any = None
    final: bool = False


class Transport(Protocol):
    """A way to the app: sockets or HTTP."""

    async def deliver(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Hand over one payload and wait for the acknowledgement."""

    @property
    def connected(self) -> bool:
        """Whether somebody is there to receive."""


class Deliveries:
    """Hands events to the app until it acknowledges them, and asks it about commands and forms."""

    def __init__(self, world: World, faults: Faults, retry_delays: tuple[float, ...] = SLACKS_DELAYS) -> None:
        self.transport: Transport | None = None
        self.delivered = self.retried = self.dropped = 0
        self.sent: Counter[str] = Counter()
        self._world = world
        self._faults = faults
        self._delays = retry_delays
        self._tasks: set[asyncio.Task[None]] = set()
        self._held: list[Json] = []
        self.disconnect: Any = None

    @property
    def in_flight(self) -> int:
        """Events that are neither acknowledged nor given up."""
        return len(self._tasks) + len(self._held)

    @property
    def connected(self) -> bool:
        """Whether an app is there to receive anything."""
        return self.transport is not None and self.transport.connected

    def event(self, event: Json) -> None:
        """Deliver one event, in the background."""
        envelope = self._envelope(event)
        self.sent[event["type"]] += 1
        rule = self._faults.pick("event")
        fault = rule.fault if rule else ""
        if fault == "shuffle":
            self._hold(envelope)
            return
        self._start(envelope, lose_ack=fault == "lose_ack")
        if fault == "duplicate":
            self._start(envelope)
        if fault == "disconnect":
            asyncio.get_running_loop().call_later(0.01, self._refresh)

    def _refresh(self) -> None:
        if self.disconnect:
            self.disconnect()

    def _envelope(self, event: Json) -> Json:
        world, app = self._world, self._world.app
        conversation = world.conversations.get(str(event.get("channel")))
        author = {"enterprise_id": None, "team_id": world.team, "user_id": app.user}
        return {
            "token": "deprecated",
            "team_id": world.team,
            "context_team_id": world.team,
            "context_enterprise_id": None,
            "api_app_id": app.id,
            "event": event,
            "type": "event_callback",
            "event_id": "Ev0" + secrets.token_hex(5).upper(),
            "event_time": int(float(event.get("event_ts", 0))) or world.now_seconds(),
            "authorizations": [author | {"is_bot": True, "is_enterprise_install": False}],
            "is_ext_shared_channel": bool(conversation and conversation.is_shared),
            "event_context": "4-" + secrets.token_urlsafe(24),
        }

    def _hold(self, envelope: Json) -> None:
        self._held.append(envelope)
        if len(self._held) >= _SHUFFLED:
            self._release()
        elif len(self._held) == 1:
            asyncio.get_running_loop().call_later(_HELD_SECONDS, self._release)

    def _release(self) -> None:
        held, self._held = self._held, []
        self._faults.random.shuffle(held)
        for envelope in held:
            self._start(envelope)

    def _start(self, envelope: Json, lose_ack: bool = False) -> None:
        task = asyncio.create_task(self._until_acknowledged(envelope, lose_ack))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _until_acknowledged(self, envelope: Json, lose_ack: bool) -> None:
        answer = await self._attempt(envelope)
        if lose_ack and answer.ok:
            answer = Answer(ok=False, reason="http_timeout")
        for number, delay in enumerate(self._delays, start=1):
            if answer.ok or answer.final:
                break
            await asyncio.sleep(delay)
            self.retried += 1
            answer = await self._attempt(envelope, number, answer.reason)
        if answer.ok:
            self.delivered += 1
        else:
            self.dropped += 1

    async def _attempt(self, envelope: Json, attempt: int = 0, reason: str = "") -> Answer:
        # Uninstalling ends everything but the news of itself.
        farewell = envelope["event"]["type"] in ("app_uninstalled", "tokens_revoked")
        if self.transport is None or not (self._world.app.installed or farewell):
            return Answer(ok=False, reason="connection_failed")
        return await self.transport.deliver("events_api", envelope, attempt, reason)

    async def ask(self, kind: str, payload: Json) -> Answer:
        """Hand over a command or a press and return what the app answered within three seconds."""
        if self.transport is None or not self.transport.connected:
            return Answer(ok=False, reason="no app is connected")
        return await self.transport.deliver(kind, payload)

    async def stop(self) -> None:
        """Give up what is under way."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
