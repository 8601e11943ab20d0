"""How runs end: for one person who has finished, for everybody, or because they do not take place."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks import programmes_words as words
from bot.blocks.kit import escape
from bot.errors import BotError, NotFound
from bot.rules import completion
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Urgency, Wish, wish
from bot.rules.programmes import Asked, cohort_for, standing_of
from bot.rules.programmes_weeks import plan_week
from storage.people import log_act
from storage.programmes import (
    CohortState,
    CompletedHow,
    Enrolment,
    EnrolmentState,
    EnrolmentStep,
    Programme,
)
from storage.programmes_finding import find_enrolment_of, find_enrolments, find_enrolments_of
from storage.session import Session

A_YEAR = timedelta(days=366)


class NotInRun(NotFound):
    """This person is not in the run. Enrol them first, in `/learn programme`."""


class StillToCome(BotError):
    """This day is still to come: say who has finished when they have, or leave the date out for today."""


class LongAgo(BotError):
    """This day is more than a year ago, when no question about it makes sense any more. Please check the year."""


class NotBegun(BotError):
    """This run has not begun yet. To have it not take place, choose “Call it off”."""


@dataclass(frozen=True, slots=True)
class Completion:
    """Somebody (`by`, None for the command line or a learning system) says that a person has finished."""

    workspace: str
    by: str | None
    cohort: int
    person: str
    on: date | None = None  # None: today, where they live
    how: CompletedHow = CompletedHow.COMMAND


def complete_one(session: Session, said: Completion, now: datetime) -> bool:
    """A person has finished; False when that was known. Raises as `check_day`, and NoSuchRun, MayNotRun, NotInRun."""
    cohort = cohort_for(session, Asked(said.workspace, said.by, said.cohort))
    enrolment = find_enrolment_of(session, cohort, said.person)
    if enrolment is None or enrolment.state == EnrolmentState.LEFT:
        raise NotInRun
    was_known = enrolment.completed_on is not None
    today = calendar_of(session, said.workspace, said.person, now).today(now)
    check_day(said.on, today)
    completion.complete(session, enrolment, min(said.on or today, today), said.how, now)
    return not was_known


def check_day(on: date | None, today: date) -> None:
    """Raise StillToCome for a day that is nowhere today yet, and LongAgo for one after which no check-in would come."""
    if on is not None and on > today + timedelta(days=1):
        raise StillToCome
    if on is not None and on < today - A_YEAR:
        raise LongAgo


def end_run(session: Session, asked: Asked, now: datetime) -> int:
    """The run ends today for everybody in it; for how many. Raises NoSuchRun, MayNotRun and NotBegun."""
    cohort = cohort_for(session, asked)
    if standing_of(cohort, now) == CohortState.PLANNED:
        raise NotBegun
    ended = 0
    for enrolment in find_enrolments(session, cohort):
        if enrolment.state == EnrolmentState.ENROLLED:
            today = calendar_of(session, cohort.workspace, enrolment.person, now).today(now)
            completion.complete(session, enrolment, min(today, cohort.ends_on), CompletedHow.COMMAND, now)
            ended += 1
    if cohort.state != CohortState.CALLED_OFF:
        cohort.state = CohortState.ENDED.value
    plan_week(session, cohort, now)
    log_act(session, asked.workspace, asked.by, "run ended", str(cohort.id), now)
    return ended


def call_off_run(session: Session, asked: Asked, now: datetime) -> None:
    """The run does not take place, and whoever was in it hears of it. Raises NoSuchRun and MayNotRun."""
    cohort = cohort_for(session, asked)
    if cohort.state == CohortState.CALLED_OFF:
        return
    cohort.state = CohortState.CALLED_OFF.value
    programme = session.get_one(Programme, cohort.programme)
    for enrolment in find_enrolments(session, cohort):
        if enrolment.state == EnrolmentState.ENROLLED:
            completion.leave(session, enrolment, now)
            _say(session, enrolment, programme, now)
    plan_week(session, cohort, now)
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
        finished = enrolment.state == EnrolmentState.COMPLETED
        enrolment.step, enrolment.due_at = EnrolmentStep.LEFT if finished else EnrolmentStep.DONE, None
        enrolment.goal, enrolment.goal_confirmed_by = "", None
    session.flush()
