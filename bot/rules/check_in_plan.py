"""When check-ins are due: a pure function of the days after the end, a person's calendar and what was sent before.

Of several that meet, the later one stays: two on one day are one message, and one that would come on or after the day
of the next is merged into it. Between two lie three working days. Nothing vanishes: each check-in asked about gets a
day, or the one it is merged into, or the reason why it comes no more.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from itertools import zip_longest

from bot.rules.working_time import FIRST_HOUR, LAST_HOUR, Calendar

_DAY = timedelta(days=1)
USUAL_GAP = 3  # working days from one check-in to the next
# So long after its day a question about those first weeks is about something else.
TOO_LATE = timedelta(days=30)


class Reason(StrEnum):
    """Why a check-in is not on the day that was planned; empty when it is."""

    NONE = ""
    FREE_DAY = "its day was no working day"
    AWAY = "you were away on its day"
    SPACED = "another check-in came shortly before"
    NO_ROOM = "you had enough messages that day"
    LATE = "its day had passed"
    SAME_DAY = "another check-in is due on the same day"
    OVERTAKEN = "the next check-in was due before it could come"
    TOO_LATE = "its day was too long ago"


@dataclass(frozen=True, slots=True)
class Wanted:
    """A check-in that was not sent: the day it is meant for, and the day it stood on when last planned."""

    key: int
    planned_on: date
    due_on: date | None = None


@dataclass(frozen=True, slots=True)
class Fate:
    """What becomes of a check-in: it is due, or merged into another, or (neither) comes no more."""

    key: int
    due_on: date
    due_at: datetime | None = None
    into: int | None = None
    why: Reason = Reason.NONE


def always(day: date) -> bool:
    """There is room for a message on every day."""
    del day
    return True


@dataclass(frozen=True, slots=True)
class Situation:
    """All that the plan depends on.

    `last` is the day of the check-in sent last. `has_room` tells whether one more message fits into a day. With
    `late`, what is due already may still come today.
    """

    calendar: Calendar
    now: datetime
    last: date | None = None
    gap: int = USUAL_GAP
    has_room: Callable[[date], bool] = field(default=always, compare=False)
    late: bool = False

    @property
    def first(self) -> date:
        """The first day on which anything can come."""
        today = self.calendar.today(self.now)
        if self.calendar.at(today) > self.now or (self.late and is_humane(self.calendar, self.now)):
            return today
        return today + _DAY

    def natural(self, wanted: Wanted) -> date:
        """The day it would come if it were the only one."""
        return self.calendar.next_working_day(max(wanted.planned_on, self.first))

    def after(self, day: date, last: date | None) -> date:
        """The first day from `day` on that is far enough from the check-in before and has room."""
        if last is not None:
            day = max(day, self.calendar.add_working_days(last, self.gap))
        for _ in range(TOO_LATE.days):
            if self.has_room(day):
                break
            day = self.calendar.next_working_day(day + _DAY)
        return day

    def instant(self, day: date) -> datetime:
        """Their hour on this day, or now where that has passed."""
        return max(self.calendar.at(day), self.now)


def is_humane(calendar: Calendar, now: datetime) -> bool:
    """Whether it is a working day there and an hour at which people may be written to."""
    local = now.astimezone(calendar.zone)
    return FIRST_HOUR <= local.hour <= LAST_HOUR and calendar.works_on(local.date())


def plan(wanted: Iterable[Wanted], at: Situation) -> list[Fate]:
    """What becomes of these check-ins of one person, in the order of their days; each has exactly one fate.

    Expanding days after the end and the gaps between them are those of the research on spacing: the best gap grows
    with the horizon (Cepeda et al. 2008), expanding gaps keep recall higher on the way (Kang 2014), and transfer is
    asked about at 6 and 12 months as Saks & Belcourt (2006) did.
    """
    queue = sorted(wanted, key=lambda one: (one.planned_on, one.key))
    fates: list[Fate] = []
    met: list[tuple[Wanted, Reason]] = []  # they wait for the one into which they are merged
    last = at.last
    for one, following in zip_longest(queue, queue[1:]):
        natural = at.natural(one)
        day = at.after(natural, last)
        if following is not None and day >= at.natural(following):
            together = natural == at.natural(following)
            met.append((one, Reason.SAME_DAY if together else Reason.OVERTAKEN))
        elif _is_too_late(one, at):
            fates += _missed([*(earlier for earlier, _ in met), one])
            met = []
        else:
            fates += _placed(one, day, met, last, at)
            met, last = [], day
    return fates


def _placed(
    one: Wanted, day: date, met: Sequence[tuple[Wanted, Reason]], last: date | None, at: Situation
) -> list[Fate]:
    merged = [Fate(earlier.key, day, into=one.key, why=why) for earlier, why in met]
    return [*merged, Fate(one.key, day, at.instant(day), why=_why_moved(one, day, last, at))]


def _missed(late: Sequence[Wanted]) -> list[Fate]:
    return [Fate(one.key, one.due_on or one.planned_on, why=Reason.TOO_LATE) for one in late]


def _is_too_late(one: Wanted, at: Situation) -> bool:
    # Where a leave or a message before had moved it counts: that was no delay of ours.
    stood_on = max(one.planned_on, one.due_on or one.planned_on)
    return at.calendar.today(at.now) - stood_on > TOO_LATE


def _why_moved(one: Wanted, day: date, last: date | None, at: Situation) -> Reason:
    """The one reason that matters most."""
    if day == one.planned_on:
        return Reason.NONE
    natural = at.natural(one)
    if day > natural:
        spaced = last is not None and at.calendar.add_working_days(last, at.gap) > natural
        return Reason.SPACED if spaced else Reason.NO_ROOM
    if at.calendar.is_away(one.planned_on):
        return Reason.AWAY
    return Reason.FREE_DAY if not at.calendar.works_on(one.planned_on) else Reason.LATE
