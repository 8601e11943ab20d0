"""On which days somebody gets a morning note, as a pure function; weekly rhythms step dates, not instants."""

from datetime import datetime, timedelta

from bot.rules.preferences import Rhythm
from bot.rules.working_time import Calendar

_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


def next_note(rhythm: Rhythm, weekday: int, calendar: Calendar, now: datetime) -> datetime | None:
    """When the next note is due, strictly after `now`; None for somebody who wants none.

    A weekly one comes on `weekday` (Monday is 0), or on the first working day after it.
    """
    if rhythm is Rhythm.NEVER:
        return None
    if rhythm is Rhythm.DAILY:
        return calendar.next_time(now)
    today = calendar.today(now)
    # Begin a week early: that week's day may have been moved to one that is still to come.
    day = today - _DAY * ((today.weekday() - weekday) % 7) - _WEEK
    while (due := calendar.at(calendar.next_working_day(day))) <= now:
        day += _WEEK
    return due
