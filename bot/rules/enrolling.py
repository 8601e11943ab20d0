"""Enrolling: one rule for every way in; who cannot be enrolled is named with the reason."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import programmes_cards as cards
from bot.blocks import programmes_words as words
from bot.blocks.kit import escape
from bot.errors import BotError
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
from storage.programmes_finding import find_enrolment_of, find_members_of_space
from storage.session import Session
from storage.spaces import find_space, is_member

MOST_NAMED = 10


class NotInChannel(BotError):
    """I am not in this channel, so I don't know who is in it. Invite me with /invite, then try again."""


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


def people_in(session: Session, workspace: str, asker: str, channel: str) -> list[str]:
    """Everybody in a channel but apps, for somebody who may know it; raises NotInChannel."""
    space = find_space(session, workspace, channel)
    if space is None or not space.app_is_in:
        raise NotInChannel
    if space.is_private and not is_member(session, workspace, channel, asker):
        raise NotInChannel
    members = find_members_of_space(session, workspace, channel)
    known = [(one, find_person(session, workspace, one)) for one in members]
    return [one for one, person in known if person is None or not person.is_bot]


def say_enrolled(session: Session, workspace: str, done: Enrolled, listed: int = 0) -> str:
    """What became of it, for whoever did it; `listed` more people came by a list."""
    number = len(done.enrolled) + listed
    parts = [words.NOBODY_NEW if not number else words.ENROLLED.format(number=number)]
    if done.enrolled and not listed:
        parts = [words.ENROLLED_NAMES.format(names=_named(session, workspace, done.enrolled))]
    if done.already:
        parts.append(words.ALREADY_IN.format(names=_named(session, workspace, done.already)))
    return " ".join([*parts, *(escape(one.why) for one in done.refused[:MOST_NAMED])])


def _named(session: Session, workspace: str, people: Sequence[str]) -> str:
    names = [escape(name_of(session, workspace, one)) for one in people[:MOST_NAMED]]
    more = len(people) - len(names)
    return ", ".join(names) + (words.AND_MORE.format(number=more) if more else "")


def _enrol_one(session: Session, cohort: Cohort, person: str, by: str | None, now: datetime) -> bool:
    known = find_enrolment_of(session, cohort, person)
    if known is not None and known.state != EnrolmentState.LEFT:
        return False
    if known is None:
        known = Enrolment(
            workspace=cohort.workspace, cohort=cohort.id, person=person, enrolled_at=now, goal=""
        )
        session.add(known)
    else:  # they left, and begin anew
        known.enrolled_at, known.goal, known.goal_confirmed_by = now, "", None
        known.wants_circle = None
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
