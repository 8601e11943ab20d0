"""The budget's decision: whether a message goes now, waits, joins the morning note or is dropped (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.blocks import attention as blocks
from bot.rules.working_time import LONGEST_LOOK, Calendar


class Urgency(StrEnum):
    """How a message may be treated when there is no room."""

    REQUEST = "request"  # a named person asks: goes at once and counts; from the third of a day on it joins the note
    STARTED = "started"  # waits for room
    NOTE = "note"  # only a line of the morning note


class Outcome(StrEnum):
    """What becomes of a message that the app wished to start."""

    SAID = "said"
    WAITING = "waiting"
    NOTED = "noted"
    DROPPED = "dropped"
    ALREADY = "already"


@dataclass(frozen=True, slots=True)
class Room:
    """How much a person may be written to, and how much they were.

    `taken` counts messages by the day where the person lives: those said, and those that wait for that day.
    """

    day: int
    week: int
    taken: Mapping[date, int] = field(default_factory=dict)

    def is_free(self, day: date) -> bool:
        """Whether one more fits into this day and into its week, which begins on Monday."""
        monday = day - timedelta(days=day.weekday())
        week = sum(self.taken.get(monday + timedelta(days=n), 0) for n in range(7))
        return self.taken.get(day, 0) < self.day and week < self.week

    def first_day(self, day: date, calendar: Calendar) -> date:
        """The first working day from `day` on into which one more fits."""
        found = calendar.next_working_day(day)
        for _ in range(LONGEST_LOOK):
            if self.is_free(found):
                break
            found = calendar.next_working_day(found + timedelta(days=1))
        return found


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the decision depends on."""

    calendar: Calendar
    room: Room
    against: str | None = None  # why we may not write to this person at all
    paused: bool = False
    gets_notes: bool = True
    requests_today: int = 0  # that went as messages of their own
    noted_request: int = 3


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of it, why, and when a waiting one is looked at again."""

    outcome: Outcome
    why: str = ""
    look_at: datetime | None = None


def decide(urgency: Urgency, at: Situation, now: datetime, not_after: datetime | None = None) -> Decision:
    """Whether this message goes now; `not_after` is when it makes no sense any more."""
    if at.against is not None:
        return Decision(Outcome.DROPPED, at.against)
    if not_after is not None and now > not_after:
        return Decision(Outcome.DROPPED, blocks.TOO_LATE)
    if urgency is Urgency.NOTE:
        return _note(at)
    if urgency is Urgency.REQUEST and not at.paused:
        return _request(at, now, not_after)
    return _started(at, now, not_after)


def _note(at: Situation) -> Decision:
    if at.gets_notes:
        return Decision(Outcome.NOTED, blocks.FOR_THE_NOTE)
    return Decision(Outcome.DROPPED, blocks.NO_NOTE)


def _request(at: Situation, now: datetime, not_after: datetime | None) -> Decision:
    if at.requests_today + 1 < at.noted_request:
        return Decision(Outcome.SAID)
    if at.gets_notes:
        return Decision(Outcome.NOTED, blocks.ONE_MORE_REQUEST)
    tomorrow = at.calendar.today(now) + timedelta(days=1)
    return _wait(at, tomorrow, blocks.ONE_MORE_REQUEST, not_after)


def _started(at: Situation, now: datetime, not_after: datetime | None) -> Decision:
    today = at.calendar.today(now)
    if at.calendar.is_day(now) and at.room.is_free(today):
        return Decision(Outcome.SAID)
    first = today if now < at.calendar.at(today) else today + timedelta(days=1)
    return _wait(at, first, _reason(at, today), not_after)


def _reason(at: Situation, today: date) -> str:
    if at.paused:
        return blocks.PAUSED
    if not at.calendar.works_on(today):
        return blocks.AWAY
    return blocks.NO_ROOM if not at.room.is_free(today) else blocks.NOT_YOUR_HOUR


def _wait(at: Situation, day: date, why: str, not_after: datetime | None) -> Decision:
    look_at = at.calendar.at(at.room.first_day(day, at.calendar))
    # One instant later than it may still go, so that it is dropped with its reason and not sent at the last moment.
    end = None if not_after is None else not_after + timedelta(seconds=1)
    return Decision(Outcome.WAITING, why, look_at if end is None else min(look_at, end))
