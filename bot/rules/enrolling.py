"""Enrolling: one rule for every way in; who cannot be enrolled is named with the reason."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import programmes_cards as cards
from bot.blocks import programmes_words as words
from bot.blocks.kit import escape
from bot.rules.attention import Started, has_acted
from bot.rules.budget import Urgency, Wish, wish
from bot.rules.cards import letter_to
from bot.rules.managers import manager_of
from bot.rules.naming import name_of
from bot.rules.plans_letters import stale_home
from bot.rules.programmes import Asked, cohort_for, standing_of
from bot.rules.runs import RunEnded, plan_step
from storage.people import find_person
from storage.programmes import Cohort, CohortState, Enrolment, EnrolmentState, EnrolmentStep, Programme
from storage.programmes_finding import find_enrolment_of
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Enrolling:
    """Somebody (`by`, None for the command line) enrols people in a run."""

    workspace: str
    by: str | None
    cohort: int
    people: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Refused:
    """Somebody who cannot be enrolled, and why."""

    person: str
    why: str


@dataclass(frozen=True, slots=True)
class Enrolled:
    """Who is in now, who was before, and who cannot be."""

    enrolled: tuple[str, ...]
    already: tuple[str, ...] = ()
    refused: tuple[Refused, ...] = ()


def reason_against(session: Session, workspace: str, person: str) -> str | None:
    """Why this person cannot be enrolled, with a place for their name; None when they can."""
    known = find_person(session, workspace, person)
    if known is None:
        return words.IS_UNKNOWN
    reasons = (
        (known.is_bot, words.IS_BOT),
        (known.is_deactivated, words.IS_GONE),
        (known.left_out, words.IS_LEFT_OUT),
        (known.is_external, words.IS_EXTERNAL),
    )
    return next((why for holds, why in reasons if holds), None)


def enrol(session: Session, wanted: Enrolling, now: datetime) -> Enrolled:
    """Enrol whoever can be; doing it again changes nothing. Raises NoSuchRun, MayNotRun and RunEnded."""
    cohort = cohort_for(session, Asked(wanted.workspace, wanted.by, wanted.cohort))
    if standing_of(cohort, now) in (CohortState.ENDED, CohortState.CALLED_OFF):
        raise RunEnded
    done: list[str] = []
    already: list[str] = []
    refused: list[Refused] = []
    for person in dict.fromkeys(wanted.people):
        reason = reason_against(session, wanted.workspace, person)
        if reason is not None:
            name = name_of(session, wanted.workspace, person)
            refused.append(Refused(person, reason.format(name=name)))
        elif _enrol_one(session, cohort, person, wanted.by, now):
            done.append(person)
        else:
            already.append(person)
    return Enrolled(tuple(done), tuple(already), tuple(refused))


def _enrol_one(session: Session, cohort: Cohort, person: str, by: str | None, now: datetime) -> bool:
    known = find_enrolment_of(session, cohort, person)
    if known is not None and known.state != EnrolmentState.LEFT:
        return False
    if known is None:
        known = Enrolment(
            workspace=cohort.workspace, cohort=cohort.id, person=person, enrolled_at=now, goal=""
        )
        session.add(known)
    known.state, known.enrolled_by = EnrolmentState.ENROLLED, by
    known.step = EnrolmentStep.GOAL
    session.flush()
    has_acted(session, cohort.workspace, person, "was enrolled")
    plan_step(session, known, cohort, now)
    _tell(session, known, cohort, now)
    stale_home(session, cohort.workspace, person, now)
    return True


def _tell(session: Session, enrolment: Enrolment, cohort: Cohort, now: datetime) -> None:
    """They hear who enrolled them, in what, and how to leave; a colleague's act goes at once."""
    workspace, by = enrolment.workspace, enrolment.enrolled_by
    programme = session.get_one(Programme, cohort.programme)
    known = manager_of(session, workspace, enrolment.person)
    manager = name_of(session, workspace, known) if known is not None else None
    shown = cards.Begin(
        enrolment.id,
        programme.title,
        programme.purpose,
        cohort.starts_on,
        cohort.ends_on,
        cohort.space,
        name_of(session, workspace, by) if by else "",
        manager,
    )
    card = cards.enrolled(shown)
    about = f"enrolment:{enrolment.id}"
    letter = letter_to(session, workspace, enrolment.person, card, about=about)
    line = words.ENROLLED_LINE.format(title=escape(programme.title))
    urgency = Urgency.REQUEST if by else Urgency.STARTED
    once = f"{about}:{int(enrolment.enrolled_at.timestamp())}"
    wanted = Wish(workspace, enrolment.person, Started.PROGRAMME, once, line, letter, urgency, asked_by=by)
    wish(session, wanted, now)
