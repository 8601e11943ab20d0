"""When what comes next in plans is due: pure functions of a person's calendar."""

from datetime import date, datetime, timedelta

from bot.rules.working_time import Calendar

DAY, WEEK = timedelta(days=1), timedelta(days=7)
REMIND_AFTER = 5  # working days
WARN_BEFORE = timedelta(days=7)  # an item closes
CLOSING_LASTS = timedelta(days=14)
LONGEST_LOOK = 60  # weeks


def monday_of(day: date) -> date:
    """The Monday of this day's week."""
    return day - day.weekday() * DAY


def day_before(calendar: Calendar, day: date) -> date | None:
    """The last working day before `day`, if there is one in the two weeks before."""
    return next((day - n * DAY for n in range(1, 15) if calendar.works_on(day - n * DAY)), None)


def tap_day(calendar: Calendar, monday: date) -> date | None:
    """The day of this week on which we ask how it went: its last working day; None for a week away."""
    return next((monday + n * DAY for n in reversed(range(7)) if calendar.works_on(monday + n * DAY)), None)


def next_tap(calendar: Calendar, first_week: date, now: datetime, last: date) -> datetime | None:
    """The next instant after `now` to ask, in the week of this Monday or later, not after the day `last`."""
    for week in range(LONGEST_LOOK):
        day = tap_day(calendar, first_week + week * WEEK)
        if day is not None and calendar.at(day) > now:
            return calendar.at(day) if day <= last else None
    return None


def moved(calendar: Calendar, due: datetime, now: datetime) -> datetime:
    """The same day at their hour as the calendar says now: a working day, not before the next such instant."""
    day = calendar.next_working_day(due.astimezone(calendar.zone).date())
    return max(calendar.at(day), calendar.next_time(now))


def end_of(calendar: Calendar, day: date) -> datetime:
    """The instant at which this day is over where the person lives."""
    return calendar.at(day + DAY, 0)
