"""Talks: planned when a programme ends, asked for at day 21, and what becomes due until one was held or rests."""

import secrets
from datetime import datetime, timedelta

from bot.blocks import talks as blocks
from bot.rules import talk_cards, talk_dates, talk_offers
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Outcome, Urgency, Wish, wish
from bot.rules.choices import read_choices
from storage.programmes import Enrolment
from storage.session import Session
from storage.talks import Talk, TalkState, find_due_talks, find_talk_of, find_talks_of

MOST_AT_ONCE = 50
QUIET_DAYS = 3  # working days after which the one who offered hears that there is no answer
REST = timedelta(days=14)  # after the date; whoever says nothing until then is not asked any more
OPEN = (TalkState.ASKED, TalkState.OFFERED, TalkState.AGREED)


def plan_for(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """From the end of a programme: the learner is asked for a talk on day 21, so that it happens in week 5."""
    if find_talk_of(session, enrolment.workspace, enrolment.id) is not None or enrolment.completed_on is None:
        return
    talk = Talk(
        workspace=enrolment.workspace,
        enrolment=enrolment.id,
        learner=enrolment.person,
        state=TalkState.PLANNED.value,
        offers=[],
        uid=f"talk-{secrets.token_hex(12)}@commonplace",
        due_at=_asked_at(session, enrolment, now),
    )
    session.add(talk)
    session.flush()


def replan(session: Session, workspace: str, person: str, now: datetime) -> None:
    """The person's days, hour or zone changed: they are asked at their hour all the same."""
    for talk in find_talks_of(session, workspace, person, (TalkState.PLANNED,)):
        if talk.learner == person:
            talk.due_at = _asked_at(session, session.get_one(Enrolment, talk.enrolment), now)
    session.flush()


def _asked_at(session: Session, enrolment: Enrolment, now: datetime) -> datetime | None:
    if enrolment.completed_on is None:
        return None
    calendar = calendar_of(session, enrolment.workspace, enrolment.person, now)
    days = read_choices(session, enrolment.workspace).talk_asked_day
    return calendar.at(calendar.next_working_day(enrolment.completed_on + timedelta(days=days)))


def call_off(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """The learner left the programme: nothing is asked any more, and an agreed date leaves both calendars."""
    talk = find_talk_of(session, enrolment.workspace, enrolment.id)
    if talk is None or talk.state not in (TalkState.PLANNED, *OPEN):
        return
    talk_cards.take_out_of_calendars(session, talk, None, now)
    talk.state, talk.due_at = TalkState.CALLED_OFF.value, None
    session.flush()
    talk_cards.redraw(session, talk, now)


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do what is due about talks: ask for one, say that there is no answer, ask how it went, let it rest.

    True when some is left for another transaction.
    """
    due = find_due_talks(session, workspace, now, MOST_AT_ONCE)
    for talk in due:
        _STEPS[TalkState(talk.state)](session, talk, now)
        session.flush()
    return len(due) == MOST_AT_ONCE


def _ask(session: Session, talk: Talk, now: datetime) -> None:
    talk.state, talk.due_at = TalkState.ASKED.value, rests_at(session, talk, now)
    if talk.due_at <= now:  # we were away for so long that asking makes no sense any more
        talk.state, talk.due_at = TalkState.LAPSED.value, None
        return
    talk.manager = talk_offers.partner_of(session, talk)
    session.flush()
    letter = talk_cards.letter(session, talk, talk.learner, now)
    line = blocks.line(blocks.LINE_ASK, talk_cards.picture(session, talk, talk.learner, now))
    once, until = f"talk:{talk.id}:ask", talk.due_at
    wish(
        session,
        Wish(talk.workspace, talk.learner, Started.TALK, once, line, letter, not_after=until),
        now,
    )


def _rest(session: Session, talk: Talk, now: datetime) -> None:
    talk.state, talk.due_at = TalkState.LAPSED.value, None
    session.flush()
    talk_cards.redraw(session, talk, now)


def _look_for_answer(session: Session, talk: Talk, now: datetime) -> None:
    """No answer: say so once to whoever offered; when the last time has passed, an old date stands, or none."""
    last = max(talk_cards.offers_of(talk), default=now)
    if last <= now:
        _forget_offers(session, talk, now)
        return
    talk.due_at = last
    session.flush()
    _say_no_answer(session, talk, now)


def _forget_offers(session: Session, talk: Talk, now: datetime) -> None:
    if talk.starts_at is not None and talk.starts_at > now:
        talk_dates.stands_again(session, talk)
    else:
        talk_cards.take_out_of_calendars(session, talk, None, now)
        talk.state, talk.offers, talk.due_at = TalkState.ASKED.value, [], rests_at(session, talk, now)
        session.flush()
    talk_cards.redraw(session, talk, now)


def _say_no_answer(session: Session, talk: Talk, now: datetime) -> None:
    offerer = talk.offered_by or talk.learner
    shown = talk_cards.picture(session, talk, offerer, now)
    once = f"talk:{talk.id}:no_answer:{talk.offered_at}"
    line = blocks.line(blocks.LINE_NO_ANSWER, shown)
    wanted = Wish(talk.workspace, offerer, Started.TALK, once, line, None, Urgency.NOTE)
    if wish(session, wanted, now) is not Outcome.ALREADY:
        talk_cards.redraw(session, talk, now)


def _ask_how(session: Session, talk: Talk, now: datetime) -> None:
    """Ask both how it went; two weeks later nobody is asked any more."""
    ends = talk_cards.ends_at(talk)
    if now >= ends + REST:
        _rest(session, talk, now)
        return
    talk.due_at = ends + REST
    session.flush()
    for person in talk_cards.people_of(talk):
        shown = talk_cards.picture(session, talk, person, now)
        once, line = f"talk:{talk.id}:how:{talk.sequence}:{person}", blocks.line(blocks.LINE_HOW, shown)
        wanted = Wish(talk.workspace, person, Started.TALK, once, line, None, not_after=talk.due_at)
        talk_cards.present(session, talk, person, wanted, now)


def _forget(_session: Session, talk: Talk, _now: datetime) -> None:
    talk.due_at = None


def rests_at(session: Session, talk: Talk, now: datetime) -> datetime:
    """When a talk that nobody dates is let rest: at the end of the weeks that a plan has."""
    enrolment = session.get_one(Enrolment, talk.enrolment)
    calendar = calendar_of(session, talk.workspace, talk.learner, now)
    begun = enrolment.completed_on or calendar.today(now)
    return calendar.at(begun + timedelta(weeks=read_choices(session, talk.workspace).plan_weeks))


_STEPS = {
    TalkState.PLANNED: _ask,
    TalkState.ASKED: _rest,
    TalkState.OFFERED: _look_for_answer,
    TalkState.AGREED: _ask_how,
    TalkState.HELD: _forget,
    TalkState.NOT_NEEDED: _forget,
    TalkState.LAPSED: _forget,
    TalkState.CALLED_OFF: _forget,
}
