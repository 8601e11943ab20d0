"""A month of life: what the files tell is played through the ordinary doors while the clock moves to now."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from bot.sandbox import messages
from bot.sandbox.conversations import add_member
from bot.sandbox.files import add_file
from bot.sandbox.model import Conversation, Json, Message
from bot.sandbox.typed_text import find_person, to_slack
from bot.sandbox.world import World

BEFORE = timedelta(days=32)
# When the app came: some working days ago, shortly before the first posts of its channels.
INVITED = (20, "08:50")
_SATURDAY = 5
_LEFT_UNREAD = 2
_UNITS = {"m": "minutes", "h": "hours"}


@dataclass
class Play:
    """What happens, in order of time."""

    world: World
    end: datetime
    folder: Path
    scenes: list[tuple[datetime, int, Callable[[], object]]] = field(default_factory=list)
    # The same month every time, whatever else draws from the world's own dice.
    dice: random.Random = field(default_factory=lambda: random.Random(30))  # noqa: S311 - no secret

    def at(self, instant: datetime, act: Callable[[], object]) -> None:
        """Plan something, unless it would lie in the future."""
        if instant < self.end:
            self.scenes.append((instant, len(self.scenes), act))

    def run(self) -> None:
        """Let everything happen at its time."""
        for instant, _, act in sorted(self.scenes, key=lambda scene: scene[:2]):
            self._wait_until(instant)
            act()
        self._wait_until(self.end)

    def _wait_until(self, instant: datetime) -> None:
        # The clock runs by itself too, so it may have passed the instant already.
        self.world.clock.move_by(max(instant - self.world.clock.now(), timedelta(0)))


def live_through(world: World, end: datetime, told: dict[str, list[Json]], folder: Path) -> None:
    """Play what the files tell of each conversation, and leave the last few messages unread."""
    play = Play(world, end, folder)
    invited = _local(world, end, world.app.installer, *INVITED)
    for channel, posts in told.items():
        conversation = world.conversations[channel]
        if conversation.invites_app:
            play.at(invited, _invite(world, conversation))
        for post in posts:
            _plan_post(play, conversation, post)
    play.run()
    for conversation in world.conversations.values():
        _mark_read(conversation)


def _local(world: World, end: datetime, name: str, days: int, at: str) -> datetime:
    zone = ZoneInfo(_person(world, name).tz)
    day = working_days_before(end.astimezone(zone).date(), days)
    return datetime.combine(day, time.fromisoformat(at), zone)


def _invite(world: World, conversation: Conversation) -> Callable[[], object]:
    return lambda: add_member(world, conversation, world.app.user, world.app.installer)


def _person(world: World, name: str) -> Any:
    found = find_person(world, name)
    if found is None:
        raise LookupError(f"The seed files speak of {name!r}, who is not in people.yml.")
    return found


def _plan_post(play: Play, conversation: Conversation, post: Json) -> None:
    instant = _local(play.world, play.end, post["by"], post["day"], post["at"]) + _seconds(play)
    parent: list[Message] = []
    _plan_message(play, conversation, post, instant, parent, [])
    for reply in post.get("replies", []):
        _plan_message(play, conversation, reply, instant + read_wait(reply["in"]), [], parent)


def _plan_message(
    play: Play,
    conversation: Conversation,
    told: Json,
    instant: datetime,
    box: list[Message],
    parent: list[Message],
) -> None:
    world = play.world
    author = _person(world, told["by"]).id

    def say() -> None:
        files = [_file(play, told["file"], author)] if "file" in told else []
        thread_ts = parent[0].ts if parent else None
        text = to_slack(world, told["text"])
        box.append(messages.post(world, conversation.id, author, text, thread_ts=thread_ts, files=files))

    play.at(instant, say)
    if "edited" in told:
        edited = to_slack(world, told["edited"])
        play.at(instant + timedelta(minutes=40), lambda: messages.edit(world, box[0], {"text": edited}))
    for emoji, names in told.get("reactions", {}).items():
        for name in names:
            wait = timedelta(minutes=play.dice.randint(2, 150)) + _seconds(play)
            play.at(instant + wait, _reaction(play, conversation, box, name, emoji))


def _reaction(
    play: Play, conversation: Conversation, box: list[Message], name: str, emoji: str
) -> Callable[[], object]:
    person = _person(play.world, name).id
    return lambda: messages.react(play.world, conversation.id, box[0].ts, person, emoji)


def _file(play: Play, told: Json, author: str) -> str:
    content = (play.folder / told["name"]).read_bytes()
    duration = told.get("duration_ms")
    file = add_file(play.world, told["name"], content, author, title=told["title"], duration_ms=duration)
    return file.id


def _seconds(play: Play) -> timedelta:
    return timedelta(seconds=play.dice.randint(0, 59), milliseconds=play.dice.randint(0, 999))


def working_days_before(day: date, count: int) -> date:
    """The date that lies this many weekdays before `day`."""
    while count > 0:
        day -= timedelta(days=1)
        count -= day.weekday() < _SATURDAY
    return day


def read_wait(text: str) -> timedelta:
    """A wait such as 25m or 3h."""
    match = re.fullmatch(r"(\d+)([mh])", text)
    if match is None:
        raise ValueError(f"A wait looks like 25m or 3h, not {text!r}.")
    return timedelta(**{_UNITS[match[2]]: int(match[1])})


def _mark_read(conversation: Conversation) -> None:
    top = [message.ts for message in conversation.messages.values() if not message.is_reply]
    read = top[-_LEFT_UNREAD - 1] if len(top) > _LEFT_UNREAD else ""
    for member in conversation.members:
        conversation.read[member] = read
