"""People for tests: whatever somebody does in the sandbox, in verbs that read like English.

workplace = Workplace(sandbox.url)
asha = workplace.person("asha")
post = await asha.posts("#kitchen", "#solution Proof the dough overnight.")
await asha.reacts(post, "bulb")
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Self, TypeVar

import aiohttp

Json = dict[str, Any]
Found = TypeVar("Found")


class NotPossible(Exception):
    """The sandbox refused what somebody tried; the text is its sentence."""


@dataclass(frozen=True)
class Post:
    """Where a message stands."""

    channel: str
    ts: str
    thread_ts: str | None = None


def as_post(message: "Post | Json") -> Post:
    """The place of a message that somebody sees."""
    if isinstance(message, Post):
        return message
    return Post(message["channel"], message["ts"], message.get("thread_ts"))


class Workplace:
    """The sandbox's control API; `async with` closes its connections."""

    def __init__(self, url: str) -> None:
        self.url = url.rstrip("/")
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections."""
        if self._session:
            await self._session.close()

    def person(self, name: str) -> "Person":
        """Somebody by name or id."""
        return Person(self, name)

    async def get(self, path: str, **values: Any) -> Json:
        """GET /sandbox/<path>; raises NotPossible with the sandbox's sentence."""
        query = {key.rstrip("_"): str(value) for key, value in values.items() if value is not None}
        return await self._ask("GET", path, params=query)

    async def post(self, path: str, **values: Any) -> Json:
        """POST /sandbox/<path> (`as_` stands for `as`); raises NotPossible with the sandbox's sentence."""
        body = {key.rstrip("_"): value for key, value in values.items() if value is not None}
        return await self._ask("POST", path, json=body)

    async def _ask(self, method: str, path: str, **details: Any) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession()
        async with self._session.request(method, f"{self.url}/sandbox/{path}", **details) as response:
            answer: Json = await response.json()
        if not answer["ok"]:
            raise NotPossible(answer["error"])
        return answer

    async def upload(self, person: str, name: str, content: bytes, duration_ms: int | None = None) -> Json:
        """Upload a file as this person; it is not shared yet."""
        form = aiohttp.FormData()
        form.add_field("as", person)
        form.add_field("file", content, filename=name)
        if duration_ms is not None:
            form.add_field("duration_ms", str(duration_ms))
        answer: Json = (await self._ask("POST", "files", data=form))["file"]
        return answer

    async def state(self, person: str | None = None) -> Json:
        """Everything that a person's screen needs."""
        return await self.get("state", as_=person)

    async def moves_clock(
        self, *, by: str | float | None = None, to: str | None = None, alone: bool = False
    ) -> Json:
        """Advance the world's clock; the app does its part at each due instant unless `alone`."""
        return await self.post("clock", by=by, to=to, alone=alone or None)

    async def goes_wrong(self, *rules: Json) -> None:
        """Put these rules of fault injection in force instead of the old ones."""
        await self.post("faults", rules=list(rules))

    async def calls(self, method: str | None = None, since: int = 0) -> list[Json]:
        """The Web API calls that the app made."""
        calls: list[Json] = (await self.get("calls", method=method, since=since))["calls"]
        return calls

    async def deliveries(self) -> Json:
        """How many events are in flight, delivered, retried, dropped."""
        return await self.get("deliveries")

    async def all_delivered(self, within: float = 10.0) -> None:
        """Wait until the app has acknowledged everything."""

        async def nothing_in_flight() -> bool:
            return int((await self.deliveries())["in_flight"]) == 0

        await eventually(nothing_in_flight, within)


class Person:
    """Somebody at the workplace."""

    def __init__(self, workplace: Workplace, name: str) -> None:
        self.workplace = workplace
        self.name = name

    async def _do(self, path: str, **values: Any) -> Json:
        return await self.workplace.post(path, as_=self.name, **values)

    async def posts(self, channel: str, text: str, **details: Any) -> Post:
        """Post in a channel ("#kitchen", or "app" for the direct messages with the app)."""
        answer = await self._do("post", channel=channel, text=text, **details)
        return Post(answer["channel"], answer["ts"])

    async def tells_app(self, text: str, **details: Any) -> Post:
        """Write a direct message to the app."""
        return await self.posts("app", text, **details)

    async def replies(self, to: Post | Json, text: str, *, broadcast: bool = False, **details: Any) -> Post:
        """Reply in the thread of a message."""
        place = as_post(to)
        thread_ts = place.thread_ts or place.ts
        broadcasts = broadcast or None
        answer = await self._do(
            "post", channel=place.channel, text=text, thread_ts=thread_ts, broadcast=broadcasts, **details
        )
        return Post(answer["channel"], answer["ts"], thread_ts)

    async def edits(self, message: Post | Json, text: str) -> None:
        """Change one's own message."""
        place = as_post(message)
        await self._do("edit", channel=place.channel, ts=place.ts, text=text)

    async def deletes(self, message: Post | Json) -> None:
        """Delete one's own message."""
        place = as_post(message)
        await self._do("delete", channel=place.channel, ts=place.ts)

    async def reacts(self, message: Post | Json, emoji: str) -> None:
        """React with an emoji, given by name."""
        place = as_post(message)
        await self._do("react", channel=place.channel, ts=place.ts, emoji=emoji)

    async def unreacts(self, message: Post | Json, emoji: str) -> None:
        """Take a reaction back."""
        place = as_post(message)
        await self._do("react", channel=place.channel, ts=place.ts, emoji=emoji, remove=True)

    async def uploads(self, name: str, content: bytes, duration_ms: int | None = None) -> Json:
        """Upload a file, to be posted or put into a form by its id."""
        return await self.workplace.upload(self.name, name, content, duration_ms)

    async def types(self, text: str, channel: str = "app") -> Json | None:
        """Use a slash command; returns what the app answered at once."""
        response: Json | None = (await self._do("command", channel=channel, text=text)).get("response")
        return response

    async def uses_shortcut(self, callback_id: str, message: Post | Json | None = None) -> None:
        """Use a shortcut, on a message or from the menu."""
        place = as_post(message) if message else None
        channel, ts = (place.channel, place.ts) if place else (None, None)
        await self._do("shortcut", callback_id=callback_id, channel=channel, ts=ts)

    async def presses(self, where: Post | Json, action_id: str, value: Any = None, **details: Any) -> None:
        """Use a button or a menu of a message or of a view (a dict with type modal or home)."""
        if isinstance(where, dict) and where.get("type") in ("modal", "home"):
            place: Json = {"view_id": where["id"]}
        else:
            post = as_post(where)
            place = {"channel": post.channel, "ts": post.ts}
        await self._do("press", action_id=action_id, value=value, **place, **details)

    async def submits(self, view: Json, values: Json | None = None) -> Json:
        """Submit a form: {block_id: {action_id: value}}; returns closed, errors or the next view."""
        return await self._do("submit", view_id=view["id"], values=values or {})

    async def closes(self, view: Json, *, clear: bool = False) -> None:
        """Close a form without submitting it."""
        await self._do("close", view_id=view["id"], clear=clear)

    async def looks_up(self, view: Json, action_id: str, query: str, block_id: str | None = None) -> Json:
        """Type into an external select; returns the options that the app offers."""
        return await self._do(
            "options", view_id=view["id"], action_id=action_id, block_id=block_id, query=query
        )

    async def creates(self, name: str, **details: Any) -> str:
        """Create a channel; returns its id."""
        return str((await self._do("channels", name=name, **details))["channel"])

    async def joins(self, channel: str) -> None:
        """Join a public channel."""
        await self._do("join", channel=channel)

    async def leaves(self, channel: str) -> None:
        """Leave a channel."""
        await self._do("leave", channel=channel)

    async def invites(self, channel: str, person: str = "app") -> None:
        """Invite somebody, by default the app."""
        await self._do("invite", channel=channel, person=person)

    async def kicks(self, channel: str, person: str = "app") -> None:
        """Remove somebody, by default the app."""
        await self._do("kick", channel=channel, person=person)

    async def sets_profile(self, **changes: Any) -> None:
        """Change one's own profile: status_text, tz, title and so on."""
        await self._do("person", **changes)

    async def sees(self, channel: str, thread: Post | Json | None = None) -> list[Json]:
        """The messages of a channel (or a thread in it) as this person sees them, oldest first."""
        ts = (as_post(thread).thread_ts or as_post(thread).ts) if thread else None
        answer = await self.workplace.get(
            "messages", as_=self.name, channel=channel, thread_ts=ts, limit=1000, peek=1
        )
        messages: list[Json] = answer["messages"]
        return [message | {"channel": answer["channel"]} for message in messages]

    async def dm(self) -> list[Json]:
        """The direct messages with the app, oldest first, without replies."""
        return await self.sees("app")

    async def dm_from_app(self) -> list[Json]:
        """What the app wrote to this person, oldest first, without replies."""
        return [message for message in await self.dm() if message.get("bot_id")]

    async def views(self) -> list[Json]:
        """The open forms, bottom first."""
        views: list[Json] = (await self.workplace.get("views", as_=self.name))["views"]
        return views

    async def form(self, within: float = 10.0) -> Json:
        """The form on top, as soon as there is one."""
        await eventually(self.views, within)
        return (await self.views())[-1]

    async def opens_home(self) -> None:
        """Open App Home; the app hears of it."""
        await self.workplace.get("home", as_=self.name)

    async def home(self) -> Json | None:
        """What Home shows now; opening it is `opens_home`."""
        view: Json | None = (await self.workplace.get("home", as_=self.name, quiet=1))["view"]
        return view


async def eventually(look: Callable[[], Awaitable[Found]], within: float = 10.0) -> Found:
    """Look again and again until something is found; AssertionError after `within` seconds."""
    deadline = asyncio.get_running_loop().time() + within
    while not (found := await look()):
        if asyncio.get_running_loop().time() > deadline:
            raise AssertionError(
                f"Nothing came of {look} within {within:g} seconds; the last look gave {found!r}."
            )
        await asyncio.sleep(0.02)
    return found


def texts(blocks: list[Json]) -> str:
    """All that blocks say, one line per text, for looking up words in it."""
    found: list[str] = []

    def walk(part: Any) -> None:
        if isinstance(part, dict):
            if part.get("type") in ("plain_text", "mrkdwn", "text") and isinstance(part.get("text"), str):
                found.append(part["text"])
            for value in part.values():
                walk(value)
        elif isinstance(part, list):
            for value in part:
                walk(value)

    walk(blocks)
    return "\n".join(found)
