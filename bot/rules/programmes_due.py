"""What comes due in programmes: the goal a week before the start, and the end, each at its person's hour."""

from datetime import datetime

from bot.rules import goals
from bot.rules.availability import calendar_of
from bot.rules.completion import complete
from bot.rules.runs import plan_step
from storage.programmes import Cohort, CompletedHow, Enrolment, EnrolmentStep
from storage.programmes_finding import find_due_enrolments
from storage.session import Session

MOST_AT_ONCE = 50


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do some of what is due; whether there may be more."""
    due = find_due_enrolments(session, workspace, now, MOST_AT_ONCE)
    for enrolment in due:
        _STEPS.get(EnrolmentStep(enrolment.step), _rest)(session, enrolment, now)
    return len(due) == MOST_AT_ONCE


def _goal(session: Session, enrolment: Enrolment, now: datetime) -> None:
    goals.ask(session, enrolment, now)
    enrolment.step = EnrolmentStep.END
    plan_step(session, enrolment, session.get_one(Cohort, enrolment.cohort), now)


def _end(session: Session, enrolment: Enrolment, now: datetime) -> None:
    cohort = session.get_one(Cohort, enrolment.cohort)
    today = calendar_of(session, enrolment.workspace, enrolment.person, now).today(now)
    if today < cohort.ends_on:  # a move to the west: the day has not come here
        plan_step(session, enrolment, cohort, now)
        return
    complete(session, enrolment, cohort.ends_on, CompletedHow.DATE, now)


def _rest(session: Session, enrolment: Enrolment, now: datetime) -> None:
    del now
    enrolment.due_at = None
    session.flush()


_STEPS = {EnrolmentStep.GOAL: _goal, EnrolmentStep.END: _end}
