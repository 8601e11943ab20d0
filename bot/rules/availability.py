"""Availability: one person's working days and hour, from their own settings, the workspace's, and their leaves."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.errors import BotError
from bot.rules.choices import read_choices
from bot.rules.holiday_calendars import calendar_for
from bot.rules.holidays import country_names, country_of_zone, holidays_of
from bot.rules.preferences import Preferences, is_zone, read_preferences
from bot.rules.working_time import Calendar, no_holidays
from storage.availability import Leave, LeaveSource, find_leave, find_leaves
from storage.people import find_person
from storage.session import Session

MOST_LEAVES = 50
FURTHEST = timedelta(days=3 * 366)

# What each noun does when somebody's zone, hour, days, leave or pause changed: (session, workspace, person, now).
CALENDAR_CHANGED: list[Callable[[Session, str, str, datetime], None]] = []


class BackBeforeGone(BotError):
    """The last day of a leave cannot be before its first. Choose a last day on or after the first."""


class LeaveOver(BotError):
    """That leave is over already. Choose a last day that is today or later."""


class LeaveTooFar(BotError):
    """That is more than three years away. Choose an earlier day."""


class TooManyLeaves(BotError):
    """There are fifty leaves here already. Remove one you do not need any more, then add this one."""


def calendar_of(
    session: Session, workspace: str, person: str, now: datetime, *, heeds_pause: bool = True
) -> Calendar:
    """This person's days and hour as they are planned at `now`.

    A pause counts as days away unless `heeds_pause` is off: for promises to colleagues it does not.
    """
    chosen, choices = read_preferences(session, workspace, person), read_choices(session, workspace)
    name = zone_of(session, workspace, person, chosen)
    zone = ZoneInfo(name)
    leaves = find_leaves(session, workspace, person, now.astimezone(zone).date() - timedelta(days=1))
    away = [(leave.first_on, leave.last_on) for leave in leaves]
    if heeds_pause and chosen.pause_until is not None:
        away.append((date.min, chosen.pause_until - timedelta(days=1)))
    return Calendar(
        zone,
        chosen.hour,
        chosen.days or frozenset(choices.working_days),
        _holidays(session, workspace, person, name, chosen.country or "", choices.country),
        tuple(away),
    )


def country_of(session: Session, workspace: str, person: str) -> str:
    """What the person's free days are called: a country, or the name of a calendar; empty when there are none."""
    chosen, choices = read_preferences(session, workspace, person), read_choices(session, workspace)
    name = zone_of(session, workspace, person, chosen)
    calendar = calendar_for(session, workspace, person, name)
    code = chosen.country or (calendar.name if calendar else choices.country or country_of_zone(name))
    return country_names().get(code, code)


def _holidays(
    session: Session, workspace: str, person: str, zone: str, own_country: str, usual_country: str
) -> Callable[[date], bool]:
    """Their own country, else the workspace's calendar for them, else its country, else that of their zone."""
    if own_country:
        return holidays_of(own_country)
    calendar = calendar_for(session, workspace, person, zone)
    if calendar is not None:
        return calendar.is_free
    country = usual_country or country_of_zone(zone)
    return holidays_of(country) if country else no_holidays


def zone_of(session: Session, workspace: str, person: str, chosen: Preferences | None = None) -> str:
    """The name of the time zone this person lives by: their own choice, else Slack's profile, else UTC."""
    chosen = chosen or read_preferences(session, workspace, person)
    known = find_person(session, workspace, person)
    of_profile = known.tz if known is not None and is_zone(known.tz) else "UTC"
    return chosen.zone or of_profile


def add_leave(
    session: Session, workspace: str, person: str, first_on: date, last_on: date | None, now: datetime
) -> None:
    """Note that this person is away on these days, both included (None: until further notice).

    The same days twice are one leave. Raises BackBeforeGone, LeaveOver, LeaveTooFar and TooManyLeaves.
    """
    today = now.astimezone(ZoneInfo(zone_of(session, workspace, person))).date()
    _check_days(first_on, last_on, today)
    known = find_leaves(session, workspace, person, today)
    own = [leave for leave in known if leave.source == LeaveSource.OWN]
    if any((leave.first_on, leave.last_on) == (first_on, last_on) for leave in own):
        return
    if len(own) >= MOST_LEAVES:
        raise TooManyLeaves
    leave = Leave(
        workspace=workspace,
        person=person,
        source=LeaveSource.OWN.value,
        first_on=first_on,
        last_on=last_on,
        noted_at=now,
    )
    session.add(leave)
    changed(session, workspace, person, now)


def remove_leave(session: Session, workspace: str, person: str, leave: int, now: datetime) -> None:
    """Forget a leave that this person noted; one that is not there (any more) changes nothing."""
    found = find_leave(session, workspace, person, leave)
    if found is not None and found.source == LeaveSource.OWN:
        session.delete(found)
        changed(session, workspace, person, now)


def changed(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody's days or hour are different now: whatever is planned by them is planned again."""
    session.flush()
    for plan_again in CALENDAR_CHANGED:
        plan_again(session, workspace, person, now)


def _check_days(first_on: date, last_on: date | None, today: date) -> None:
    if last_on is not None and last_on < first_on:
        raise BackBeforeGone
    if last_on is not None and last_on < today:
        raise LeaveOver
    if (last_on or first_on) > today + FURTHEST:
        raise LeaveTooFar
