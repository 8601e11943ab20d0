"""The cards of a talk in both people's messages, and the files for their calendars."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.blocks import talks as blocks
from bot.blocks.kit import escape, local_day
from bot.blocks.talk_invite import Invite, calendar_file
from bot.blocks.talks import Card, Time
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Wish, spend, wish
from bot.rules.naming import SOMEBODY, name_of
from bot.rules.working_time import Calendar
from storage import outbox, outbox_cards
from storage.outbox import Letter
from storage.outbox_files import send_file
from storage.people import find_person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session
from storage.talks import Said, Talk, TalkState

PROMISE_DAYS = (
    2  # working days of the one who is asked: feedback soon beats feedback late (Kettle & Häubl 2010)
)
NO_ANSWER_DAYS = 3
_SAID = {TalkState.HELD: (Said.HAPPENED,), TalkState.NOT_NEEDED: (Said.NOT_NEEDED,)}
FILE = "talk.ics"


def picture(session: Session, talk: Talk, reader: str, now: datetime) -> Card:
    """The talk as this person (one of the two) sees it, in their own time zone."""
    calendar = calendar_of(session, talk.workspace, reader, now)
    other = other_of(talk, reader)
    chooser = other_of(talk, talk.offered_by) if talk.offered_by else None
    quiet_since = _answer_day(session, talk, chooser, NO_ANSWER_DAYS, now)
    return Card(
        talk=talk.id,
        state=talk.state,
        is_learner=reader == talk.learner,
        learner=name_of(session, talk.workspace, talk.learner),
        other=name_of(session, talk.workspace, other) if other else "",
        programme=programme_title(session, talk),
        offers=[_shown(instant, calendar) for instant in offers_of(talk)],
        offered_by_me=talk.offered_by == reader,
        again=talk.offered_by not in (None, talk.learner),
        answer_by=_answer_by(session, talk, chooser, calendar, now),
        starts=_shown(talk.starts_at, calendar) if talk.starts_at else None,
        minutes=talk.minutes,
        is_over=talk.starts_at is not None and ends_at(talk) <= now,
        has_feedback=talk.sealed_feedback is not None,
        no_answer=quiet_since is not None and quiet_since <= now,
        said_by_me=_word_of(talk, reader) in _SAID.get(TalkState(talk.state), ()),
    )


def letter(session: Session, talk: Talk, person: str, now: datetime) -> Letter:
    """The card as a message that the app starts."""
    message = blocks.card(picture(session, talk, person, now), started=True)
    known = find_person(session, talk.workspace, person)
    dm = known.dm if known else None
    return outbox.post_to_person(talk.workspace, person, message.payload(), dm=dm, about=about(talk, person))


def present(session: Session, talk: Talk, person: str, wanted: Wish, now: datetime) -> None:
    """A new card, so that the person notices; an older one says that it went on below."""
    if not outbox_cards.take_back(session, talk.workspace, about(talk, person)):
        outbox_cards.redraw(session, talk.workspace, about(talk, person), blocks.moved_on().payload(), now)
    wish(session, replace(wanted, letter=letter(session, talk, person, now)), now)


def redraw(session: Session, talk: Talk, now: datetime, *, only: str | None = None) -> None:
    """Both cards (or `only` that of one) show where the talk stands now; nobody is notified."""
    for person in [only] if only else people_of(talk):
        card = blocks.card(picture(session, talk, person, now))
        outbox_cards.redraw(session, talk.workspace, about(talk, person), card.payload(), now)


def send_invites(session: Session, talk: Talk, by: str, now: datetime) -> None:
    """The agreed time as a file for both calendars; the same event moves when it was there before."""
    for person in people_of(talk):
        _send_file(session, talk, person, by, now, called_off=False)


def take_out_of_calendars(session: Session, talk: Talk, by: str | None, now: datetime) -> None:
    """An agreed talk that is still to come leaves both calendars; `by` is who wished it, if one of them did."""
    if talk.starts_at is None:
        return
    talk.sequence += 1
    if talk.starts_at > now:
        for person in people_of(talk):
            _send_file(session, talk, person, by, now, called_off=True)
    talk.starts_at = None


def people_of(talk: Talk) -> list[str]:
    """The learner, and the other once there is one."""
    return [talk.learner] if talk.manager is None else [talk.learner, talk.manager]


def other_of(talk: Talk, person: str) -> str | None:
    """The other of the two."""
    return talk.manager if person == talk.learner else talk.learner


def offers_of(talk: Talk) -> list[datetime]:
    """The offered instants."""
    return [datetime.fromisoformat(offer) for offer in talk.offers]


def ends_at(talk: Talk) -> datetime:
    """When an agreed talk is over; raises ValueError for one without a date."""
    if talk.starts_at is None:
        raise ValueError("This talk has no date.")
    return talk.starts_at + timedelta(minutes=talk.minutes)


def about(talk: Talk, person: str) -> str:
    """What the letters about a talk to one of the two are filed under."""
    return f"talk:{talk.id}:{person}"


def programme_title(session: Session, talk: Talk) -> str:
    """What the programme is called that the talk belongs to."""
    enrolment = session.get_one(Enrolment, talk.enrolment)
    cohort = session.get_one(Cohort, enrolment.cohort)
    return session.get_one(Programme, cohort.programme).title


def in_words(instant: datetime, calendar: Calendar) -> str:
    """A time as this person's own clock shows it: "Tuesday 3 November, 14:00"."""
    return f"{local_day(instant, calendar.zone)}, {instant.astimezone(calendar.zone):%H:%M}"


def _shown(instant: datetime, calendar: Calendar) -> Time:
    return Time(instant, f"{in_words(instant, calendar)} ({_whose_clock(calendar)})")


def _whose_clock(calendar: Calendar) -> str:
    """The zone as people say it: "Kolkata time"."""
    key = calendar.zone.key
    return f"{key.rpartition('/')[2].replace('_', ' ')} time" if "/" in key else key


def _answer_by(session: Session, talk: Talk, chooser: str | None, reader: Calendar, now: datetime) -> str:
    day = _answer_day(session, talk, chooser, PROMISE_DAYS, now)
    return "" if day is None else local_day(day, reader.zone)


def _answer_day(
    session: Session, talk: Talk, chooser: str | None, days: int, now: datetime
) -> datetime | None:
    """The end of that working day of the one who chooses, counted from when the times were offered."""
    if talk.state != TalkState.OFFERED or talk.offered_at is None or chooser is None:
        return None
    theirs = calendar_of(session, talk.workspace, chooser, now, heeds_pause=False)
    return theirs.at(theirs.add_working_days(theirs.today(talk.offered_at), days))


def _word_of(talk: Talk, person: str) -> str | None:
    return talk.learner_said if person == talk.learner else talk.manager_said


def _send_file(
    session: Session, talk: Talk, person: str, by: str | None, now: datetime, *, called_off: bool
) -> None:
    """The file, which answers what `by` did and counts as a message for the other."""
    known = find_person(session, talk.workspace, person)
    if talk.starts_at is None or known is None or known.left_out or known.is_deactivated:
        return
    calendar = calendar_of(session, talk.workspace, person, now)
    other = name_of(session, talk.workspace, other_of(talk, person) or "")
    invite = Invite(
        uid=talk.uid,
        sequence=talk.sequence,
        starts_at=talk.starts_at,
        minutes=talk.minutes,
        title=_title(session, talk),
        description=blocks.EVENT.format(programme=programme_title(session, talk)),
        zone=calendar.zone,
        made_at=now,
        called_off=called_off,
    )
    words = blocks.FOR_CALENDAR_MOVED if talk.sequence else blocks.FOR_CALENDAR
    words = blocks.FOR_CALENDAR_OFF if called_off else words
    comment = words.format(other=escape(other), time=in_words(talk.starts_at, calendar))
    once = f"talk_file:{talk.id}:{talk.sequence}:{person}"
    file = send_file(talk.workspace, person, FILE, calendar_file(invite), comment, dm=known.dm, once=once)
    outbox.enqueue(session, file, now)
    if person != by:
        line = blocks.LINE_DATE.format(other=escape(other))
        spend(session, talk.workspace, person, Started.TALK, once, line, now)


def _title(session: Session, talk: Talk) -> str:
    learner = name_of(session, talk.workspace, talk.learner)
    partner = name_of(session, talk.workspace, talk.manager) if talk.manager else SOMEBODY
    return blocks.EVENT_TITLE.format(learner=learner, partner=partner)
