from collections import Counter
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.sandbox import Sandbox, empty_world, seeded_world
from bot.sandbox.life import working_days_before
from bot.sandbox.people import is_external


def test_the_seeded_workspace_is_alive() -> None:
    """A dozen people in several zones, six channels, a month of threads, reactions, tags, a clip and an edit."""
    world = seeded_world()
    app = world.app.user
    rooms = {room.name: room for room in world.conversations.values()}
    messages = [message for room in rooms.values() for message in room.messages.values()]
    assert len(world.people) >= 13
    assert len({ZoneInfo(person.tz).key for person in world.people.values()}) >= 7
    assert sum(app in room.members for room in rooms.values()) == 4
    assert app not in rooms["general"].members
    assert rooms["new-managers"].kind == "private"
    assert 60 <= len(messages) <= 130
    assert sum(message.is_reply for message in messages) > 30
    reactions = Counter(emoji for message in messages for emoji in message.reactions)
    assert reactions["bulb"] >= 10
    assert reactions["+1"] >= 10  # as a name, not as the number that YAML makes of it
    words = " ".join(message.text for message in messages)
    assert all(tag in words for tag in ("#solution", "#insight", "#til", "#demo", "#ask"))
    assert any(message.edited for message in messages)
    assert [file.duration_ms for file in world.files.values() if file.mimetype.startswith("video/")] == [
        64000
    ]


def test_everybody_has_a_place() -> None:
    """A guest, somebody external, an admin, managers, an expert; nobody manages themselves."""
    world = seeded_world()
    people = world.people.values()
    roles = {person.role for person in people}
    assert {"learner", "manager", "sponsor", "facilitator", "expert", "guest", "external", "app"} <= roles
    assert [person.name for person in people if person.is_guest] == ["sam"]
    assert [person.name for person in people if is_external(world, person)] == ["elena"]
    assert all(person.manager in (None, *world.people) and person.manager != person.id for person in people)
    assert world.people[world.default_person].role == "learner"


@pytest.mark.parametrize("day", range(8))
def test_the_month_lies_before_now(day: int) -> None:
    """Whenever it starts, nothing is in the future, ts rise, and the app came before what it may read."""
    now = datetime(2026, 3, 25, 3, 30, tzinfo=UTC) + timedelta(days=day, hours=3 * day)
    world = seeded_world(now)
    for room in world.conversations.values():
        times = [float(ts) for ts in room.messages]
        assert times == sorted(times)
        assert not times or times[-1] <= now.timestamp() + 1
        if world.app.user in room.members:
            first = next(message for message in room.messages.values() if message.subtype is None)
            joined = next(message for message in room.messages.values() if message.subtype)
            assert joined.user == world.app.user
            assert joined.ts < first.ts
    assert not [room for room in world.conversations.values() if room.is_direct]


async def test_the_seeded_life_is_no_news() -> None:
    """What happened before the start is in the history and is not delivered."""
    async with Sandbox(world=seeded_world()) as sandbox:
        assert sandbox.deliveries.in_flight == 0
        assert not sandbox.deliveries.sent


def test_the_empty_workspace_is_small() -> None:
    """One admin, the app, #general without the app."""
    world = empty_world()
    assert [person.name for person in world.people.values()] == ["commonplace", "ada"]
    assert [room.members for room in world.conversations.values()] == [["U0ADA"]]


def test_working_days_are_counted_back() -> None:
    """Weekends do not count."""
    monday = datetime(2026, 3, 23, tzinfo=UTC).date()
    assert working_days_before(monday, 1).isoformat() == "2026-03-20"
    assert working_days_before(monday, 5).isoformat() == "2026-03-16"
