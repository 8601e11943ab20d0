"""The control API's frame: reads a request, finds who acts and where, and turns refusals into sentences."""

import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from bot.sandbox.conversations import direct, may_see
from bot.sandbox.errors import Refused, SlackError
from bot.sandbox.model import Conversation, Json, Message, Person
from bot.sandbox.typed_text import find_person
from bot.sandbox.world import World

MOST_TEXT = 40_000
_SENTENCES = {
    "not_in_channel": "You are not a member of this channel.",
    "is_archived": "This channel is archived.",
    "channel_not_found": "There is no such channel.",
    "message_not_found": "There is no such message.",
    "thread_not_found": "There is no such thread.",
    "cannot_reply_to_message": "Nobody can reply to this line.",
    "already_reacted": "You reacted with this emoji already.",
    "no_reaction": "You did not react with this emoji.",
    "invalid_name": "This is no name of an emoji.",
    "too_many_emoji": "This message has as many reactions as fit.",
    "name_taken": "There is a channel of this name already.",
    "invalid_name_specials": "A channel's name has lower-case letters, digits, - and _, at most 80.",
    "already_in_channel": "They are in this channel already.",
    "already_archived": "This channel is archived already.",
    "not_archived": "This channel is not archived.",
    "already_pinned": "This message is pinned already.",
    "no_pin": "This message is not pinned.",
    "too_long": "At most 250 characters, please.",
    "file_not_found": "There is no such file.",
    "file_deleted": "This file was deleted.",
    "file_too_large": "This file is too large for the sandbox.",
    "not_found": "This form is closed.",
    "user_not_found": "There is no such person.",
}


class Asked:
    """One request of a person: its values, and the things they name."""

    def __init__(self, world: World, values: Json) -> None:
        self.world = world
        self.values = values

    def text(self, name: str, default: str | None = None, most: int = MOST_TEXT) -> str:
        """A text; raises Refused when it is missing, no text or too long."""
        value = self.values.get(name, default)
        if value is None:
            raise Refused(f"Please give {name!r}.")
        if not isinstance(value, str):
            raise Refused(f"{name!r} must be a text.")
        if len(value) > most:
            raise Refused(f"Your {name} is too long: at most {most:,} characters fit.")
        return value

    def flag(self, name: str) -> bool:
        """Yes or no, no when left out."""
        return self.values.get(name) in (True, 1, "1", "true")

    def given(self, name: str) -> str | None:
        """A text that may be left out."""
        return self.text(name) if self.values.get(name) else None

    def object(self, name: str) -> Json:
        """An object, empty when left out."""
        value = self.values.get(name) or {}
        if not isinstance(value, dict):
            raise Refused(f"{name!r} must be an object.")
        return value

    @property
    def me(self) -> Person:
        """Who acts: `as`, else the default person."""
        return self.person(str(self.values.get("as") or self.world.default_person))

    def person(self, name: str) -> Person:
        """Somebody by id or name; `app` is the app's own user."""
        found = find_person(self.world, self.world.app.user if name == "app" else name)
        if found is None:
            raise Refused(f"There is nobody called {name!r} here.")
        return found

    def conversation(self) -> Conversation:
        """The conversation in `channel` that this person may open."""
        name = self.text("channel")
        if name == "app":
            return direct(self.world, [self.me.id])
        found = self.world.conversations.get(name) or self.world.find_by_name(name.removeprefix("#"))
        if found is None or not may_see(self.world, found, self.me.id):
            raise Refused(f"There is no channel {name!r} that {self.me.real_name} can open.")
        return found

    def message(self, conversation: Conversation) -> Message:
        """The message in `ts`, also one that only this person sees."""
        ts = self.text("ts")
        found = conversation.messages.get(ts) or conversation.ephemerals.get(self.me.id, {}).get(ts)
        if found is None:
            raise Refused(_SENTENCES["message_not_found"])
        return found


Act = Callable[[Asked], Json | Awaitable[Json]]


def handler(world: World, act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """An aiohttp handler that carries out `act` for a person and answers in JSON."""

    async def handle(request: web.Request) -> web.Response:
        try:
            result = act(Asked(world, await read_values(request)))
            body = result if isinstance(result, dict) else await result
        except (Refused, SlackError) as error:
            return refusal(sentence(error))
        return web.json_response({"ok": True} | body, headers={"Cache-Control": "no-store"})

    return handle


async def read_values(request: web.Request) -> Json:
    """Query parameters of a GET, the JSON object of a POST."""
    if request.method == "GET":
        return dict(request.query)
    if not request.can_read_body:
        return {}
    if request.content_type != "application/json":
        # A page of another origin can send a form without asking first, but not this.
        raise Refused("Please send JSON with Content-Type: application/json.")
    try:
        body: Any = json.loads(await request.read())
    except (ValueError, RecursionError):
        raise Refused("This is no JSON.") from None
    if not isinstance(body, dict):
        raise Refused("Please send a JSON object.")
    return body


def refusal(text: str, status: int = 400) -> web.Response:
    """The answer to what is not possible."""
    return web.json_response({"ok": False, "error": text}, status=status)


def sentence(error: Exception) -> str:
    """What a person is told about an error."""
    if isinstance(error, SlackError):
        return _SENTENCES.get(error.code, f"Slack would refuse this: {error.code}.")
    return str(error)
