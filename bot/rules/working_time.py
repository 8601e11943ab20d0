"""Working time: on which days somebody works, and which instant a wall clock means where they live."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

FIRST_HOUR, LAST_HOUR = 6, 21  # hours that are offered: nobody wants to be written to at night
USUAL_HOUR = 9
USUAL_WEEK = frozenset(range(5))  # Monday is 0
WORKDAY = timedelta(hours=8)  # from their hour on
LONGEST_LOOK = 400  # days; who is away longer is away until further notice
_DAY = timedelta(days=1)


def no_holidays(day: date) -> bool:
    """Nobody told us of any."""
    del day
    return False


@dataclass(frozen=True, slots=True)
class Calendar:
    """One person's days and hour.

    `days` are weekdays (Monday is 0), at least one. `leaves` are days away, both ends included; one without an end
    lasts until further notice. What comes after an endless leave is looked for 400 days on, so every question has an
    answer; whoever plans by it plans again when the calendar changes.
    """

    zone: ZoneInfo
    hour: int = USUAL_HOUR
    days: frozenset[int] = USUAL_WEEK
    holidays: Callable[[date], bool] = field(default=no_holidays, compare=False)
    leaves: tuple[tuple[date, date | None], ...] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for a week without a working day."""
        if not self.days & set(range(7)):
            raise ValueError("A week needs a working day.")

    def today(self, now: datetime) -> date:
        """The date where this person is."""
        return now.astimezone(self.zone).date()

    def is_away(self, day: date) -> bool:
        """Whether they are on leave on this day."""
        return any(first <= day and (last is None or day <= last) for first, last in self.leaves)

    def works_on(self, day: date) -> bool:
        """Whether this is one of their weekdays, no holiday and no day of a leave."""
        return self._is_usual(day) and not self.is_away(day)

    def next_working_day(self, day: date) -> date:
        """The first working day from `day` on, `day` itself included."""
        for found in _days_from(day, LONGEST_LOOK):
            if self.works_on(found):
                return found
        # Away until further notice, or a calendar of holidays only: far away, but still on one of their weekdays.
        later = day + LONGEST_LOOK * _DAY
        usual = (found for found in _days_from(later, LONGEST_LOOK) if self._is_usual(found))
        return next(usual, next(found for found in _days_from(later, 7) if found.weekday() in self.days))

    def add_working_days(self, day: date, count: int) -> date:
        """The working day that comes `count` (1 or more) working days after `day`; raises ValueError for less."""
        if count < 1:
            raise ValueError("Count at least one working day.")
        for _ in range(count):
            day = self.next_working_day(day + _DAY)
        return day

    def working_days_between(self, first: date, last: date) -> int:
        """How many working days come after `first`, up to and with `last`."""
        return sum(self.works_on(day) for day in _days_from(first + _DAY, (last - first).days))

    def at(self, day: date, hour: int | None = None, minute: int = 0) -> datetime:
        """The instant (UTC) at which the clock there shows this; their own hour if none is given.

        Where clocks are put forward and skip it, the first instant after the gap; where they are put back and it
        comes twice, the earlier one.
        """
        wall = datetime.combine(day, time(self.hour if hour is None else hour, minute))
        return instant_of(wall, self.zone)

    def is_day(self, now: datetime) -> bool:
        """Whether somebody may be written to first: on a working day, from their hour on until the evening."""
        today = self.today(now)
        return (
            self.works_on(today)
            and self.at(today) <= now
            and now.astimezone(self.zone).hour <= max(LAST_HOUR, self.hour)
        )

    def as_far_as_known(self) -> "Calendar":
        """The same without leaves whose end nobody knows: what is moved past one of those would never come back."""
        return replace(self, leaves=tuple(leave for leave in self.leaves if leave[1] is not None))

    def is_at_work(self, now: datetime) -> bool:
        """Whether this is within the eight hours from their hour on a working day."""
        today = self.today(now)
        return self.works_on(today) and self.at(today) <= now < self.at(today) + WORKDAY

    def next_time(self, now: datetime) -> datetime:
        """The next instant at their hour on a working day, strictly after `now`."""
        day = self.next_working_day(self.today(now))
        while (due := self.at(day)) <= now:
            day = self.next_working_day(day + _DAY)
        return due

    def _is_usual(self, day: date) -> bool:
        return day.weekday() in self.days and not self.holidays(day)


def instant_of(wall: datetime, zone: ZoneInfo) -> datetime:
    """The instant (UTC) that a wall clock (naive) means: after a gap its first, of two the earlier one."""
    instant = wall.replace(tzinfo=zone, fold=0).astimezone(UTC)
    if instant.astimezone(zone).replace(tzinfo=None) == wall:
        return instant
    # The clock never shows it. The two readings of such a time lie on both sides of the change.
    before = wall.replace(tzinfo=zone, fold=1).astimezone(UTC)
    return _first_change(before, instant, zone)


def _first_change(before: datetime, after: datetime, zone: ZoneInfo) -> datetime:
    """The second at which the zone's offset changes, after `before` and not later than `after`."""
    low, high = int(before.timestamp()), int(after.timestamp())
    offset = before.astimezone(zone).utcoffset()
    while high - low > 1:
        middle = (low + high) // 2
        same = datetime.fromtimestamp(middle, zone).utcoffset() == offset
        low, high = (middle, high) if same else (low, middle)
    return datetime.fromtimestamp(high, UTC)


def _days_from(day: date, count: int) -> Iterator[date]:
    return (day + n * _DAY for n in range(count))
