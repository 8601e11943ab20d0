"""Goals: a week before a programme each learner names one, and the manager confirms it with one tap."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import programmes_cards as cards
from bot.blocks import programmes_words as words
from bot.blocks.kit import Modal, escape
from bot.errors import NotAllowed, NotFound
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Request, Urgency, Wish, request, wish
from bot.rules.cards import letter_to
from bot.rules.managers import manager_of
from bot.rules.naming import name_of
from bot.rules.plans_letters import stale_home
from storage import outbox_cards
from storage.people import is_left_out
from storage.programmes import Cohort, Enrolment, EnrolmentState, Programme
from storage.programmes_finding import find_enrolment, find_enrolments_of
from storage.session import Session


class NotYourGoal(NotAllowed):
    """This goal belongs to somebody else, so nothing changed."""


class NotInProgramme(NotFound):
    """You are not in this programme any more, so nothing changed."""


class ProgrammeOver(NotAllowed):
    """This programme is over, so its goal stays as it is. What you want to do now belongs in your `/learn plan`."""


class NothingToConfirm(NotFound):
    """This goal was changed or taken back meanwhile, so there is nothing left to confirm."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A person names their goal, or (`words` empty) looks at it."""

    workspace: str
    person: str
    enrolment: int
    words: str = ""


def ask(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Ask for the goal, unless it is named or the programme has begun; asking twice is asking once."""
    shown = picture(session, enrolment)
    begins = calendar_of(session, enrolment.workspace, enrolment.person, now).at(shown.starts_on)
    if enrolment.goal or now >= begins:
        return
    letter = letter_to(
        session, enrolment.workspace, enrolment.person, cards.ask_goal(shown), about=about(enrolment)
    )
    line = words.GOAL_LINE.format(title=escape(shown.title))
    wanted = Wish(
        enrolment.workspace,
        enrolment.person,
        Started.PROGRAMME,
        f"{about(enrolment)}:{int(enrolment.enrolled_at.timestamp())}",
        line,
        letter,
        not_after=begins,
    )
    wish(session, wanted, now)


def open_form(session: Session, asked: Goal) -> Modal:
    """The form with what was named so far. Raises NotInProgramme and NotYourGoal."""
    enrolment = _own(session, asked)
    shown = picture(session, enrolment)
    return cards.goal_form(enrolment.id, shown.title, enrolment.goal, shown.manager)


def name(session: Session, named: Goal, now: datetime) -> None:
    """The person names their goal; the manager is asked to confirm it. The same words again change nothing.

    Raises NotInProgramme, ProgrammeOver and NotYourGoal.
    """
    enrolment = _own(session, named)
    if enrolment.state == EnrolmentState.COMPLETED:
        raise ProgrammeOver
    if enrolment.goal == named.words:
        return
    enrolment.goal, enrolment.goal_confirmed_by = named.words, None
    session.flush()
    _redraw(session, enrolment, now)
    _ask_manager(session, enrolment, now)
    stale_home(session, enrolment.workspace, enrolment.person, now)


def confirm(session: Session, asked: Goal, now: datetime) -> None:
    """The manager stands behind the goal; pressed twice it changes nothing. Raises NothingToConfirm and NotYourGoal."""
    enrolment = find_enrolment(session, asked.workspace, asked.enrolment)
    if enrolment is None or not enrolment.goal or enrolment.state == EnrolmentState.LEFT:
        raise NothingToConfirm
    if manager_of(session, enrolment.workspace, enrolment.person) != asked.person:
        raise NotYourGoal
    if enrolment.goal_confirmed_by == asked.person:
        return
    enrolment.goal_confirmed_by = asked.person
    session.flush()
    _redraw(session, enrolment, now)
    shown = picture(session, enrolment)
    learner = name_of(session, enrolment.workspace, enrolment.person)
    card = cards.ask_manager(learner, shown, enrolment.goal, confirmed=True)
    outbox_cards.redraw(
        session, enrolment.workspace, _about_manager(enrolment, asked.person), card.payload(), now
    )
    _tell_learner(session, enrolment, asked.person, shown.title, now)


def manager_known(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody's manager became known after they had named a goal: now it can be confirmed."""
    for enrolment in find_enrolments_of(session, workspace, person):
        waits = enrolment.state == EnrolmentState.ENROLLED and enrolment.goal_confirmed_by is None
        if waits and enrolment.goal:
            _redraw(session, enrolment, now)
            _ask_manager(session, enrolment, now)


def about(enrolment: Enrolment) -> str:
    """What the learner's card is filed under."""
    return f"goal:{enrolment.id}"


def picture(session: Session, enrolment: Enrolment) -> cards.Begin:
    """What cards about this enrolment show."""
    cohort = session.get_one(Cohort, enrolment.cohort)
    programme = session.get_one(Programme, cohort.programme)
    manager = manager_of(session, enrolment.workspace, enrolment.person)
    by = enrolment.enrolled_by
    return cards.Begin(
        enrolment.id,
        programme.title,
        programme.purpose,
        cohort.starts_on,
        cohort.ends_on,
        cohort.space,
        name_of(session, enrolment.workspace, by) if by else "",
        name_of(session, enrolment.workspace, manager) if manager else None,
    )


def _own(session: Session, asked: Goal) -> Enrolment:
    enrolment = find_enrolment(session, asked.workspace, asked.enrolment)
    if enrolment is None or enrolment.state == EnrolmentState.LEFT:
        raise NotInProgramme
    if is_left_out(session, asked.workspace, asked.person):
        raise NotInProgramme
    if enrolment.person != asked.person:
        raise NotYourGoal
    return enrolment


def _redraw(session: Session, enrolment: Enrolment, now: datetime) -> None:
    confirmed = enrolment.goal_confirmed_by
    by = name_of(session, enrolment.workspace, confirmed) if confirmed else None
    card = cards.goal_set(picture(session, enrolment), enrolment.goal, confirmed_by=by)
    outbox_cards.redraw(session, enrolment.workspace, about(enrolment), card.payload(), now)


def _ask_manager(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """One card for the manager, drawn anew when the goal changes."""
    manager = manager_of(session, enrolment.workspace, enrolment.person)
    if manager is None:
        return
    shown = picture(session, enrolment)
    learner = name_of(session, enrolment.workspace, enrolment.person)
    card = cards.ask_manager(learner, shown, enrolment.goal)
    key = _about_manager(enrolment, manager)
    line = words.CONFIRM_LINE.format(name=escape(learner), title=escape(shown.title))
    asked = Request(enrolment.workspace, manager, Started.PROGRAMME, key, line, enrolment.person, key)
    request(session, asked, card, now)
    outbox_cards.redraw(session, enrolment.workspace, key, card.payload(), now)


def _tell_learner(session: Session, enrolment: Enrolment, manager: str, title: str, now: datetime) -> None:
    line = words.CONFIRMED_LINE.format(
        name=escape(name_of(session, enrolment.workspace, manager)), title=escape(title)
    )
    once = f"goal_confirmed:{enrolment.id}:{manager}"
    wanted = Wish(
        enrolment.workspace,
        enrolment.person,
        Started.PROGRAMME,
        once,
        line,
        None,
        Urgency.NOTE,
        asked_by=manager,
    )
    wish(session, wanted, now)


def _about_manager(enrolment: Enrolment, manager: str) -> str:
    return f"goal_word:{enrolment.id}:{manager}"
