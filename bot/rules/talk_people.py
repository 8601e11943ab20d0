"""When one of a talk's two leaves: the learner's talk is off, and a learner left without the other may choose anew."""

from datetime import datetime

from bot.rules import talk_cards, talks
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
    """The date leaves the learner's calendar, and their card asks with whom they would like to talk."""
    talk_cards.take_out_of_calendars(session, talk, now)
    talk.manager, talk.offered_by, talk.offered_at, talk.offers = None, None, None, []
    if talk.state != TalkState.PLANNED:
        talk.state, talk.due_at = TalkState.ASKED.value, talks.rests_at(session, talk, now)
    session.flush()
    talk_cards.redraw(session, talk, now)
