"""Completion: one person's programme is over, and what comes after it begins; or they leave it, and nothing comes."""

from datetime import date, datetime

from bot.rules import check_ins, circles, plans, talks
from bot.rules.plans_letters import stale_home
from storage import outbox_cards
from storage.programmes import CompletedHow, Enrolment, EnrolmentState, EnrolmentStep
from storage.session import Session


def complete(session: Session, enrolment: Enrolment, on: date, how: str, now: datetime) -> None:
    """The programme is over for this person on a day where they live; the first word counts, repeating is safe.

    Whoever left it, before or after the end, is not drawn back.
    """
    if enrolment.state == EnrolmentState.LEFT or enrolment.step == EnrolmentStep.LEFT:
        return
    if enrolment.completed_on is None:
        enrolment.state = EnrolmentState.COMPLETED
        enrolment.completed_on, enrolment.completed_how = on, CompletedHow(how)
    enrolment.step, enrolment.due_at = EnrolmentStep.DONE, None
    session.flush()
    plans.invite(session, enrolment, now)
    check_ins.plan_for(session, enrolment, now)
    talks.plan_for(session, enrolment, now)
    circles.invite(session, enrolment, now)
    stale_home(session, enrolment.workspace, enrolment.person, now)


def leave(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """The person is in this programme no more: nothing is asked about it; what they wrote stays theirs.

    Whoever had finished it has: only what would still come does not.
    """
    if enrolment.state == EnrolmentState.LEFT:
        return
    has_finished = enrolment.state == EnrolmentState.COMPLETED
    if not has_finished:
        enrolment.state = EnrolmentState.LEFT
    enrolment.step, enrolment.due_at = EnrolmentStep.LEFT if has_finished else EnrolmentStep.DONE, None
    session.flush()
    for about in (
        f"enrolment:{enrolment.id}",
        f"goal:{enrolment.id}",
        f"circle_invitation:{enrolment.id}",
    ):
        outbox_cards.take_back(
            session, enrolment.workspace, about
        )  # what did not leave yet makes no sense any more
    for call_off in (plans.call_off, check_ins.call_off, talks.call_off, circles.call_off):
        call_off(session, enrolment, now)
    stale_home(session, enrolment.workspace, enrolment.person, now)
