"""A time zone's rules around one moment, as a calendar file carries them (VTIMEZONE of RFC 5545)."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from icalendar import Timezone, TimezoneDaylight, TimezoneStandard

AROUND = timedelta(days=400)  # on each side: whoever moves the talk by hand still finds the right hour
_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def rules_of(zone: ZoneInfo, moment: datetime) -> Timezone:
    """What holds around this moment, each change of the clocks by itself.

    icalendar can write them too, but leaves out changes where a zone has two observances of one name
    (Africa/Casablanca in 2027), and begins summer an hour late.
    """
    rules = Timezone()
    rules.add("tzid", zone.key)
    first = moment.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - AROUND
    rules.add_component(_observance(zone, first, _offset(zone, first)))
    for change in _changes(zone, first, first + 2 * AROUND):
        rules.add_component(_observance(zone, change, _offset(zone, change - _SECOND)))
    return rules


def _changes(zone: ZoneInfo, first: datetime, last: datetime) -> list[datetime]:
    """The first instant of each new offset or name."""
    changes = []
    day = first
    while day < last:
        if _face(zone, day) != _face(zone, day + _DAY):
            changes.append(_change_within(zone, day, day + _DAY))
        day += _DAY
    return changes


def _change_within(zone: ZoneInfo, before: datetime, after: datetime) -> datetime:
    """Halving finds the second; no zone changes twice a day."""
    old = _face(zone, before)
    while after - before > _SECOND:
        half = before + (after - before) // 2
        half = half.replace(microsecond=0)
        before, after = (half, after) if _face(zone, half) == old else (before, half)
    return after


def _observance(zone: ZoneInfo, begins: datetime, before: timedelta) -> TimezoneStandard | TimezoneDaylight:
    """What holds from this instant on; its start is told by the clock that was right until then."""
    there = begins.astimezone(zone)
    observance = TimezoneDaylight() if there.dst() else TimezoneStandard()
    observance.add("dtstart", (begins + before).replace(tzinfo=None))
    observance.add("tzoffsetfrom", before)
    observance.add("tzoffsetto", _offset(zone, begins))
    observance.add("tzname", there.tzname() or zone.key)
    return observance


def _face(zone: ZoneInfo, instant: datetime) -> tuple[timedelta, str | None]:
    there = instant.astimezone(zone)
    return _offset(zone, instant), there.tzname()


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    return instant.astimezone(zone).utcoffset() or timedelta()
