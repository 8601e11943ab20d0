"""Circles: who wishes for one is brought together, gets a question a week, and goes on when somebody leaves."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.blocks import circles as blocks
from bot.rules import circle_letters as say
from bot.rules.availability import calendar_of
from bot.rules.choices import Choices, read_choices
from bot.rules.circle_groups import form_groups
from bot.rules.working_time import Calendar
from storage import circles as stored
from storage.circles import Circle, CircleState
from storage.people import find_person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session

MOST_AT_ONCE = 20
TIME_TO_ANSWER = timedelta(days=7)
WEEK = timedelta(days=7)


def invite(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """At the end of a programme: ask whether this person wishes for a circle; they are formed a week later."""
    cohort = session.get_one(Cohort, enrolment.cohort)
    if cohort.circles_at is None:
        _form_at(session, cohort, enrolment.person, now)
    if enrolment.wants_circle is None:
        say.invite(session, enrolment, cohort, now)


def call_off(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """The person left the programme, and so its circle."""
    enrolment.wants_circle = False
    circle = stored.find_circle_of(session, enrolment.workspace, enrolment.cohort, enrolment.person)
    if circle is not None:
        leave(session, circle, enrolment.person, now)


def wish_for_one(session: Session, enrolment: Enrolment, wants: bool, now: datetime) -> None:
    """The person's own word; who comes late is brought together with others a week later."""
    enrolment.wants_circle = wants
    cohort = session.get_one(Cohort, enrolment.cohort)
    if wants and cohort.circles_at is None:
        _form_at(session, cohort, enrolment.person, now)
    session.flush()


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Form circles whose time has come, and bring each its question; True when some is left for another transaction."""
    cohorts = stored.find_due_cohorts(session, workspace, now, MOST_AT_ONCE)
    for cohort in cohorts:
        cohort.circles_at = None
        _form(session, cohort, now)
        session.flush()
    circles = stored.find_due_circles(session, workspace, now, MOST_AT_ONCE)
    for circle in circles:
        _go_on(session, circle, now)
        session.flush()
    return MOST_AT_ONCE in (len(cohorts), len(circles))


def opened(session: Session, circle: Circle, channel: str, now: datetime) -> None:
    """The circle's own conversation is there (None of its words is ever read)."""
    if circle.channel == channel:
        return
    is_new = circle.channel is None and circle.question == 0
    circle.channel = channel
    say.hello(session, circle, now) if is_new else say.new_place(session, circle, now)
    say.placed(session, circle, now)
    _begin(session, circle, now)


def not_opened(session: Session, circle: Circle, now: datetime) -> None:
    """No group conversation can be opened: each is told who the others are, and gets the questions alone."""
    circle.channel = None
    say.introduce(session, circle, now)
    _begin(session, circle, now)


def leave(session: Session, circle: Circle, person: str, now: datetime) -> None:
    """Somebody leaves: the others hear it and go on among themselves; one left alone finds another circle.

    Slack lets nobody out of a group conversation, so they go on in a new one: who left is asked nothing more, and
    reads nothing of it.
    """
    if circle.state == CircleState.ENDED or not stored.take_out(session, circle, person, now):
        return
    members = stored.find_members(session, circle)
    say.left(session, circle, person, now)
    if len(members) > 1:
        say.open_conversation(session, circle, now)
        return
    circle.state, circle.due_at = CircleState.ENDED.value, None
    for alone in members:
        stored.take_out(session, circle, alone, now)
        _find_place(session, session.get_one(Cohort, circle.cohort), alone, now, circle)


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """This person is deactivated or asked to be left out; safe to repeat."""
    for circle in stored.find_all_of(session, workspace, person):
        leave(session, circle, person, now)


def _form_at(session: Session, cohort: Cohort, person: str, now: datetime) -> None:
    calendar = _days(session, cohort.workspace, person, now)
    cohort.circles_at = calendar.at(calendar.next_working_day(calendar.today(now) + TIME_TO_ANSWER))
    session.flush()


def _form(session: Session, cohort: Cohort, now: datetime) -> None:
    choices = read_choices(session, cohort.workspace)
    people = {
        enrolment.person: _hours(session, cohort.workspace, enrolment.person, now)
        for enrolment in stored.find_unplaced(session, cohort.workspace, cohort.id)
        if _is_here(session, cohort.workspace, enrolment.person)
    }
    met = stored.find_pairs(session, cohort.workspace, people)
    groups, left = form_groups(
        people, met, size=choices.circle_size, most=choices.circle_most, seed=cohort.id
    )
    for group in groups:
        _open(session, cohort, group, choices, now)
    for person in left:
        if not _find_place(session, cohort, person, now, None):
            say.too_few(session, cohort, person, now)


def _open(session: Session, cohort: Cohort, people: list[str], choices: Choices, now: datetime) -> None:
    today = calendar_of(session, cohort.workspace, people[0], now).today(now)
    circle = Circle(
        workspace=cohort.workspace,
        cohort=cohort.id,
        state=CircleState.OPENING.value,
        starts_on=today,
        ends_on=today + timedelta(weeks=choices.circle_weeks),
    )
    session.add(circle)
    session.flush()
    for person in people:
        stored.place(session, circle, person, now)
    say.open_conversation(session, circle, now)


def _begin(session: Session, circle: Circle, now: datetime) -> None:
    circle.state = CircleState.MEETING.value
    if circle.due_at is None:
        circle.due_at = _next_time(session, circle, now)
    session.flush()


def _next_time(session: Session, circle: Circle, now: datetime) -> datetime:
    """The next working day of the first of them, at their hour."""
    first, *_ = stored.find_members(session, circle)
    return _days(session, circle.workspace, first, now).next_time(now)


def _go_on(session: Session, circle: Circle, now: datetime) -> None:
    """The next question, or the end; who is gone meanwhile has left."""
    members = stored.find_members(session, circle)
    gone = [person for person in members if not _is_here(session, circle.workspace, person)]
    for person in gone:
        leave(session, circle, person, now)
    if circle.state != CircleState.MEETING:
        return
    if gone:  # the question waits for their new conversation
        circle.due_at = _next_time(session, circle, now)
        return
    questions = questions_of(session, circle)
    if circle.question >= len(questions):
        _end(session, circle, len(questions), now)
        return
    circle.question += 1
    circle.due_at = _next_week(session, circle, now)
    session.flush()
    say.ask(session, circle, questions[circle.question - 1], len(questions), now)


def questions_of(session: Session, circle: Circle) -> list[str]:
    """One question for each week of this circle: the programme's own, then ours."""
    cohort = session.get_one(Cohort, circle.cohort)
    own = [str(words) for words in session.get_one(Programme, cohort.programme).circle_questions]
    weeks = (circle.ends_on - circle.starts_on).days // 7
    return [*own, *blocks.FALLBACK[len(own) :]][:weeks] or list(blocks.FALLBACK)


def _next_week(session: Session, circle: Circle, now: datetime) -> datetime:
    """A week on by the date, at the same person's hour; after a long downtime still in the future."""
    first, *_ = stored.find_members(session, circle)
    calendar = _days(session, circle.workspace, first, now)
    return calendar.at(calendar.next_working_day(calendar.today(now) + WEEK))


def _end(session: Session, circle: Circle, weeks: int, now: datetime) -> None:
    circle.state, circle.due_at = CircleState.ENDED.value, None
    session.flush()
    say.goodbye(session, circle, weeks, now)


def _find_place(session: Session, cohort: Cohort, person: str, now: datetime, left: Circle | None) -> bool:
    """A place in another circle of the cohort, where nobody sat with this person before."""
    most = read_choices(session, cohort.workspace).circle_most
    for circle in stored.find_circles(session, cohort.workspace, cohort.id):
        members = stored.find_members(session, circle)
        met = stored.find_pairs(session, cohort.workspace, [person])
        if len(members) < most and not any(frozenset((person, other)) in met for other in members):
            stored.place(session, circle, person, now)
            say.open_conversation(session, circle, now)
            return True
    if left is not None:
        say.alone(session, cohort, person, left, now)
    return False


def _days(session: Session, workspace: str, person: str, now: datetime) -> Calendar:
    """One person's working days, whether they are away or not: the circle belongs to the others, too."""
    return replace(calendar_of(session, workspace, person, now), leaves=())


def _hours(session: Session, workspace: str, person: str, now: datetime) -> float:
    offset = now.astimezone(calendar_of(session, workspace, person, now).zone).utcoffset()
    return (offset or timedelta()).total_seconds() / 3600


def _is_here(session: Session, workspace: str, person: str) -> bool:
    known = find_person(session, workspace, person)
    return known is not None and not (known.is_deactivated or known.left_out or known.is_bot)
