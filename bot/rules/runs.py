"""Runs of programmes: their dates, space, sponsor and facilitator, and what is due for each person in them."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks import programmes_words as words
from bot.blocks.kit import escape
from bot.errors import BotError, NotFound
from bot.rules import completion
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Urgency, Wish, wish
from bot.rules.programmes import (
    Asked,
    MayNotMake,
    MayNotRun,
    NoSuchProgramme,
    cohort_for,
    may_make,
    may_run,
    standing_of,
)
from storage.people import find_person, get_person, log_act
from storage.programmes import (
    Cohort,
    CohortState,
    CompletedHow,
    Enrolment,
    EnrolmentState,
    EnrolmentStep,
    Programme,
)
from storage.programmes_finding import (
    find_cohort_by_name,
    find_enrolment_of,
    find_enrolments,
    find_enrolments_of,
    find_programme,
)
from storage.session import Session

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


class NotInRun(NotFound):
    """This person is not in the run. Enrol them first, in `/learn programme`."""


class NameTaken(BotError):
    """This programme has a run of that name already. Choose another name, such as the month it begins."""


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


@dataclass(frozen=True, slots=True)
class Completion:
    """Somebody (`by`, None for the command line or a learning system) says that a person has finished."""

    workspace: str
    by: str | None
    cohort: int
    person: str
    on: date | None = None  # None: today, where they live
    how: CompletedHow = CompletedHow.COMMAND


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
    log_act(session, asked.workspace, asked.by, "run opened", f"{programme.key} {cohort.id}", now)
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
    other = _of_name(session, cohort, facts.name)
    if other is not None and other.id != cohort.id:
        raise NameTaken
    cohort.name, cohort.space = facts.name, facts.space
    cohort.sponsor = facts.sponsor or (cohort.sponsor if by is None else None)
    cohort.facilitator = facts.facilitator or cohort.facilitator
    cohort.starts_on, cohort.ends_on = facts.starts_on, facts.ends_on
    session.flush()
    for enrolment in find_enrolments(session, cohort):
        plan_step(session, enrolment, cohort, now)
    return cohort


def _of_name(session: Session, cohort: Cohort, name: str) -> Cohort | None:
    programme = find_programme(session, cohort.workspace, cohort.programme)
    return find_cohort_by_name(session, programme, name) if programme is not None else None


def _check_people(session: Session, workspace: str, facts: RunFacts) -> None:
    for person in (facts.sponsor, facts.facilitator):
        if person is None:
            continue
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


def complete_one(session: Session, said: Completion, now: datetime) -> bool:
    """A person has finished; False when that was known. Raises NoSuchRun, MayNotRun and NotInRun."""
    cohort = cohort_for(session, Asked(said.workspace, said.by, said.cohort))
    enrolment = find_enrolment_of(session, cohort, said.person)
    if enrolment is None or enrolment.state == EnrolmentState.LEFT:
        raise NotInRun
    was_known = enrolment.completed_on is not None
    today = calendar_of(session, said.workspace, said.person, now).today(now)
    completion.complete(session, enrolment, min(said.on or today, today), said.how, now)
    return not was_known


def end_run(session: Session, asked: Asked, now: datetime) -> int:
    """The run ends today for everybody in it; for how many. Raises NoSuchRun and MayNotRun."""
    cohort = cohort_for(session, asked)
    ended = 0
    for enrolment in find_enrolments(session, cohort):
        if enrolment.state == EnrolmentState.ENROLLED:
            today = calendar_of(session, cohort.workspace, enrolment.person, now).today(now)
            completion.complete(session, enrolment, min(today, cohort.ends_on), CompletedHow.COMMAND, now)
            ended += 1
    if cohort.state != CohortState.CALLED_OFF:
        cohort.state = CohortState.ENDED.value
    log_act(session, asked.workspace, asked.by, "run ended", str(cohort.id), now)
    return ended


def call_off_run(session: Session, asked: Asked, now: datetime) -> None:
    """The run does not take place; whoever was in it hears of it in their morning note. Raises as `end_run` does."""
    cohort = cohort_for(session, asked)
    if cohort.state == CohortState.CALLED_OFF:
        return
    cohort.state = CohortState.CALLED_OFF.value
    programme = session.get_one(Programme, cohort.programme)
    for enrolment in find_enrolments(session, cohort):
        if enrolment.state == EnrolmentState.ENROLLED:
            completion.leave(session, enrolment, now)
            _say(session, enrolment, programme, now)
    log_act(session, asked.workspace, asked.by, "run called off", str(cohort.id), now)


def _say(session: Session, enrolment: Enrolment, programme: Programme, now: datetime) -> None:
    line = words.CALLED_OFF_LINE.format(title=escape(programme.title))
    wanted = Wish(
        enrolment.workspace,
        enrolment.person,
        Started.PROGRAMME,
        f"run_off:{enrolment.id}",
        line,
        None,
        Urgency.NOTE,
    )
    wish(session, wanted, now)


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody left the workplace or asked to be left out: they are on the way in no programme any more.

    What comes after a programme is ended by its own nouns; whoever had finished one has.
    """
    del now
    for enrolment in find_enrolments_of(session, workspace, person):
        if enrolment.state == EnrolmentState.ENROLLED:
            enrolment.state = EnrolmentState.LEFT
        enrolment.step, enrolment.due_at = EnrolmentStep.DONE, None
        enrolment.goal, enrolment.goal_confirmed_by = "", None
    session.flush()
