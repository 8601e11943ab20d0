"""Rosters: who is meant by an id, a mention, a name or an address; one roster is taken in whole or not at all."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.blocks import programmes_words as words
from bot.errors import BotError
from bot.roster_files import BadRoster, RosterLine, is_email, person_id
from bot.rules.enrolling import Enrolling, enrol, reason_against
from bot.rules.managers import set_manager
from bot.rules.naming import name_of
from bot.rules.programmes import Asked, cohort_for
from bot.rules.roles import is_admin
from bot.rules.runs import RunFacts, open_run
from bot.rules.runs_ending import Completion, check_day, complete_one
from storage.managers import Source
from storage.people import find_person
from storage.programmes import Cohort, CompletedHow, EnrolmentState, Programme
from storage.programmes_finding import (
    find_cohort_by_name,
    find_enrolment_of,
    find_people_named,
    find_programme_by_key,
)
from storage.session import Session


class UnknownPerson(BotError):
    """This person is not known here."""


@dataclass(frozen=True, slots=True)
class Roster:
    """A roster to take in; `emails` maps addresses to ids where Slack told us.

    Lines without a programme of their own belong to `cohort`; with neither they only tell managers.
    """

    workspace: str
    by: str | None
    lines: tuple[RosterLine, ...]
    emails: Mapping[str, str] = field(default_factory=dict)
    cohort: int | None = None
    completes: bool = False  # says who has finished, instead of who begins


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What a roster changed, as counts."""

    people: int
    enrolled: int = 0
    already: int = 0
    completed: int = 0
    managers: int = 0


@dataclass(slots=True)
class _Line:
    line: RosterLine
    person: str
    manager: str | None
    cohort: Cohort | None


def find_meant(session: Session, workspace: str, text: str, emails: Mapping[str, str]) -> str:
    """The id of the person whom this text means; raises UnknownPerson with what to write instead."""
    known_id = person_id(text)
    if known_id is not None:
        if find_person(session, workspace, known_id) is None:
            raise UnknownPerson(words.NO_SUCH_ID.format(text=text))
        return known_id
    if is_email(text):
        found = emails.get(text.casefold())
        if found is None:
            raise UnknownPerson(words.NO_SUCH_EMAIL.format(text=text))
        return found
    named = find_people_named(session, workspace, text.removeprefix("@").strip())
    if len(named) == 1:
        return named[0]
    raise UnknownPerson((words.SEVERAL_OF_NAME if named else words.NO_SUCH_NAME).format(text=text[:60]))


def take_in(session: Session, roster: Roster, now: datetime) -> TakenIn:
    """Everything that the roster says, or nothing of it; taking it in twice changes nothing more.

    Raises BadRoster with every line that cannot be taken in, and what `cohort_for` raises.
    """
    problems: list[str] = []
    with session.begin_nested():  # a mistake in the last line must not leave the first ones
        lines = _resolved(session, roster, problems, now)
        if problems:
            raise BadRoster(problems)
        _set_managers(session, roster, lines, problems, now)
        if problems:
            raise BadRoster(problems)
        if roster.completes:
            return _complete(session, roster, lines, now)
        return _enrol(session, roster, lines, now)


def _resolved(session: Session, roster: Roster, problems: list[str], now: datetime) -> list[_Line]:
    default = None
    if roster.cohort is not None:
        default = cohort_for(session, Asked(roster.workspace, roster.by, roster.cohort))
    found = []
    seen: dict[tuple[str, int | None], int] = {}
    for line in roster.lines:
        try:
            made = _resolve(session, roster, line, default, now)
            _check(session, roster, made, seen)
            check_day(line.completed_on, now.date())
        except BotError as error:
            problems.append(words.LINE.format(line=line.line, text=error))
        else:
            found.append(made)
    return found


def _resolve(
    session: Session, roster: Roster, line: RosterLine, default: Cohort | None, now: datetime
) -> _Line:
    person = find_meant(session, roster.workspace, line.person, roster.emails)
    manager = find_meant(session, roster.workspace, line.manager, roster.emails) if line.manager else None
    if manager is not None and roster.by is not None and not is_admin(session, roster.workspace, roster.by):
        raise BotError(words.ADMINS_TELL)
    return _Line(line, person, manager, _cohort(session, roster, line, default, now))


def _cohort(
    session: Session, roster: Roster, line: RosterLine, default: Cohort | None, now: datetime
) -> Cohort | None:
    if not line.programme:
        if line.cohort and default is None:
            raise BotError(words.WHICH_PROGRAMME)
        return default
    programme = find_programme_by_key(session, roster.workspace, line.programme)
    if programme is None:
        raise BotError(words.NO_SUCH_PROGRAMME.format(key=line.programme[:60]))
    cohort = find_cohort_by_name(session, programme, line.cohort)
    if cohort is not None:
        return cohort_for(session, Asked(roster.workspace, roster.by, cohort.id))
    return _open(session, roster, line, programme, now)


def _open(session: Session, roster: Roster, line: RosterLine, programme: Programme, now: datetime) -> Cohort:
    if not line.cohort or line.starts_on is None or line.ends_on is None or roster.completes:
        raise BotError(words.NO_SUCH_RUN.format(name=line.cohort[:60], key=line.programme[:60]))
    facts = RunFacts(line.cohort[:80], line.starts_on, line.ends_on)
    return open_run(session, Asked(roster.workspace, roster.by, programme.id), facts, now)


def _check(session: Session, roster: Roster, made: _Line, seen: dict[tuple[str, int | None], int]) -> None:
    key = (made.person, made.cohort.id if made.cohort is not None else None)
    first = seen.setdefault(key, made.line.line)
    if first != made.line.line:
        raise BotError(words.SAME_PERSON.format(who=made.line.person, first=first))
    if made.cohort is None:
        if made.manager is None:
            raise BotError(words.NOTHING_TO_DO)
        return
    if roster.completes:
        enrolment = find_enrolment_of(session, made.cohort, made.person)
        if enrolment is None or enrolment.state == EnrolmentState.LEFT:
            raise BotError(words.NOT_IN_RUN.format(who=made.line.person))
        return
    reason = reason_against(session, roster.workspace, made.person)
    if reason is not None:
        raise BotError(reason.format(name=name_of(session, roster.workspace, made.person)))


def _set_managers(
    session: Session, roster: Roster, lines: Iterable[_Line], problems: list[str], now: datetime
) -> None:
    for one in lines:
        if one.manager is None:
            continue
        try:
            set_manager(session, roster.workspace, one.person, one.manager, Source.ROSTER, roster.by, now)
        except BotError as error:
            problems.append(words.LINE.format(line=one.line.line, text=error))


def _enrol(session: Session, roster: Roster, lines: list[_Line], now: datetime) -> TakenIn:
    by_cohort: dict[int, list[str]] = {}
    for one in lines:
        if one.cohort is not None:
            by_cohort.setdefault(one.cohort.id, []).append(one.person)
    enrolled = already = 0
    for cohort, people in by_cohort.items():
        done = enrol(session, Enrolling(roster.workspace, roster.by, cohort, tuple(people)), now)
        enrolled, already = enrolled + len(done.enrolled), already + len(done.already)
    managers = sum(one.manager is not None for one in lines)
    return TakenIn(len(lines), enrolled, already, _finish(session, roster, lines, now), managers)


def _complete(session: Session, roster: Roster, lines: list[_Line], now: datetime) -> TakenIn:
    completed = _finish(session, roster, lines, now)
    return TakenIn(len(lines), completed=completed, already=len(lines) - completed)


def _finish(session: Session, roster: Roster, lines: list[_Line], now: datetime) -> int:
    """Who has finished: in a roster that says so all of them, in any other those with a day; for how many it is new."""
    completed = 0
    for one in lines:
        if one.cohort is not None and (roster.completes or one.line.completed_on is not None):
            said = Completion(
                roster.workspace,
                roster.by,
                one.cohort.id,
                one.person,
                one.line.completed_on,
                CompletedHow.CSV,
            )
            completed += complete_one(session, said, now)
    return completed
