"""What is said to circles and their members; the circle's own conversation is written to and never read."""

from dataclasses import replace
from datetime import datetime

from bot.blocks import circles as blocks
from bot.blocks.kit import Message
from bot.rules.attention import Started
from bot.rules.budget import Wish, spend, wants, wish
from bot.rules.choices import read_choices
from bot.rules.naming import name_of
from storage import outbox, outbox_cards
from storage.circles import Circle, CircleState, find_enrolments, find_members
from storage.outbox import Letter, LetterKind
from storage.people import find_person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Session


def invite(session: Session, enrolment: Enrolment, cohort: Cohort, now: datetime) -> None:
    """Ask once whether somebody wishes for a circle."""
    programme = _programme(session, cohort)
    weeks = read_choices(session, cohort.workspace).circle_weeks
    message = blocks.invitation(enrolment.id, programme, weeks)
    once = f"circle:ask:{enrolment.id}:{int(enrolment.enrolled_at.timestamp())}"
    line = blocks.about_programme(blocks.LINE, programme)
    about = about_invitation(enrolment.id)
    wanted = _wish(cohort.workspace, enrolment.person, once, line, cohort.circles_at)
    _start(session, wanted, message, now, about)


def about_invitation(enrolment: int) -> str:
    """What the invitation is filed under."""
    return f"circle_invitation:{enrolment}"


def open_conversation(session: Session, circle: Circle, now: datetime) -> None:
    """Open the conversation of these members; opening it twice gives the same one."""
    members = find_members(session, circle)
    letter = Letter(
        circle.workspace,
        f"circle:{circle.id}",
        {"users": ",".join(members)},
        kind=LetterKind.STATE,
        method="conversations.open",
        slot=f"circle:{circle.id}",
        about=f"circle:{circle.id}",
    )
    outbox.enqueue(session, letter, now)


def hello(session: Session, circle: Circle, now: datetime) -> None:
    """The first words."""
    weeks = (circle.ends_on - circle.starts_on).days // 7
    message = blocks.hello(_names(session, circle), _programme_of(session, circle), weeks)
    _spend(session, circle, f"circle:hello:{circle.id}", now)
    to_circle(session, circle, message, now)


def new_place(session: Session, circle: Circle, now: datetime) -> None:
    """The first words in another conversation, after somebody came or left."""
    _spend(session, circle, f"circle:place:{circle.id}:{circle.channel}", now)
    to_circle(session, circle, blocks.new_place(_names(session, circle)), now)


def goodbye(session: Session, circle: Circle, weeks: int, now: datetime) -> None:
    """The last words."""
    if circle.channel is not None:
        _spend(session, circle, f"circle:last:{circle.id}", now)
        to_circle(session, circle, blocks.last(weeks), now)


def placed(session: Session, circle: Circle, now: datetime) -> None:
    """The invitations show the circle that came of them."""
    for person in find_members(session, circle):
        names = _names(session, circle, without=person)
        for enrolment in find_enrolments(session, circle, person):
            card = blocks.placed(names).payload()
            outbox_cards.redraw(session, circle.workspace, about_invitation(enrolment.id), card, now)


def left(session: Session, circle: Circle, person: str, now: datetime) -> None:
    """The others hear who is not with them any more."""
    name, members = name_of(session, circle.workspace, person), find_members(session, circle)
    if circle.channel is not None:
        to_circle(session, circle, blocks.left(name, goes_on=len(members) > 1), now)
        return
    if len(members) < 2 or circle.state != CircleState.MEETING:  # noqa: PLR2004  nobody to go on with
        return
    programme = _programme_of(session, circle)
    line = blocks.about_programme(blocks.LINE_LEFT, programme, [name])
    for member in members:
        message = blocks.left_told(name, _names(session, circle, without=member), programme)
        once = f"circle:left:{circle.id}:{person}:{member}"
        _start(session, _wish(circle.workspace, member, once, line), message, now)


def introduce(session: Session, circle: Circle, now: datetime) -> None:
    """Tell each member who the others are."""
    programme, weeks = _programme_of(session, circle), (circle.ends_on - circle.starts_on).days // 7
    for person in find_members(session, circle):
        names = _names(session, circle, without=person)
        line = blocks.about_programme(blocks.LINE_INTRODUCTION, programme, names)
        others = "+".join(one for one in find_members(session, circle) if one != person)
        once = f"circle:introduction:{circle.id}:{person}:{others}"
        message = blocks.introduction(names, programme, weeks)
        _start(session, _wish(circle.workspace, person, once, line), message, now)


def ask(session: Session, circle: Circle, words: str, of: int, now: datetime) -> None:
    """The week's question, in the circle's conversation or to each member.

    In the conversation, which they wished for, it counts for each and reaches everybody: so when one of them paused or
    stopped such messages, each is asked by themselves.
    """
    shown = blocks.question(circle.id, circle.question, words, of)
    once = f"circle:question:{circle.id}:{circle.question}"
    members = find_members(session, circle)
    if circle.channel is not None and all(
        wants(session, circle.workspace, person, Started.CIRCLE, now) for person in members
    ):
        _spend(session, circle, once, now)
        to_circle(session, circle, blocks.in_circle(shown), now)
        return
    programme = _programme_of(session, circle)
    line = blocks.about_programme(blocks.LINE_WEEK, programme)
    for person in members:
        message = blocks.to_member(shown, programme)
        wanted = _wish(circle.workspace, person, f"{once}:{person}", line, circle.due_at)
        _start(session, wanted, message, now)


def too_few(session: Session, cohort: Cohort, person: str, now: datetime) -> None:
    """Not enough people yet, said once."""
    programme = _programme(session, cohort)
    text = blocks.about_programme(blocks.TOO_FEW, programme)
    once = f"circle:too_few:{cohort.id}:{person}"
    _start(session, _wish(cohort.workspace, person, once, text), blocks.told(text, programme), now)


def alone(session: Session, cohort: Cohort, person: str, left: Circle, now: datetime) -> None:
    """Everybody else left."""
    programme = _programme(session, cohort)
    text = blocks.about_programme(blocks.ALONE, programme)
    once = f"circle:alone:{left.id}:{person}"
    _start(session, _wish(cohort.workspace, person, once, text), blocks.told(text, programme), now)


def to_circle(session: Session, circle: Circle, message: Message, now: datetime) -> None:
    """Say something in the circle's own conversation, if it has one.

    We never read there, so nobody could find out whether a doubtful letter arrived: it is sent at most once.
    """
    if circle.channel is not None:
        payload = {**message.payload(), "channel": circle.channel}
        letter = Letter(circle.workspace, circle.channel, payload, kind=LetterKind.EPHEMERAL)
        outbox.enqueue(session, letter, now)


def _start(session: Session, wanted: Wish, message: Message, now: datetime, about: str | None = None) -> None:
    known = find_person(session, wanted.workspace, wanted.person)
    dm = known.dm if known else None
    letter = outbox.post_to_person(wanted.workspace, wanted.person, message.payload(), dm=dm, about=about)
    wish(session, replace(wanted, letter=letter), now)


def _wish(workspace: str, person: str, once: str, line: str, not_after: datetime | None = None) -> Wish:
    return Wish(workspace, person, Started.CIRCLE, once, line, None, not_after=not_after)


def _spend(session: Session, circle: Circle, once: str, now: datetime) -> None:
    """What is said to all counts for each."""
    line = blocks.about_programme(blocks.LINE_WEEK, _programme_of(session, circle))
    for person in find_members(session, circle):
        spend(session, circle.workspace, person, Started.CIRCLE, f"{once}:{person}", line, now)


def _names(session: Session, circle: Circle, without: str = "") -> list[str]:
    people = find_members(session, circle)
    return [name_of(session, circle.workspace, person) for person in people if person != without]


def _programme_of(session: Session, circle: Circle) -> str:
    return _programme(session, session.get_one(Cohort, circle.cohort))


def _programme(session: Session, cohort: Cohort) -> str:
    return session.get_one(Programme, cohort.programme).title
