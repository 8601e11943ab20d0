"""Finding a date for a talk: one of the two offers times, the other takes one or offers others; both may let it be."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import talks as blocks
from bot.blocks.kit import Modal
from bot.errors import BotError
from bot.interactions import Press, Submission
from bot.rules import talk_cards, talk_times
from bot.rules.attention import Started, has_acted
from bot.rules.availability import calendar_of
from bot.rules.budget import Urgency, Wish
from bot.rules.naming import name_of
from storage.inbox import heard_before
from storage.people import find_person
from storage.session import Session
from storage.talks import Said, Talk, TalkState, get_talk, lock_talk

MAY_OFFER = (
    TalkState.ASKED,
    TalkState.OFFERED,
    TalkState.AGREED,
    TalkState.NOT_NEEDED,
    TalkState.LAPSED,
)


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


def open_form(session: Session, press: Press, now: datetime) -> Modal:
    """The form to offer times, with three that suit both calendars; raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person)
    if talk.state not in MAY_OFFER:
        raise TalkWentOn
    other = talk_cards.other_of(talk, press.person)
    name = name_of(session, talk.workspace, other) if other else ""
    return blocks.form(
        talk.id, name, talk_times.propose(session, talk, press.person, other, now), talk.minutes
    )


def offer(session: Session, form: Submission, now: datetime) -> Wrong | None:
    """Offer these times: the other gets a card to choose from. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, form.workspace, form.metadata.get("talk"), form.person, lock=True)
    other = talk_cards.other_of(talk, form.person) or form.words("partner")
    times, wrong = talk_times.read(session, talk.workspace, form, other, now)
    if talk.manager is None and form.person == talk.learner:
        wrong |= _check_partner(session, talk, other)
    if wrong:
        return Wrong(wrong)
    if talk.state not in MAY_OFFER:
        raise TalkWentOn
    if not heard_before(session, form.workspace, form.key, now):
        _store_offer(session, talk, form, other, times, now)
    return None


def take(session: Session, press: Press, now: datetime) -> None:
    """Take one of the offered times; raises NotYourTalk, TalkWentOn and TimePassed."""
    number, _, seconds = press.value.partition(":")
    talk = own_talk(session, press.workspace, number, press.person, lock=True)
    chosen = talk_times.instant_of(seconds)
    if talk.state == TalkState.AGREED and chosen == talk.starts_at:
        return  # pressed twice
    if talk.state != TalkState.OFFERED or talk.offered_by == press.person:
        raise TalkWentOn
    if chosen is None or chosen not in talk_cards.offers_of(talk):
        raise TalkWentOn
    if chosen <= now:
        raise TimePassed
    has_acted(session, talk.workspace, press.person, "answered about a talk")
    _agree(session, talk, chosen, now)


def let_be(session: Session, press: Press, now: datetime) -> None:
    """No talk for now: an agreed one leaves the calendars. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person, lock=True)
    if talk.state == TalkState.NOT_NEEDED:
        return
    if talk.state not in (TalkState.ASKED, TalkState.OFFERED, TalkState.AGREED):
        raise TalkWentOn
    talk_cards.take_out_of_calendars(session, talk, now)
    _say(talk, press.person, Said.NOT_NEEDED)
    talk.state, talk.offers, talk.due_at = TalkState.NOT_NEEDED.value, [], None
    session.flush()
    talk_cards.redraw(session, talk, now)


def happened(session: Session, press: Press, now: datetime) -> None:
    """They talked: the other may now write a few words to the learner. Raises NotYourTalk and TalkWentOn."""
    talk = own_talk(session, press.workspace, press.value, press.person, lock=True)
    if talk.state not in (TalkState.AGREED, TalkState.HELD):
        raise TalkWentOn
    _say(talk, press.person, Said.HAPPENED)
    talk.state, talk.due_at = TalkState.HELD.value, None
    session.flush()
    talk_cards.redraw(session, talk, now)


def own_talk(session: Session, workspace: str, number: object, person: str, *, lock: bool = False) -> Talk:
    """The talk with this number, as one of its two; raises NotYourTalk for everybody else."""
    find = lock_talk if lock else get_talk
    return _talk(find(session, workspace, _number(str(number))), person)


def _talk(found: Talk | None, person: str) -> Talk:
    if found is None or person not in talk_cards.people_of(found):
        raise NotYourTalk
    return found


def _number(value: str) -> int:
    return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else 0  # noqa: PLR2004  fits any id


def _say(talk: Talk, person: str, said: Said) -> None:
    if person == talk.learner:
        talk.learner_said = said.value
    else:
        talk.manager_said = said.value


def _store_offer(
    session: Session, talk: Talk, form: Submission, other: str, times: list[datetime], now: datetime
) -> None:
    if talk.state == TalkState.AGREED:
        _say(talk, form.person, Said.MOVED)
    if talk.manager is None:
        talk.manager = other
    theirs = calendar_of(session, talk.workspace, other, now, heeds_pause=False)
    quiet = theirs.at(theirs.add_working_days(theirs.today(now), talk_cards.NO_ANSWER_DAYS))
    talk.state, talk.offers = TalkState.OFFERED.value, [time.isoformat() for time in times]
    talk.offered_by, talk.offered_at = form.person, now
    talk.minutes = _minutes(form, talk.minutes)
    talk.due_at = min(quiet, max(times))
    session.flush()
    _ask_other(session, talk, form, other, now)


def _ask_other(session: Session, talk: Talk, form: Submission, other: str, now: datetime) -> None:
    has_acted(session, talk.workspace, form.person, "offered times for a talk")
    shown = talk_cards.picture(session, talk, other, now)
    wanted = Wish(
        talk.workspace,
        other,
        Started.TALK,
        f"talk:{talk.id}:offer:{form.view}",
        blocks.line(blocks.LINE_WISHES, shown),
        None,
        Urgency.REQUEST,
        asked_by=form.person,
        not_after=max(talk_cards.offers_of(talk)),
    )
    talk_cards.present(session, talk, other, wanted, now)
    talk_cards.redraw(session, talk, now)


def _agree(session: Session, talk: Talk, chosen: datetime, now: datetime) -> None:
    """Fix the date; a calendar that has the talk already moves it by the higher number."""
    if talk.starts_at is not None or talk.sequence:
        talk.sequence += 1
    talk.state, talk.offers, talk.starts_at = TalkState.AGREED.value, [], chosen
    talk.due_at = talk_cards.ends_at(talk)
    session.flush()
    talk_cards.redraw(session, talk, now)
    talk_cards.send_invites(session, talk, now)


def _check_partner(session: Session, talk: Talk, partner: str) -> dict[str, str]:
    if not partner:
        return {"partner": blocks.NOBODY}
    known = find_person(session, talk.workspace, partner)
    gone = known is not None and (known.is_bot or known.is_external or known.is_deactivated or known.left_out)
    return {"partner": blocks.NOT_THEM} if gone or partner == talk.learner else {}


def _minutes(form: Submission, before: int) -> int:
    chosen = form.words("minutes")
    return int(chosen) if chosen in {str(length) for length in blocks.LENGTHS} else before
