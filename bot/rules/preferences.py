"""Preferences: what a person chose for themselves; what they did not choose has its default here."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import available_timezones

from bot.rules.attention import stopped_kinds
from bot.rules.holidays import is_country
from bot.rules.working_time import FIRST_HOUR, LAST_HOUR, USUAL_HOUR
from storage.session import Session
from storage.settings import read_settings, store_setting

SUNDAY = 6


class Rhythm(StrEnum):
    """How often somebody gets the morning note."""

    DAILY = "daily"
    WEEKLY = "weekly"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Preferences:
    """One person's own settings."""

    hour: int = USUAL_HOUR
    days: frozenset[int] | None = None  # None: the workspace's working week
    zone: str = ""  # empty: as Slack's profile says
    country: str = ""  # whose holidays; empty: as the workspace's calendars or the time zone say
    pause_until: date | None = None  # the first day on which we may write again
    note_rhythm: Rhythm | None = None  # None: by what they do, see rules.notes
    volunteers: bool = False  # willing to answer a first post
    reflection: bool = False  # the weekly five minutes, without any programme
    stopped: frozenset[str] = frozenset()  # kinds of message they do not want


_OWN = tuple(one.name for one in fields(Preferences) if one.name != "stopped")


def read_preferences(session: Session, workspace: str, person: str) -> Preferences:
    """What this person chose; a stored value that makes no sense (any more) is as if it were not there."""
    stored = read_settings(session, workspace, person)
    kept = {name: _read(name, stored[name]) for name in _OWN if name in stored}
    chosen = {name: value for name, value in kept.items() if value is not None}
    return Preferences(**chosen, stopped=frozenset(stopped_kinds(session, workspace, person)))


def store_preferences(session: Session, workspace: str, person: str, chosen: Preferences) -> None:
    """Keep what differs from the defaults; what is stopped has its own way, `attention.stop`."""
    default = asdict(Preferences())
    for name in _OWN:
        value = getattr(chosen, name)
        store_setting(session, workspace, person, name, None if value == default[name] else _as_json(value))
    session.flush()


def is_zone(name: object) -> bool:
    """Whether this is the name of a time zone that we know."""
    # The machine's own "localtime" and the like are in that list too, and are nobody's zone.
    return isinstance(name, str) and name[:1].isupper() and name != "Factory" and name in _zones()


def find_zone(typed: str) -> str:
    """The time zone that somebody means: its name, or only its city, in any case; empty when there is none."""
    wanted = typed.strip().replace(" ", "_").casefold()
    named = [name for name in zone_names() if name.casefold() == wanted]
    cities = [name for name in zone_names() if name.casefold().endswith(f"/{wanted}")]
    return next(iter([*named, *(cities if len(cities) == 1 else ())]), "") if wanted else ""


@lru_cache(maxsize=1)
def zone_names() -> tuple[str, ...]:
    """The names of all time zones."""
    return tuple(sorted(filter(is_zone, _zones())))


@lru_cache(maxsize=1)
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # reads a folder of files each time


def _as_json(value: Any) -> Any:
    if isinstance(value, frozenset):
        return sorted(value)
    return value.isoformat() if isinstance(value, date) else value


def _read(name: str, value: Any) -> Any:
    """The stored value as it is used, or None."""
    return _READERS[name](value)


def _read_hour(value: Any) -> int | None:
    is_hour = isinstance(value, int) and not isinstance(value, bool) and FIRST_HOUR <= value <= LAST_HOUR
    return value if is_hour else None


def _read_yes(value: Any) -> bool | None:
    return value if isinstance(value, bool) else None


def _read_rhythm(value: Any) -> Rhythm | None:
    return Rhythm(value) if isinstance(value, str) and value in set(Rhythm) else None


def read_days(value: Any) -> frozenset[int] | None:
    """Weekdays from a list of numbers, Monday is 0; None when there is none among them."""
    numbers = value if isinstance(value, list) else []
    return frozenset(day for day in numbers if isinstance(day, int) and 0 <= day <= SUNDAY) or None


def _read_date(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


_READERS: dict[str, Callable[[Any], Any]] = {
    "hour": _read_hour,
    "days": read_days,
    "zone": lambda value: value if is_zone(value) else None,
    "country": lambda value: value if isinstance(value, str) and is_country(value) else None,
    "pause_until": _read_date,
    "note_rhythm": _read_rhythm,
    "volunteers": _read_yes,
    "reflection": _read_yes,
}
