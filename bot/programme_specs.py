"""A programme as plain values, whichever way it came: a file, a form, a template, the database."""

import re
from dataclasses import dataclass
from datetime import date

MOST_TITLE, MOST_KEY, MOST_PURPOSE, MOST_LABEL = 120, 60, 1_000, 40
MOST_WEEKS, MOST_STARTER, MOST_LINK, MOST_VOICES = 52, 1_000, 255, 10
MOST_CHECK_INS, MOST_QUESTION, LAST_DAY = 12, 500, 730
MOST_ITEMS, MOST_HALF, LAST_ITEM_DAY = 5, 150, 84
MOST_CLOSING, MOST_CIRCLE, MOST_ASKED = 5, 12, 300
MOST_RUNS, MOST_NAME, MOST_PEOPLE = 50, 80, 5_000

_KEY = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ADDRESS = re.compile(r"https?://[^\s<>|\"]+\.[^\s<>|\"]+")


@dataclass(frozen=True, slots=True)
class Week:
    """One week: the lesson is a link or nothing, contributions are links to what colleagues gave."""

    title: str
    lesson: str = ""
    starter: str = ""
    contributions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CheckIn:
    """One question, so many days after the end."""

    day: int
    question: str
    still_used: bool = False


@dataclass(frozen=True, slots=True)
class Idea:
    """An item to adapt: when this happens, I will do that, within so many days."""

    when: str
    then: str
    days: int = 14


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a programme; people and places as they were written: ids, or names with @ and #."""

    name: str
    starts_on: date
    ends_on: date
    space: str = ""
    sponsor: str = ""
    facilitator: str = ""
    people: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ProgrammeSpec:
    """A whole programme."""

    key: str
    title: str
    purpose: str = ""
    subject: str = ""
    sponsor: str = ""
    weeks: tuple[Week, ...] = ()
    check_ins: tuple[CheckIn, ...] = ()
    items: tuple[Idea, ...] = ()
    closing: tuple[str, ...] = ()
    circle_questions: tuple[str, ...] = ()
    runs: tuple[Run, ...] = ()


def is_key(text: str) -> bool:
    """Whether commands and files can call a programme this."""
    return len(text) <= MOST_KEY and _KEY.fullmatch(text) is not None


def key_from(title: str) -> str:
    """What to call a programme with this title; empty when there is no letter to make it of."""
    return "-".join(re.findall(r"[a-z0-9]+", title.lower()))[:MOST_KEY].strip("-")


def is_address(text: str) -> bool:
    """Whether this is a web address that people can follow."""
    return len(text) <= MOST_LINK and _ADDRESS.fullmatch(text) is not None
