"""Holiday calendars: a country or the days of a file, for everybody in some time zones or in a user group.

Whose holidays are free for somebody, in this order: the country they chose themselves, a calendar for a user group
they are in, one for their time zone, one for everybody, the workspace's country, the country of their time zone.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date

from bot.rules.holidays import holidays_of, is_country
from storage.holidays import read_calendars
from storage.session import Session


@dataclass(frozen=True, slots=True)
class HolidayCalendar:
    """One calendar: its country or its days (ISO dates), and for whom."""

    key: str
    name: str
    country: str
    days: frozenset[str]
    zones: tuple[str, ...]
    group: str
    people: frozenset[str]

    @property
    def is_free(self) -> Callable[[date], bool]:
        """Whether a day is free."""
        return holidays_of(self.country) if self.country else self._is_listed

    def _is_listed(self, day: date) -> bool:
        return day.isoformat() in self.days


def find_calendars(session: Session, workspace: str) -> list[HolidayCalendar]:
    """The workspace's calendars; a stored one that makes no sense is as if it were not there."""
    found = (_read(key, value) for key, value in sorted(read_calendars(session, workspace).items()))
    return [calendar for calendar in found if calendar is not None]


def calendar_for(session: Session, workspace: str, person: str, zone: str) -> HolidayCalendar | None:
    """The calendar of this person's user group, else of their time zone, else of everybody."""
    ranked = [(_rank(one, person, zone), one) for one in find_calendars(session, workspace)]
    fitting = [(rank, one) for rank, one in ranked if rank is not None]
    return min(fitting, key=lambda each: (each[0], each[1].key))[1] if fitting else None


def _rank(calendar: HolidayCalendar, person: str, zone: str) -> int | None:
    if calendar.group:
        return 0 if person in calendar.people else None
    if calendar.zones:
        return 1 if zone in calendar.zones else None
    return 2


def _read(key: str, value: object) -> HolidayCalendar | None:
    if not isinstance(value, Mapping):
        return None
    country = value.get("country")
    lists = {name: _strings(value.get(name)) for name in ("days", "zones", "people")}
    if not (isinstance(country, str) and is_country(country)) and not lists["days"]:
        return None
    group = value.get("group")
    return HolidayCalendar(
        key,
        str(value.get("name") or ""),
        country if isinstance(country, str) and is_country(country) else "",
        frozenset(lists["days"]),
        tuple(lists["zones"]),
        group if isinstance(group, str) else "",
        frozenset(lists["people"]),
    )


def _strings(value: object) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []
