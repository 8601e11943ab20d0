"""Deciding about a talk: one of the two takes a time or lets it be, and afterwards each says how it went."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import talks as blocks
from bot.errors import BotError
from bot.interactions import Press
from bot.rules import talk_cards, talk_times
from bot.rules.attention import Started, has_acted
from bot.rules.budget import Urgency, Wish
from storage.people import is_left_out
from storage.session import Session
from storage.talks import Said, Talk, TalkState, get_talk, lock_talk


class NotYourTalk(BotError):
    """Only the two people of this talk can decide about it."""


class TalkWentOn(BotError):
    """This talk went on meanwhile; the newest message about it shows where it stands."""


class TimePassed(BotError):
    """This time is over already. Offer other times instead."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that cannot be taken as it is: what to say under which block."""

    by_block: dict[str, str]


def take(session: Session, press: Press, now: datetime) -> None:
    """Take one of the offered times, or keep the old one; raises NotYourTalk, TalkWentOn and TimePassed."""
    number, _, seconds = press.value.partition(":")
    talk = own_talk(session, press.workspace, number, press.person, lock=True)
    chosen = talk_times.instant_of(seconds)
    if talk.state == TalkState.AGREED and chosen == talk.starts_at:
        return  # pressed twice
    if talk.state != TalkState.OFFERED or talk.offered_by == press.person or chosen is None:
        raise TalkWentOn
    if chosen not in (*talk_cards.offers_of(talk), talk.starts_at):
        raise TalkWentOn
    if chosen <= now:
        raise TimePassed
    has_acted(session, talk.workspace, press.person, "answered about a talk")
    if chosen == talk.starts_at:
        _keep(session, talk, press, now)
    else:
        _agree(session, talk, chosen, press.person, now)


def let_be(session: Session, press: Press, now: datetime) -> None:
    """No talk for now: an agreed one leaves the calendars. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person, lock=True)
    if talk.state == TalkState.NOT_NEEDED:
        return
    if talk.state not in (TalkState.ASKED, TalkState.OFFERED, TalkState.AGREED):
        raise TalkWentOn
    was_offered = talk.state == TalkState.OFFERED
    talk_cards.take_out_of_calendars(session, talk, press.person, now)
    say(talk, press.person, Said.NOT_NEEDED)
    talk.state, talk.offers, talk.due_at = TalkState.NOT_NEEDED.value, [], None
    session.flush()
    if was_offered:
        _tell_other(session, talk, press, blocks.LINE_OFF, now)
        talk_cards.redraw(session, talk, now, only=press.person)
    else:
        talk_cards.redraw(session, talk, now)


def happened(session: Session, press: Press, now: datetime) -> None:
    """They talked: the other may now write a few words to the learner. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person, lock=True)
    if talk.state not in (TalkState.AGREED, TalkState.HELD):
        raise TalkWentOn
    if talk.starts_at is None or talk.starts_at > now:
        raise TalkWentOn  # an old card asks about a date that was moved since
    say(talk, press.person, Said.HAPPENED)
    talk.state, talk.due_at = TalkState.HELD.value, None
    session.flush()
    talk_cards.redraw(session, talk, now)


def own_talk(session: Session, workspace: str, number: object, person: str, *, lock: bool = False) -> Talk:
    """The talk with this number, as one of its two; raises NotYourTalk for everybody else."""
    found = (lock_talk if lock else get_talk)(session, workspace, _number(str(number)))
    if found is None or person not in talk_cards.people_of(found):
        raise NotYourTalk
    if is_left_out(session, workspace, person):
        raise NotYourTalk
    return found


def say(talk: Talk, person: str, said: Said) -> None:
    """Note what one of the two said about it."""
    if person == talk.learner:
        talk.learner_said = said.value
    else:
        talk.manager_said = said.value


def stands_again(session: Session, talk: Talk) -> None:
    """The old date, which was to be moved, is still the one that counts."""
    talk.state, talk.offers, talk.due_at = TalkState.AGREED.value, [], talk_cards.ends_at(talk)
    talk.learner_said, talk.manager_said = None, None
    session.flush()


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0  # noqa: PLR2004  fits any id


def _agree(session: Session, talk: Talk, chosen: datetime, by: str, now: datetime) -> None:
    """Fix the date; a calendar that has the talk already moves it by the higher number."""
    if talk.starts_at is not None or talk.sequence:
        talk.sequence += 1
    talk.starts_at = chosen
    stands_again(session, talk)
    talk_cards.redraw(session, talk, now)
    talk_cards.send_invites(session, talk, by, now)


def _keep(session: Session, talk: Talk, press: Press, now: datetime) -> None:
    """Nothing changes in the calendars; whoever wished to move it hears so."""
    stands_again(session, talk)
    _tell_other(session, talk, press, blocks.LINE_KEPT, now)
    talk_cards.redraw(session, talk, now, only=press.person)


def _tell_other(session: Session, talk: Talk, press: Press, line: str, now: datetime) -> None:
    other = talk_cards.other_of(talk, press.person)
    if other is None:
        return
    shown = talk_cards.picture(session, talk, other, now)
    once = f"talk:{talk.id}:answer:{talk.offered_at}:{talk.state}"
    wanted = Wish(
        talk.workspace,
        other,
        Started.TALK,
        once,
        blocks.line(line, shown),
        None,
        Urgency.REQUEST,
        asked_by=press.person,
    )
    talk_cards.present(session, talk, other, wanted, now)
