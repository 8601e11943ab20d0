"""When one of a talk's two leaves: the learner's talk is off, and a learner left without the other may choose anew."""

from datetime import datetime

from bot.blocks import talks as blocks
from bot.rules import talk_cards, talk_entries, talk_offers, talks
from bot.rules.attention import Started
from bot.rules.budget import Wish
from storage.programmes import Enrolment
from storage.session import Session
from storage.talks import Talk, TalkState, find_talks_of

STILL_ON = (TalkState.PLANNED, TalkState.ASKED, TalkState.OFFERED, TalkState.AGREED)


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """This person is deactivated or asked to be left out; safe to repeat."""
    for talk in find_talks_of(session, workspace, person, STILL_ON):
        if talk.learner == person:
            talks.call_off(session, session.get_one(Enrolment, talk.enrolment), now)
        else:
            _begin_again(session, talk, now)


def _begin_again(session: Session, talk: Talk, now: datetime) -> None:
    """The date leaves the learner's calendar, what was brought is brought no more, and they are asked with whom."""
    talk_cards.take_out_of_calendars(session, talk, None, now)
    talk_entries.bring(session, talk, (), now)
    gone, was_known = talk.manager, talk.state in (TalkState.OFFERED, TalkState.AGREED)
    talk.manager, talk.offered_by, talk.offered_at, talk.offers = None, None, None, []
    talk.manager_said = None
    if talk.state == TalkState.PLANNED:
        return
    talk.state, talk.due_at = TalkState.ASKED.value, talks.rests_at(session, talk, now)
    talk.manager = talk_offers.partner_of(session, talk)
    session.flush()
    if was_known:
        _ask_learner(session, talk, gone, now)
    else:
        talk_cards.redraw(session, talk, now)


def _ask_learner(session: Session, talk: Talk, gone: str | None, now: datetime) -> None:
    """They were waiting for somebody who is not here any more."""
    line = blocks.line(blocks.LINE_ASK, talk_cards.picture(session, talk, talk.learner, now))
    once = f"talk:{talk.id}:without:{gone}"
    wanted = Wish(talk.workspace, talk.learner, Started.TALK, once, line, None, not_after=talk.due_at)
    talk_cards.present(session, talk, talk.learner, wanted, now)
