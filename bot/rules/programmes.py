"""Programmes: who may make and run them, and how one becomes what a form or a file says, safely repeated."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.errors import BotError, NotAllowed, NotFound
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Week
from bot.rules.roles import is_admin, spaces_run_by
from storage.people import log_act
from storage.programmes import Cohort, CohortState, Programme, ProgrammeWeek, WeekContribution
from storage.programmes_finding import (
    find_cohort,
    find_programme,
    find_programme_by_key,
    find_voices,
    find_weeks,
    forget_voice,
    forget_week,
)
from storage.session import Session


class MayNotMake(NotAllowed):
    """Facilitators and admins make programmes. Ask one of them, or an admin to make you a facilitator."""


class MayNotRun(NotAllowed):
    """The facilitator of this run and the admins do that. Ask one of them."""


class MayNotSee(NotAllowed):
    """Results are for the sponsor and the facilitator of this run, and for admins."""


class NoSuchProgramme(NotFound):
    """This programme is not there any more. `/learn programme` shows those that are."""


class NoSuchRun(NotFound):
    """This run is not there any more. `/learn programme` shows those that are."""


class KeyTaken(BotError):
    """Another programme is called that already. Choose another short name."""


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody wants to do something with a programme or a run; `by` is None for the command line."""

    workspace: str
    by: str | None
    id: int = 0


def may_make(session: Session, workspace: str, person: str | None) -> bool:
    """Whether they may make and change programmes: admins, and facilitators of any space."""
    if person is None:
        return True
    return is_admin(session, workspace, person) or bool(spaces_run_by(session, workspace, person))


def may_run(session: Session, cohort: Cohort, person: str | None) -> bool:
    """Whether they may enrol people in this run and end it: its facilitator, and admins."""
    return person is None or person == cohort.facilitator or is_admin(session, cohort.workspace, person)


def may_see_results(session: Session, cohort: Cohort, person: str) -> bool:
    """Whether the results of this run are for them: sponsor, facilitator, admins."""
    if may_run(session, cohort, person) or person == cohort.sponsor:
        return True
    programme = find_programme(session, cohort.workspace, cohort.programme)
    return programme is not None and programme.sponsor == person


def programme_for(session: Session, asked: Asked) -> Programme:
    """A programme that they may change; raises NoSuchProgramme and MayNotMake."""
    programme = find_programme(session, asked.workspace, asked.id)
    if programme is None or programme.retired:
        raise NoSuchProgramme
    if not may_make(session, asked.workspace, asked.by):
        raise MayNotMake
    return programme


def cohort_for(session: Session, asked: Asked) -> Cohort:
    """A run that they may change; raises NoSuchRun and MayNotRun."""
    cohort = find_cohort(session, asked.workspace, asked.id)
    if cohort is None:
        raise NoSuchRun
    if not may_run(session, cohort, asked.by):
        raise MayNotRun
    return cohort


def standing_of(cohort: Cohort, now: datetime) -> CohortState:
    """Where a run is: what somebody decided, else what its dates say."""
    state = CohortState(cohort.state)
    if state in (CohortState.CALLED_OFF, CohortState.ENDED):
        return state
    if now.date() < cohort.starts_on:
        return CohortState.PLANNED
    return CohortState.RUNNING if now.date() <= cohort.ends_on else CohortState.ENDED


def spec_of(session: Session, programme: Programme) -> ProgrammeSpec:
    """The programme as it is stored, without its runs."""
    return ProgrammeSpec(
        programme.key,
        programme.title,
        programme.purpose,
        programme.subject,
        programme.sponsor or "",
        weeks_of(session, programme),
        tuple(
            CheckIn(int(one["day"]), str(one["question"]), bool(one.get("still_used")))
            for one in programme.check_ins
        ),
        tuple(Idea(str(one["when"]), str(one["then"]), int(one["days"])) for one in programme.items),
        tuple(programme.closing),
        tuple(programme.circle_questions),
    )


def weeks_of(session: Session, programme: Programme) -> tuple[Week, ...]:
    """The weeks of a programme, in their order."""
    voices = find_voices(session, programme)
    return tuple(
        Week(week.title, week.lesson, week.starter, tuple(voices.get(week.number, ())))
        for week in find_weeks(session, programme)
    )


def store_spec(
    session: Session, workspace: str, spec: ProgrammeSpec, by: str | None, now: datetime
) -> Programme:
    """The programme is as `spec` says from now on, its runs aside; what it already is stays untouched.

    Raises MayNotMake.
    """
    if not may_make(session, workspace, by):
        raise MayNotMake
    programme = find_programme_by_key(session, workspace, spec.key)
    if programme is None:
        programme = _new(session, workspace, spec, by, now)
    elif programme.retired or spec_of(session, programme) != replace(spec, runs=()):
        log_act(session, workspace, by, "programme changed", spec.key, now)
    _write(programme, spec)
    session.flush()
    _store_weeks(session, programme, spec.weeks, by)
    return programme


def _new(session: Session, workspace: str, spec: ProgrammeSpec, by: str | None, now: datetime) -> Programme:
    programme = Programme(workspace=workspace, key=spec.key, made_by=by, made_at=now)
    session.add(programme)
    log_act(session, workspace, by, "programme made", spec.key, now)
    return programme


def _write(programme: Programme, spec: ProgrammeSpec) -> None:
    programme.title, programme.purpose, programme.subject = spec.title, spec.purpose, spec.subject
    programme.sponsor, programme.retired = spec.sponsor or None, False
    _set(programme, "check_ins", [_as_json(one) for one in spec.check_ins])
    _set(programme, "items", [{"when": one.when, "then": one.then, "days": one.days} for one in spec.items])
    _set(programme, "closing", list(spec.closing))
    _set(programme, "circle_questions", list(spec.circle_questions))


def _as_json(one: CheckIn) -> dict[str, object]:
    return {"day": one.day, "question": one.question, "still_used": one.still_used}


def _set(programme: Programme, name: str, value: object) -> None:
    if getattr(programme, name) != value:
        setattr(programme, name, value)


def _store_weeks(session: Session, programme: Programme, weeks: Iterable[Week], by: str | None) -> None:
    known = {week.number: week for week in find_weeks(session, programme)}
    voices = find_voices(session, programme)
    number = 0
    for number, week in enumerate(weeks, 1):  # how many there are is used below
        row = known.get(number)
        if row is None:
            row = ProgrammeWeek(workspace=programme.workspace, programme=programme.id, number=number)
            session.add(row)
        row.title, row.lesson, row.starter = week.title, week.lesson, week.starter
        session.flush()
        _store_voices(session, programme, number, set(week.contributions), set(voices.get(number, ())), by)
    for gone in (known.keys() | voices.keys()) - set(range(1, number + 1)):
        forget_week(session, programme, gone)
    session.flush()


def _store_voices(
    session: Session, programme: Programme, number: int, wanted: set[str], there: set[str], by: str | None
) -> None:
    for link in sorted(wanted - there):
        session.add(
            WeekContribution(
                workspace=programme.workspace,
                programme=programme.id,
                number=number,
                link=link,
                placed_by=by,
            )
        )
    for link in there - wanted:
        forget_voice(session, programme, number, link)


def retire(session: Session, asked: Asked, now: datetime) -> None:
    """The programme is offered no more; its runs go on. Raises NoSuchProgramme and MayNotMake."""
    programme = programme_for(session, asked)
    programme.retired = True
    log_act(session, asked.workspace, asked.by, "programme retired", programme.key, now)


def silent_weeks(session: Session, programme: Programme) -> list[int]:
    """The weeks without a colleague's voice."""
    voices = find_voices(session, programme)
    return [week.number for week in find_weeks(session, programme) if not voices.get(week.number)]
