"""One workspace and everything in it; whoever changes it tells the app and the page through it."""

import random
import string
from collections.abc import Callable

from bot.clock import MovableClock
from bot.sandbox.changes import Changes
from bot.sandbox.errors import SlackError
from bot.sandbox.model import App, Conversation, File, Json, Message, Person
from bot.sandbox.tickets import Tickets, Triggers
from bot.sandbox.views import Views

_ALPHABET = string.ascii_uppercase + string.digits


class World:
    """The workspace's state. `url` is set by the server that serves it and ends in a slash."""

    def __init__(
        self, team: str, name: str, domain: str, app: App, clock: MovableClock, seed: int = 7
    ) -> None:
        self.team = team
        self.name = name
        self.domain = domain
        self.app = app
        self.clock = clock
        self.url = "http://127.0.0.1/"
        self.people: dict[str, Person] = {}
        self.conversations: dict[str, Conversation] = {}
        self.files: dict[str, File] = {}
        self.usergroups: dict[str, Json] = {}
        self.default_person = ""
        self.random = random.Random(seed)  # noqa: S311 - ids that can be repeated, no secret
        self.changes = Changes()
        self.views = Views()
        self.triggers = Triggers()
        self.tickets = Tickets()
        self.deliver: Callable[[Json], None] | None = None

    def new_id(self, prefix: str, length: int = 9) -> str:
        """A fresh id such as C0J4…; the same world gives the same ids in the same order."""
        return prefix + "0" + "".join(self.random.choices(_ALPHABET, k=length))

    def now_seconds(self) -> int:
        """The world's time in whole seconds."""
        return int(self.clock.now().timestamp())

    def new_ts(self, conversation: Conversation) -> str:
        """The next message time of that conversation, rising and unique in it."""
        micros = max(int(self.clock.now().timestamp() * 1_000_000), conversation.last_micros + 1)
        conversation.last_micros = micros
        return as_ts(micros)

    def event_ts(self) -> str:
        """The time of an event that belongs to no conversation."""
        return as_ts(int(self.clock.now().timestamp() * 1_000_000))

    def tell_app(self, event: Json, conversation: Conversation | None = None) -> None:
        """Deliver an event to the app, if it is installed, subscribed and a member of the conversation."""
        hears = conversation is None or self.app.user in conversation.members
        if (
            self.deliver is not None
            and self.app.installed
            and hears
            and self._subscribed(event, conversation)
        ):
            self.deliver(event)

    def _subscribed(self, event: Json, conversation: Conversation | None) -> bool:
        if self.app.events is None:
            return True
        return event_name(event, conversation) in self.app.events

    def tell_members(self, conversation: Conversation, change: Json) -> None:
        """Tell the pages of everybody who may look into that conversation."""
        readers = None if conversation.kind == "channel" else set(conversation.members)
        self.changes.tell(change, readers)

    def find_by_name(self, name: str) -> Conversation | None:
        """The channel of that name, if there is one."""
        named = (c for c in self.conversations.values() if c.name == name and not c.is_direct)
        return next(named, None)

    def person(self, person_id: str) -> Person:
        """Somebody by id; raises SlackError user_not_found."""
        try:
            return self.people[person_id]
        except KeyError:
            raise SlackError("user_not_found") from None

    def message(self, channel: str, ts: str) -> Message:
        """A message that exists; raises SlackError message_not_found."""
        conversation = self.conversations.get(channel)
        found = conversation.messages.get(ts) if conversation else None
        if found is None:
            raise SlackError("message_not_found")
        return found

    def permalink(self, channel: str, ts: str, thread_ts: str | None = None) -> str:
        """The address that opens a message."""
        link = f"{self.url}archives/{channel}/p{ts.replace('.', '')}"
        return f"{link}?thread_ts={thread_ts}&cid={channel}" if thread_ts and thread_ts != ts else link


def as_ts(micros: int) -> str:
    """Microseconds since 1970 in Slack's text form."""
    return f"{micros // 1_000_000}.{micros % 1_000_000:06d}"


SCOPE_FAMILIES = {"channel": "channels", "private": "groups", "im": "im", "mpim": "mpim"}


def event_name(event: Json, conversation: Conversation | None) -> str:
    """What a manifest calls this event: message.channels for a message in a public channel."""
    if event["type"] == "message" and conversation is not None:
        return f"message.{SCOPE_FAMILIES[conversation.kind]}"
    return str(event["type"])
