"""Statuses that end by themselves: Slack clears them at their time and tells the app."""

from datetime import UTC, datetime

from bot.sandbox.people import change_profile
from bot.sandbox.world import World

NO_STATUS = {"status_text": "", "status_emoji": "", "status_expiration": 0}


def end_statuses(world: World) -> None:
    """Clear the statuses whose time is over; the app gets user_change for each."""
    now = world.now_seconds()
    for person in list(world.people.values()):
        if 0 < person.status_expiration <= now:
            change_profile(world, person, dict(NO_STATUS))


def next_end(world: World) -> datetime | None:
    """When the next status ends, if one does."""
    ends = [person.status_expiration for person in world.people.values() if person.status_expiration > 0]
    return datetime.fromtimestamp(min(ends), UTC) if ends else None
