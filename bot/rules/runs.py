"""Runs of programmes: their dates, space, sponsor and facilitator, and when each person's next step comes."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.errors import BotError, NotFound
from bot.rules.availability import calendar_of
from bot.rules.programmes import (
    Asked,
    MayNotMake,
    MayNotRun,
    NoSuchProgramme,
    may_make,
    may_run,
    standing_of,
)
from bot.rules.programmes_weeks import plan_week
from bot.rules.runs_named import Named, named, say_named
from storage.people import find_person, get_person, log_act
from storage.programmes import (
    Cohort,
    CohortState,
    Enrolment,
    EnrolmentState,
    EnrolmentStep,
)
from storage.programmes_finding import (
    find_cohort_by_name,
    find_cohorts_of_facilitator,
    find_enrolments,
    find_enrolments_of,
    find_programme,
)
from storage.session import Session
from storage.spaces import find_space, is_member

GOAL_BEFORE = timedelta(days=7)
LONGEST = timedelta(days=2 * 366)


class DatesReversed(BotError):
    """The last day comes before the first. Choose a last day on or after it."""


class RunOver(BotError):
    """This last day is over already. Choose a last day that is today or later."""


class RunTooLong(BotError):
    """A run of more than two years is surely a slip. Choose an earlier last day."""


class RunEnded(NotFound):
    """This run is over, so nothing changed. Open a new one in `/learn programme`."""


class NameTaken(BotError):
    """This programme has a run of that name already. Choose another name, such as the month it begins."""


class NotThisSpace(BotError):
    """Choose a space that you can open yourself: I write there about the weeks."""


class NotThisPerson(BotError):
    """A sponsor or facilitator is a colleague who is still here: no app, and nobody who asked to be left out."""


@dataclass(frozen=True, slots=True)
class RunFacts:
    """What a run is to be; people and space by their ids."""

    name: str
    starts_on: date
    ends_on: date
    space: str | None = None
    sponsor: str | None = None
    facilitator: str | None = None


def check_dates(first: date, last: date, today: date) -> None:
    """Raise DatesReversed, RunOver or RunTooLong."""
    if last < first:
        raise DatesReversed
    if last < today:
        raise RunOver
    if last - first > LONGEST or first - today > LONGEST:
        raise RunTooLong


def open_run(session: Session, asked: Asked, facts: RunFacts, now: datetime) -> Cohort:
    """A new run of programme `asked.id`, or the one of this name as it is; whoever opens it runs it, unless it says so.

    Raises NoSuchProgramme, MayNotMake, NotThisPerson and what `check_dates` raises.
    """
    programme = find_programme(session, asked.workspace, asked.id)
    if programme is None:
        raise NoSuchProgramme
    if not may_make(session, asked.workspace, asked.by):
        raise MayNotMake
    known = find_cohort_by_name(session, programme, facts.name)
    if known is not None:
        return change_run(session, known, facts, asked.by, now)
    check_dates(facts.starts_on, facts.ends_on, now.date())
    _check_people(session, asked.workspace, facts)
    _check_space(session, asked.workspace, facts.space, asked.by)
    cohort = Cohort(
        workspace=asked.workspace,
        programme=programme.id,
        name=facts.name,
        state=CohortState.PLANNED.value,
        made_at=now,
        starts_on=facts.starts_on,
        ends_on=facts.ends_on,
        space=facts.space,
        sponsor=facts.sponsor or programme.sponsor,
        facilitator=facts.facilitator or asked.by,
    )
    session.add(cohort)
    session.flush()
    plan_week(session, cohort, now)
    log_act(session, asked.workspace, asked.by, "run opened", f"{programme.key} {cohort.id}", now)
    say_named(session, cohort, Named(), asked.by, now)
    return cohort


def change_run(session: Session, cohort: Cohort, facts: RunFacts, by: str | None, now: datetime) -> Cohort:
    """A run gets these facts; other dates move what is due for everybody in it. Raises as `open_run` does."""
    if not may_run(session, cohort, by):
        raise MayNotRun
    if (cohort.starts_on, cohort.ends_on) != (facts.starts_on, facts.ends_on):
        if standing_of(cohort, now) in (CohortState.ENDED, CohortState.CALLED_OFF):
            raise RunEnded
        check_dates(facts.starts_on, facts.ends_on, now.date())
    _check_people(session, cohort.workspace, facts)
    if facts.space != cohort.space:
        _check_space(session, cohort.workspace, facts.space, by)
    other = _of_name(session, cohort, facts.name)
    if other is not None and other.id != cohort.id:
        raise NameTaken
    before = named(cohort)
    cohort.name, cohort.space = facts.name, facts.space
    cohort.sponsor = facts.sponsor or (cohort.sponsor if by is None else None)
    cohort.facilitator = facts.facilitator or cohort.facilitator
    cohort.starts_on, cohort.ends_on = facts.starts_on, facts.ends_on
    session.flush()
    for enrolment in find_enrolments(session, cohort):
        plan_step(session, enrolment, cohort, now)
    plan_week(session, cohort, now)
    say_named(session, cohort, before, by, now)
    return cohort


def _of_name(session: Session, cohort: Cohort, name: str) -> Cohort | None:
    programme = find_programme(session, cohort.workspace, cohort.programme)
    return find_cohort_by_name(session, programme, name) if programme is not None else None


def _check_space(session: Session, workspace: str, space: str | None, by: str | None) -> None:
    """The app writes there for whoever chose it, so they must be able to open it themselves."""
    known = find_space(session, workspace, space) if space is not None and by is not None else None
    if known is not None and known.is_private and not is_member(session, workspace, known.id, by or ""):
        raise NotThisSpace


def _check_people(session: Session, workspace: str, facts: RunFacts) -> None:
    for person in (facts.sponsor, facts.facilitator):
        if person is not None:
            check_person(session, workspace, person)


def check_person(session: Session, workspace: str, person: str) -> None:
    """Raise NotThisPerson for who cannot stand behind a programme or look after a run."""
    known = find_person(session, workspace, person) or get_person(session, workspace, person)
    if known.is_bot or known.is_deactivated or known.left_out or known.is_external:
        raise NotThisPerson


def plan_step(session: Session, enrolment: Enrolment, cohort: Cohort, now: datetime) -> None:
    """When the next step of the programme itself comes: the goal a week before the start, then the end; safe to repeat.

    The end comes on the last day wherever the person lives, at their hour.
    """
    if enrolment.state != EnrolmentState.ENROLLED:
        return
    calendar = calendar_of(session, enrolment.workspace, enrolment.person, now)
    begins = calendar.at(cohort.starts_on)
    wanted = calendar.at(calendar.next_working_day(cohort.starts_on - GOAL_BEFORE))
    due = wanted if wanted > now else calendar.next_time(now)
    if enrolment.step == EnrolmentStep.GOAL and due < begins:
        enrolment.due_at = due
    else:
        enrolment.step, enrolment.due_at = EnrolmentStep.END, calendar.at(cohort.ends_on)
    session.flush()


def replan(session: Session, workspace: str, person: str, now: datetime) -> None:
    """This person's hour or days changed: their goals and ends come by the new ones."""
    for enrolment in find_enrolments_of(session, workspace, person):
        if enrolment.due_at is not None and enrolment.due_at > now:
            plan_step(session, enrolment, session.get_one(Cohort, enrolment.cohort), now)
    for cohort in find_cohorts_of_facilitator(session, workspace, person, now.date()):
        if cohort.week_due_at is not None and cohort.week_due_at > now:
            plan_week(session, cohort, now)
