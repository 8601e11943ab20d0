"""What is valid for a while of real time: triggers of forms, addresses to answer to, sockets and uploads."""

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from bot.sandbox.errors import SlackError
from bot.sandbox.model import Json

TRIGGER_SECONDS = 3.0
RESPONSE_SECONDS = 30 * 60.0
RESPONSE_USES = 5


class Triggers:
    """trigger_ids: each opens one form, within three seconds."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self.seconds = TRIGGER_SECONDS
        self._now = now
        self._open: dict[str, tuple[str, float]] = {}
        self._used: set[str] = set()

    def issue(self, person: str) -> str:
        """A trigger for what this person just did."""
        trigger = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        self._open[trigger] = (person, self._now())
        return trigger

    def exchange(self, trigger: str) -> str:
        """The person behind a trigger, which is used up; raises SlackError as Slack does."""
        if trigger in self._used:
            raise SlackError("exchanged_trigger_id")
        if trigger not in self._open:
            raise SlackError("invalid_trigger_id")
        person, issued = self._open.pop(trigger)
        if self._now() - issued > self.seconds:
            self._open[trigger] = (person, issued)
            raise SlackError("expired_trigger_id")
        self._used.add(trigger)
        return person


@dataclass
class Response:
    """Where the app may answer later: in which conversation, to whom, about which message."""

    person: str
    channel: str
    ts: str | None
    thread_ts: str | None
    ephemeral: bool
    issued: float
    uses: int = 0


@dataclass
class Upload:
    """A place where a file is being uploaded to."""

    file: str
    name: str
    length: int
    details: Json = field(default_factory=dict)
    content: bytes | None = None


class Tickets:
    """Secrets in addresses: one-time socket addresses, response_urls, uploads, OAuth codes."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._sockets: set[str] = set()
        self.responses: dict[str, Response] = {}
        self.uploads: dict[str, Upload] = {}
        self.codes: dict[str, str] = {}

    def socket(self) -> str:
        """A secret that opens one socket."""
        ticket = secrets.token_hex(16)
        self._sockets.add(ticket)
        return ticket

    def open_socket(self, ticket: str) -> bool:
        """Whether this secret opens a socket now; it will not again."""
        known = ticket in self._sockets
        self._sockets.discard(ticket)
        return known

    def response(
        self,
        person: str,
        channel: str,
        ts: str | None = None,
        thread_ts: str | None = None,
        ephemeral: bool = False,
    ) -> str:
        """The secret of a new response_url."""
        ticket = secrets.token_hex(12)
        self.responses[ticket] = Response(person, channel, ts, thread_ts, ephemeral, self._now())
        return ticket

    def use_response(self, ticket: str) -> Response:
        """The place behind a response_url, used once more; raises SlackError used_url or expired_url."""
        response = self.responses.get(ticket)
        if response is None or self._now() - response.issued > RESPONSE_SECONDS:
            raise SlackError("expired_url")
        if response.uses >= RESPONSE_USES:
            raise SlackError("used_url")
        response.uses += 1
        return response
