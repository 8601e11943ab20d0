"""What members say to their circle's buttons, and what Slack says to opening its conversation."""

from datetime import datetime

from bot.blocks import circles as blocks
from bot.errors import BotError
from bot.interactions import Press
from bot.rules import circles
from bot.rules.attention import has_acted
from bot.rules.choices import read_choices
from bot.rules.circle_letters import about_invitation
from bot.rules.letters import Refused, Sent
from storage import circles as stored
from storage import outbox_cards
from storage.circles import Circle, CircleState
from storage.inbox import heard_before
from storage.programmes import Enrolment, EnrolmentState
from storage.session import Session


class NotYourCircle(BotError):
    """Only the members of this circle can say that."""


class NotYourInvitation(BotError):
    """This invitation is for somebody else."""


class LeftTheProgramme(BotError):
    """You are not in this programme any more, so there is no circle of it to join."""


class AlreadyInOne(BotError):
    """Your circle has begun. Its weekly question has a button to leave it."""


class CircleEnded(BotError):
    """This circle has ended, and there is nothing to leave. Thank you for being in it."""


def join(session: Session, press: Press, now: datetime) -> None:
    """Count me in; raises NotYourInvitation and LeftTheProgramme."""
    enrolment = _enrolment(session, press)
    if enrolment.state == EnrolmentState.LEFT:
        raise LeftTheProgramme
    if stored.find_circle_of(session, press.workspace, enrolment.cohort, press.person) is not None:
        return  # an old card; its circle is there
    circles.wish_for_one(session, enrolment, True, now)
    has_acted(session, press.workspace, press.person, "wished for a circle")
    card = blocks.joined(enrolment.id, read_choices(session, press.workspace).circle_size)
    outbox_cards.redraw(session, press.workspace, about_invitation(enrolment.id), card.payload(), now)


def decline(session: Session, press: Press, now: datetime) -> None:
    """No, thanks, or not after all; raises NotYourInvitation and AlreadyInOne."""
    enrolment = _enrolment(session, press)
    if stored.find_circle_of(session, press.workspace, enrolment.cohort, press.person) is not None:
        raise AlreadyInOne
    circles.wish_for_one(session, enrolment, False, now)
    card = blocks.declined(enrolment.id)
    outbox_cards.redraw(session, press.workspace, about_invitation(enrolment.id), card.payload(), now)


def met(session: Session, press: Press, now: datetime) -> str:
    """We met; raises NotYourCircle."""
    return _note(session, press, now, met=True)


def not_met(session: Session, press: Press, now: datetime) -> str:
    """Not this week; raises NotYourCircle."""
    return _note(session, press, now, met=False)


def leave(session: Session, press: Press, now: datetime) -> str:
    """I leave; raises NotYourCircle and CircleEnded. Pressed twice it changes nothing."""
    circle, _ = _circle(session, press, left_too=True)
    if heard_before(session, press.workspace, press.key, now) or not _is_in(session, circle, press):
        return blocks.LEFT_YOU
    if circle.state == CircleState.ENDED:
        raise CircleEnded
    circles.leave(session, circle, press.person, now)
    for enrolment in stored.find_enrolments(session, circle, press.person):
        enrolment.wants_circle = False
    return blocks.LEFT_YOU


def settle_opened(session: Session, sent: Sent, now: datetime) -> None:
    """The circle's conversation is open."""
    circle = stored.find_circle(session, sent.workspace, _number(sent.about.partition(":")[2]))
    if circle is not None and circle.state != CircleState.ENDED:
        circles.opened(session, circle, sent.channel, now)


def regret_opening(session: Session, refused: Refused, now: datetime) -> None:
    """Slack does not let us open one: introductions do."""
    circle = stored.find_circle(session, refused.workspace, _number(refused.about.partition(":")[2]))
    if circle is not None and circle.state != CircleState.ENDED:
        circles.not_opened(session, circle, now)


def _note(session: Session, press: Press, now: datetime, *, met: bool) -> str:
    circle, question = _circle(session, press)
    if not 1 <= question <= circle.question:
        raise NotYourCircle
    stored.store_week(session, circle, question, press.person, met, now)
    has_acted(session, press.workspace, press.person, "said whether their circle met")
    return blocks.SAID_MET if met else blocks.SAID_NOT_MET


def _circle(session: Session, press: Press, *, left_too: bool = False) -> tuple[Circle, int]:
    number, _, question = press.value.partition(":")
    circle = stored.find_circle(session, press.workspace, _number(number))
    if circle is None:
        raise NotYourCircle
    if not (_is_in(session, circle, press) or (left_too and stored.was_in(session, circle, press.person))):
        raise NotYourCircle
    return circle, _number(question)


def _is_in(session: Session, circle: Circle, press: Press) -> bool:
    return press.person in stored.find_members(session, circle)


def _enrolment(session: Session, press: Press) -> Enrolment:
    found = session.get(Enrolment, _number(press.value))
    if found is None or (found.workspace, found.person) != (press.workspace, press.person):
        raise NotYourInvitation
    return found


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0  # noqa: PLR2004  fits any id
