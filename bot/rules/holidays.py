"""Holidays: the public holidays of a country, which is guessed from the time zone where nobody says which.

A zone is taken for the country that its name stands for: Europe/Oslo is Norway although its clocks are Berlin's, and
an old name counts as the one that replaced it. Slack's own list offers one zone for several countries ("Amsterdam,
Berlin, Rome"), so the guess may be wrong; a person, or the workspace for a zone or a group of people, then says which.
A zone that stands for no country, such as UTC, has no holidays.
"""

from collections.abc import Callable
from datetime import date
from functools import lru_cache, partial
from importlib.resources import files

import holidays as public

_FIELDS = 3  # of a line that gives another name to a zone: "L", target, name
FIRST_YEAR, LAST_YEAR = 1970, 2100  # beyond, nobody plans and nobody knows


def is_country(code: str) -> bool:
    """Whether we know the holidays of this country ("DE"), or of this part of it ("DE-BY")."""
    country, dash, part = code.partition("-")
    known = _countries().get(country)
    return known is not None and (not dash or part in known)


def country_of_zone(zone: str) -> str:
    """The country that this time zone's name stands for, if we know its holidays; else empty."""
    country = _zone_countries().get(zone, "")
    return country if country and is_country(country) else ""


def is_holiday(country: str, day: date) -> bool:
    """Whether everybody in this country (or part of it) is off on this day."""
    return day in holidays_in(country, day.year)


def holidays_of(country: str) -> Callable[[date], bool]:
    """The question for one country, as a calendar asks it."""
    return partial(is_holiday, country)


def find_country(typed: str) -> str:
    """The country (or part of one) that somebody means, by its code or its English name; empty when there is none."""
    wanted = typed.strip()
    country, dash, part = wanted.partition("-")
    code = country.upper() + dash + part
    for found in (code, code.upper()):
        if is_country(found):
            return found
    named = [code for code, name in country_names().items() if name.casefold() == wanted.casefold()]
    return named[0] if named else ""


@lru_cache(maxsize=1)
def country_names() -> dict[str, str]:
    """The English names of the countries whose holidays we know, by code."""
    table = (files("tzdata") / "zoneinfo" / "iso3166.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {row[0]: row[1] for row in rows if is_country(row[0])}


@lru_cache(maxsize=4096)
def holidays_in(country: str, year: int) -> frozenset[date]:
    """The public holidays of a country ("DE", "DE-BY") in a year; none where we know of none."""
    if not FIRST_YEAR <= year <= LAST_YEAR or not is_country(country):
        return frozenset()
    code, _, part = country.partition("-")
    return frozenset(public.country_holidays(code, subdiv=part or None, years=year, expand=False))


@lru_cache(maxsize=1)
def _countries() -> dict[str, frozenset[str]]:
    """The countries whose holidays are known, each with its parts."""
    listed = public.list_supported_countries()
    return {country: frozenset(parts) for country, parts in listed.items() if len(country) == len("DE")}


@lru_cache(maxsize=1)
def _zone_countries() -> dict[str, str]:
    zones = files("tzdata") / "zoneinfo"
    lines = (zones / "zone.tab").read_text("utf-8").splitlines()
    rows = (line.split("\t") for line in lines if line and not line.startswith("#"))
    countries = {row[2]: row[0] for row in rows}
    # "L target name": older and other names, such as US/Eastern; a bare EST is no place.
    links = [line.split() for line in (zones / "tzdata.zi").read_text("utf-8").splitlines()]
    other = {link[2]: link[1] for link in links if len(link) == _FIELDS and link[0] == "L" and "/" in link[2]}
    return {name: countries[target] for name, target in other.items() if target in countries} | countries
