"""Applying a programme's file: what will change is said first, then all of it happens or nothing; twice is once."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from typing import Any

from bot.errors import BotError
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Run, Week
from bot.rules.enrolling import Enrolling, enrol, reason_against
from bot.rules.naming import name_of
from bot.rules.programmes import Asked, MayNotMake, may_make, spec_of, store_spec
from bot.rules.programmes_weeks import redraw
from bot.rules.rosters import find_meant
from bot.rules.runs import RunFacts, change_run, open_run
from storage.programmes import Cohort, Programme
from storage.programmes_finding import (
    find_cohort_by_name,
    find_enrolment_of,
    find_programme_by_key,
)
from storage.session import Session
from storage.spaces import find_space, find_spaces_named

NEW = "+ programme {key}: {title}"
BACK = "~ {key} is offered again"
CHANGED = "~ {name}: {old} → {new}"
ADDED, GONE = "+ {name}: {new}", "- {name}: {old}"
NEW_RUN = "+ run “{name}”: {first} to {last}"
ENROLS = "+ enrols in “{run}”: {name}"
NO_SPACE = "“{text}” is no space that I know: write its #name or id, and invite me there first."
SEVERAL_SPACES = "Several spaces are called “{text}”: write the id instead."
IN = "{where}: {text}"
STILL_USED = " (and: still used?)"
ITEM = "when {when}, then {then}, within {days} days"
LONGEST = 70


@dataclass(frozen=True, slots=True)
class Application:
    """A programme to apply; `by` is None for the command line, `emails` maps addresses to ids."""

    workspace: str
    spec: ProgrammeSpec
    by: str | None = None
    emails: Mapping[str, str] = field(default_factory=dict)


def apply(session: Session, wanted: Application, now: datetime) -> list[str]:
    """Make everything as the file says, and tell what changed, line by line; nothing when it was so already.

    What the file does not mention (other runs, other people) stays. Raises BotError before anything is kept.
    """
    if not may_make(session, wanted.workspace, wanted.by):
        raise MayNotMake
    with session.begin_nested():
        spec = _with_ids(session, wanted)
        changes = list(_programme(session, wanted, spec, now))
        programme = find_programme_by_key(session, wanted.workspace, spec.key)
        for run in spec.runs if programme is not None else ():
            changes += _run(session, wanted, programme, run, now)
    return changes


def _with_ids(session: Session, wanted: Application) -> ProgrammeSpec:
    sponsor = _person(session, wanted, wanted.spec.sponsor, "sponsor")
    return replace(wanted.spec, sponsor=sponsor)


def _person(session: Session, wanted: Application, text: str, where: str) -> str:
    if not text:
        return ""
    try:
        return find_meant(session, wanted.workspace, text, wanted.emails)
    except BotError as error:
        raise BotError(IN.format(where=where, text=error)) from error


def _programme(session: Session, wanted: Application, spec: ProgrammeSpec, now: datetime) -> Iterator[str]:
    known = find_programme_by_key(session, wanted.workspace, spec.key)
    if known is None:
        yield NEW.format(key=spec.key, title=spec.title)
    elif known.retired:
        yield BACK.format(key=spec.key)
    before = spec_of(session, known) if known is not None else ProgrammeSpec(spec.key, spec.title)
    yield from differences(before, spec)
    redraw(session, store_spec(session, wanted.workspace, spec, wanted.by, now), now)


def differences(before: ProgrammeSpec, after: ProgrammeSpec) -> Iterator[str]:
    """What is different, runs aside, in the order of the file."""
    for name in ("title", "purpose", "subject", "sponsor"):
        yield from _difference(name, getattr(before, name), getattr(after, name))
    yield from _listed("week", before.weeks, after.weeks)
    yield from _listed(
        "check-in of day",
        {one.day: one for one in before.check_ins},
        {one.day: one for one in after.check_ins},
    )
    for name in ("items", "closing", "circle_questions"):
        yield from _listed(name.rstrip("s").replace("_", " "), getattr(before, name), getattr(after, name))


def _listed(name: str, before: Any, after: Any) -> Iterator[str]:
    olds = before if isinstance(before, dict) else dict(enumerate(before, 1))
    news = after if isinstance(after, dict) else dict(enumerate(after, 1))
    for key in sorted(olds.keys() | news.keys()):
        old, new = olds.get(key), news.get(key)
        if isinstance(old, Week) and isinstance(new, Week):
            for part in fields(Week):
                a, b = (_words(getattr(one, part.name)) for one in (old, new))
                yield from _difference(f"{name} {key}, {part.name}", a, b)
        else:
            yield from _difference(f"{name} {key}", _words(old), _words(new))


def _words(value: Week | CheckIn | Idea | str | tuple[str, ...] | None) -> str:
    match value:
        case CheckIn():
            return value.question + (STILL_USED if value.still_used else "")
        case Idea():
            return ITEM.format(when=value.when, then=value.then, days=value.days)
        case Week():
            return value.title
        case tuple():
            return ", ".join(value)
    return value or ""


def _difference(name: str, old: str, new: str) -> Iterator[str]:
    if old == new:
        return
    text = CHANGED if old and new else ADDED if new else GONE
    yield text.format(name=name, old=_short(old), new=_short(new))


def _short(text: str) -> str:
    line = " ".join(text.split())
    return f"“{line}”" if len(line) <= LONGEST else f"“{line[: LONGEST - 1]}…”"


def _run(
    session: Session, wanted: Application, programme: Programme | None, run: Run, now: datetime
) -> Iterator[str]:
    if programme is None:
        return
    where = f"run “{run.name}”"
    facts = RunFacts(
        run.name,
        run.starts_on,
        run.ends_on,
        _space(session, wanted, run.space, where) or None,
        _person(session, wanted, run.sponsor, f"{where}, sponsor") or None,
        _person(session, wanted, run.facilitator, f"{where}, facilitator") or None,
    )
    known = find_cohort_by_name(session, programme, run.name)
    lines = [_new(run)] if known is None else list(_changes(known, facts, where))
    try:
        if known is None:
            cohort = open_run(session, Asked(wanted.workspace, wanted.by, programme.id), facts, now)
        else:
            cohort = change_run(session, known, facts, wanted.by, now) if lines else known
    except BotError as error:
        raise BotError(IN.format(where=where, text=error)) from error
    yield from lines
    yield from _people(session, wanted, run, cohort, now)


def _new(run: Run) -> str:
    return NEW_RUN.format(name=run.name, first=run.starts_on, last=run.ends_on)


def _changes(known: Cohort, facts: RunFacts, where: str) -> Iterator[str]:
    for name in ("starts_on", "ends_on", "space", "sponsor", "facilitator"):
        old, new = getattr(known, name), getattr(facts, name)
        if new is None and name in ("sponsor", "facilitator"):
            continue  # a file that names none leaves whoever it is
        yield from _difference(f"{where}, {name}", _day_or_text(old), _day_or_text(new))


def _day_or_text(value: date | str | None) -> str:
    return "" if value is None else str(value)


def _people(session: Session, wanted: Application, run: Run, cohort: Cohort, now: datetime) -> Iterator[str]:
    new = []
    for text in run.people:
        person = _person(session, wanted, text, f"run “{run.name}”, people")
        reason = reason_against(session, wanted.workspace, person)
        if reason is not None:
            told = reason.format(name=name_of(session, wanted.workspace, person))
            raise BotError(IN.format(where=f"run “{run.name}”, people", text=told))
        if find_enrolment_of(session, cohort, person) is None:  # who left is not drawn back by a file
            new.append(person)
    if new:
        enrol(session, Enrolling(wanted.workspace, wanted.by, cohort.id, tuple(new)), now)
    for person in new:
        yield ENROLS.format(run=run.name, name=name_of(session, wanted.workspace, person))


def _space(session: Session, wanted: Application, text: str, where: str) -> str:
    if not text:
        return ""
    name = text.removeprefix("#")
    if find_space(session, wanted.workspace, name) is not None:
        return name
    found = find_spaces_named(session, wanted.workspace, name)
    if len(found) != 1:
        wrong = (SEVERAL_SPACES if found else NO_SPACE).format(text=text)
        raise BotError(IN.format(where=where, text=wrong))
    return found[0]
