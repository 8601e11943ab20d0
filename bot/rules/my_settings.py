"""A person's own settings: hour, days, zone, holidays, pause, leave, the note's rhythm, and what is muted."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from difflib import get_close_matches
from typing import Any

from bot.blocks import my_settings as blocks
from bot.blocks.kit import Modal
from bot.blocks.settings import KINDS
from bot.errors import BotError
from bot.interactions import Submission
from bot.rules import held_back
from bot.rules.attention import Started, has_acted, stop, stopped_kinds
from bot.rules.availability import add_leave, calendar_of, changed, country_of, remove_leave, zone_of
from bot.rules.budget import rhythm_of
from bot.rules.choices import read_choices
from bot.rules.holidays import country_names, find_country
from bot.rules.preferences import (
    Preferences,
    Rhythm,
    find_zone,
    read_days,
    read_preferences,
    store_preferences,
    zone_names,
)
from bot.rules.working_time import FIRST_HOUR, LAST_HOUR
from storage.availability import LeaveSource, find_leaves
from storage.session import Session

LONGEST_PAUSE = timedelta(days=366)
USUAL_PAUSE = timedelta(weeks=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Mistakes:
    """A form that cannot be taken as it is: what to say under which block."""

    by_block: dict[str, str]


@dataclass(frozen=True, slots=True)
class Change:
    """A person ends their pause, or removes a leave."""

    workspace: str
    person: str
    leave: int = 0


def mine(session: Session, workspace: str, person: str, now: datetime) -> blocks.Mine:
    """What this person chose, for the page."""
    chosen, choices = read_preferences(session, workspace, person), read_choices(session, workspace)
    calendar = calendar_of(session, workspace, person, now)
    today = calendar.today(now)
    zone = zone_of(session, workspace, person, chosen)
    paused = chosen.pause_until is not None and chosen.pause_until > today
    return blocks.Mine(
        calendar.hour,
        sorted(calendar.days),
        zone,
        bool(chosen.zone),
        country_of(session, workspace, person),
        rhythm_of(session, workspace, person, choices, chosen),
        chosen.volunteers,
        chosen.reflection,
        chosen.pause_until if paused else None,
        _leaves(session, workspace, person, today),
    )


def open_form(session: Session, workspace: str, person: str, subject: str, now: datetime) -> Modal | None:
    """The form for one subject of the page; None for one that we do not have."""
    chosen = read_preferences(session, workspace, person)
    today = calendar_of(session, workspace, person, now).today(now)
    match subject:
        case "time":
            days = chosen.days or frozenset(read_choices(session, workspace).working_days)
            hours = (FIRST_HOUR, LAST_HOUR)
            return blocks.time_form(chosen.hour, sorted(days), chosen.zone, chosen.country, hours, {})
        case "messages":
            muted = stopped_kinds(session, workspace, person)
            return blocks.messages_form(
                chosen.note_rhythm or "",
                muted,
                KINDS,
                volunteers=chosen.volunteers,
                reflects=chosen.reflection,
            )
        case "pause":
            return blocks.pause_form(today + USUAL_PAUSE)
        case "leave":
            return blocks.leave_form(today)
        case "held":
            return _held_list(session, workspace, person, now)
    return None


def change_time(session: Session, form: Submission, now: datetime) -> Mistakes | None:
    """Store hour, days, zone and holidays; what is planned by them is planned anew."""
    wrong: dict[str, str] = {}
    zone, country = _read_zone(form.words("zone"), wrong), _read_country(form.words("country"), wrong)
    days = read_days([int(day) for day in form.chosen("days") if day.isdecimal()])
    if days is None:
        wrong["days"] = blocks.ALL_DAYS_FREE
    hour = form.words("hour")
    if wrong or not (hour.isdecimal() and FIRST_HOUR <= int(hour) <= LAST_HOUR):
        return Mistakes(wrong or {"hour": blocks.NO_HOUR})
    usual = frozenset(read_choices(session, form.workspace).working_days)
    before = read_preferences(session, form.workspace, form.person)
    after = replace(before, hour=int(hour), days=None if days == usual else days, zone=zone, country=country)
    _store(session, form, before, after, now)
    return None


def change_messages(session: Session, form: Submission, now: datetime) -> Mistakes | None:
    """Store the note's rhythm, what is muted, and what the person offers and wishes."""
    muted, more = set(form.chosen("muted")), form.chosen("more")
    for kind in Started:
        stop(session, form.workspace, form.person, kind, stopped=kind in muted)
    rhythm = form.words("rhythm")
    before = read_preferences(session, form.workspace, form.person)
    after = replace(
        before,
        note_rhythm=Rhythm(rhythm) if rhythm in set(Rhythm) else None,
        volunteers="volunteers" in more,
        reflection="reflection" in more,
    )
    _store(session, form, before, after, now)
    return None


def pause(session: Session, form: Submission, now: datetime) -> Mistakes | None:
    """Be quiet until a day, within a year; on that day the app writes again."""
    until = _read_day(form.words("until"))
    today = calendar_of(session, form.workspace, form.person, now).today(now)
    if until is None or until <= today:
        says = blocks.PAUSE_TOO_EARLY.format(today=blocks.day_words(today))
        return Mistakes({"until": says if until else blocks.NO_DAY})
    if until > today + LONGEST_PAUSE:
        return Mistakes({"until": blocks.PAUSE_TOO_LATE})
    before = read_preferences(session, form.workspace, form.person)
    _store(session, form, before, replace(before, pause_until=until), now)
    return None


def note_leave(session: Session, form: Submission, now: datetime) -> Mistakes | None:
    """Note days away."""
    first, last = _read_day(form.words("first")), _read_day(form.words("last"))
    if first is None:
        return Mistakes({"first": blocks.NO_DAY})
    try:
        add_leave(session, form.workspace, form.person, first, last, now)
    except BotError as error:
        return Mistakes({"last" if last else "first": str(error)})
    return None


def end_pause(session: Session, wish: Change, now: datetime) -> None:
    """Go on now; not being paused changes nothing."""
    before = read_preferences(session, wish.workspace, wish.person)
    if before.pause_until is not None:
        store_preferences(session, wish.workspace, wish.person, replace(before, pause_until=None))
        changed(session, wish.workspace, wish.person, now)


def forget_leave(session: Session, wish: Change, now: datetime) -> None:
    """Remove days away that the person noted."""
    remove_leave(session, wish.workspace, wish.person, wish.leave, now)


def _store(
    session: Session, form: Submission, before: Preferences, after: Preferences, now: datetime
) -> None:
    has_acted(session, form.workspace, form.person, "changed a setting")
    if after != before:
        store_preferences(session, form.workspace, form.person, after)
    changed(session, form.workspace, form.person, now)


def _leaves(session: Session, workspace: str, person: str, today: date) -> list[blocks.LeaveLine]:
    return [
        blocks.LeaveLine(leave.first_on, leave.last_on, leave.id if leave.source == LeaveSource.OWN else None)
        for leave in find_leaves(session, workspace, person, today)
    ]


def _held_list(session: Session, workspace: str, person: str, now: datetime) -> Modal:
    zone = calendar_of(session, workspace, person, now)
    held = held_back.find_held_back(session, workspace, person, now)
    lines = [blocks.HeldLine(zone.today(one.wished_at), one.line, one.standing, one.why) for one in held]
    return blocks.held_list(lines)


def _read_day(typed: str) -> date | None:
    try:
        return date.fromisoformat(typed)
    except ValueError:
        return None


def _read_zone(typed: str, wrong: dict[str, str]) -> str:
    zone = find_zone(typed)
    if typed and not zone:
        guess = _guess(typed, {name.rpartition("/")[2].replace("_", " "): name for name in zone_names()})
        wrong["zone"] = blocks.NO_SUCH_ZONE.format(typed=typed, guess=guess)
    return zone


def _read_country(typed: str, wrong: dict[str, str]) -> str:
    country = find_country(typed)
    if typed and not country:
        guess = _guess(typed, {name: name for name in country_names().values()})
        wrong["country"] = blocks.NO_SUCH_COUNTRY.format(typed=typed, guess=guess)
    return country


def _guess(typed: str, known: Mapping[str, Any]) -> str:
    lower = {name.casefold(): told for name, told in known.items()}
    near = get_close_matches(typed.casefold(), lower, n=1)
    return blocks.GUESS.format(guess=lower[near[0]]) if near else ""
