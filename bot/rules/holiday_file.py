"""Holiday files: the free days in an .ics that somebody gave, read as if written by an enemy.

Only whole days count. Of repetitions only yearly ones are read, and only for the years that are planned, so that no
file can keep us busy; everything else in it is ignored.
"""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from itertools import islice
from typing import Any

from icalendar import Calendar

from bot.errors import BotError

MOST_BYTES = 256 * 1024
MOST_EVENTS, MOST_DAYS = 2000, 1000
LONGEST_EVENT = 31  # days
YEARS_AHEAD = 5
_DAY = timedelta(days=1)
_READ_PARTS = {"FREQ", "INTERVAL", "COUNT", "UNTIL", "BYMONTH", "BYMONTHDAY", "BYDAY", "WKST"}
_WEEKDAYS = {"MO": 0, "TU": 1, "WE": 2, "TH": 3, "FR": 4, "SA": 5, "SU": 6}


class TooLarge(BotError):
    """This calendar is larger than 256 kB. Export only the holidays, for a few years, and try again."""


class NoCalendar(BotError):
    """This is no calendar that I can read. Give an .ics file, or paste its text, which begins with BEGIN:VCALENDAR."""


class NoDays(BotError):
    """This calendar has no whole day off from this year on. Choose one whose events last the whole day."""


def read_days(content: bytes, today: date) -> list[date]:
    """The free days from the beginning of this year on, at most five years ahead.

    Raises TooLarge, NoCalendar and NoDays.
    """
    if len(content) > MOST_BYTES:
        raise TooLarge
    first, last = date(today.year, 1, 1), date(today.year + YEARS_AHEAD, 12, 31)
    events = islice(_events(content), MOST_EVENTS)
    days = {day for event in events for day in _days_of(event, first, last) if first <= day <= last}
    if not days:
        raise NoDays
    return sorted(days)[:MOST_DAYS]


def _events(content: bytes) -> Iterator[Any]:
    try:
        text = content.decode("utf-8-sig", errors="replace").replace("\x00", "")
        parsed = Calendar.from_ical(text)
        return iter(parsed.walk("VEVENT"))
    except Exception as error:  # a parser of a rich format fails in many ways on what an enemy wrote
        raise NoCalendar from error


def _days_of(event: Any, first: date, last: date) -> set[date]:
    try:
        return _read_event(event, first, last)
    except (ArithmeticError, AttributeError, KeyError, TypeError, ValueError):
        return set()  # one event that makes no sense does not spoil the others


def _read_event(event: Any, first: date, last: date) -> set[date]:
    start = event.decoded("DTSTART")
    if not _is_day(start) or str(event.get("STATUS", "")).upper() == "CANCELLED":
        return set()
    end = event.decoded("DTEND") if "DTEND" in event else None
    length = (end - start).days if _is_day(end) else 1
    rule = event.get("RRULE")
    starts = [start] if rule is None else [start, *_repeated(start, rule, first, last)]
    span = range(max(1, min(length, LONGEST_EVENT)))
    return {day + n * _DAY for day in starts if day <= last for n in span} - _left_out(event)


def _left_out(event: Any) -> set[date]:
    given = event.get("EXDATE")
    lists = given if isinstance(given, list) else [given] if given is not None else []
    return {one.dt for each in lists for one in each.dts if _is_day(one.dt)}


def _repeated(start: date, rule: Any, first: date, last: date) -> Iterator[date]:
    """The later starts of a yearly repetition; none of one that we do not read."""
    parts = {str(name).upper(): values for name, values in rule.items()}
    if parts.get("FREQ") != ["YEARLY"] or parts.keys() - _READ_PARTS:
        return
    every = max(1, int(parts.get("INTERVAL", [1])[0]))
    count, until = parts.get("COUNT", [None])[0], parts.get("UNTIL", [None])[0]
    ends = until.date() if isinstance(until, datetime) else until
    for year in range(max(start.year + 1, first.year), last.year + 1):
        passed = year - start.year
        if passed % every or (count is not None and passed // every >= int(count)):
            continue
        day = _in_year(year, start, parts)
        if day is not None and (ends is None or day <= ends):
            yield day


def _in_year(year: int, start: date, parts: dict[str, Any]) -> date | None:
    month = int(parts.get("BYMONTH", [start.month])[0])
    if "BYDAY" in parts:
        return _nth_weekday(year, month, str(parts["BYDAY"][0]).upper())
    try:
        return date(year, month, int(parts.get("BYMONTHDAY", [start.day])[0]))
    except ValueError:  # 29 February
        return None


def _nth_weekday(year: int, month: int, which: str) -> date | None:
    """The day that "4TH" (the fourth Thursday of the month) or "-1MO" (its last Monday) names."""
    number, weekday = which[:-2], _WEEKDAYS[which[-2:]]
    days = [date(year, month, 1) + n * _DAY for n in range(31)]
    fitting = [day for day in days if day.month == month and day.weekday() == weekday]
    nth = int(number or 1)
    place = nth - 1 if nth > 0 else len(fitting) + nth
    return fitting[place] if 0 <= place < len(fitting) else None


def _is_day(value: object) -> bool:
    return isinstance(value, date) and not isinstance(value, datetime)
