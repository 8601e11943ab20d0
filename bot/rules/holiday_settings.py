"""Settings of holiday calendars: an admin adds and removes them, and whatever is planned by them is planned again."""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from bot.blocks import holidays as blocks
from bot.blocks.kit import Modal
from bot.interactions import Press, Submission
from bot.rules.holiday_calendars import find_calendars
from bot.rules.holidays import find_country
from bot.rules.preferences import find_zone
from bot.rules.replanning import plan_everybody_again
from bot.rules.workspace_settings import check_admin
from storage.holidays import store_calendar
from storage.people import log_act
from storage.session import Session

MOST_CALENDARS, LONGEST_NAME = 30, 60


@dataclass(frozen=True, slots=True)
class Given:
    """A form with what was fetched for it: the free days of its file or text, and who is in the user group."""

    form: Submission
    days: tuple[date, ...]
    members: tuple[str, ...]

    @property
    def workspace(self) -> str:
        """Where it was sent."""
        return self.form.workspace


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that cannot be taken as it is: what to say under which block."""

    by_block: dict[str, str]


def open_list(session: Session, workspace: str, person: str) -> Modal:
    """The list of calendars, for an admin; raises OnlyAdmins."""
    check_admin(session, workspace, person)
    return _list(session, workspace)


def add(session: Session, given: Given, now: datetime) -> Wrong | Modal:
    """Keep the calendar of a form, once per form, and show the list with it; raises OnlyAdmins."""
    form = given.form
    check_admin(session, form.workspace, form.person)
    wrong: dict[str, str] = {}
    value = _value(given, wrong)
    known = find_calendars(session, form.workspace)
    if len(known) >= MOST_CALENDARS and form.view not in {one.key for one in known}:
        wrong["name"] = blocks.TOO_MANY
    if wrong:
        return Wrong(wrong)
    store_calendar(session, form.workspace, form.view, value)
    log_act(session, form.workspace, form.person, "holiday calendar added", value["name"], now)
    plan_everybody_again(session, form.workspace)
    return _list(session, form.workspace)


def remove(session: Session, press: Press, now: datetime) -> Modal:
    """Remove a calendar; one that is not there changes nothing. Raises OnlyAdmins."""
    check_admin(session, press.workspace, press.person)
    known = {one.key: one for one in find_calendars(session, press.workspace)}
    if press.value in known:
        store_calendar(session, press.workspace, press.value, None)
        name = known[press.value].name
        log_act(session, press.workspace, press.person, "holiday calendar removed", name, now)
        plan_everybody_again(session, press.workspace)
    return _list(session, press.workspace)


def _list(session: Session, workspace: str) -> Modal:
    lines = [
        blocks.Line(one.key, one.name, one.country, len(one.days), one.zones, bool(one.group))
        for one in find_calendars(session, workspace)
    ]
    return blocks.calendars(lines)


def _value(given: Given, wrong: dict[str, str]) -> dict[str, Any]:
    form = given.form
    name = " ".join(form.words("name").split())[:LONGEST_NAME]
    if not name:
        wrong["name"] = blocks.NO_NAME
    country = find_country(form.words("country"))
    if form.words("country") and not country:
        wrong["country"] = blocks.NO_COUNTRY.format(typed=form.words("country"))
    elif bool(country) == bool(given.days):
        wrong["country"] = blocks.ONE_SOURCE
    return {
        "name": name,
        "country": country,
        "days": [day.isoformat() for day in given.days],
        "zones": _zones(form.words("zones"), wrong),
        "group": form.words("group"),
        "people": sorted(given.members),
    }


def _zones(typed: str, wrong: dict[str, str]) -> list[str]:
    zones = []
    for word in filter(None, (part.strip() for part in typed.replace("\n", ",").split(","))):
        zone = find_zone(word)
        if not zone:
            wrong["zones"] = blocks.NO_ZONE.format(typed=word)
        zones.append(zone)
    return zones
