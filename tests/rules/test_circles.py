"""Circles: brought together by wish, a question a week, and what happens when somebody leaves."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.interactions import Press
from bot.rules import circle_words, circles
from bot.rules.attention import Started, stop
from bot.rules.circle_words import (
    NotYourCircle,
    NotYourInvitation,
)
from bot.rules.letters import Refused, Sent
from bot.rules.preferences import Preferences, store_preferences
from storage.circles import Circle, CircleState, CircleWeek, find_circles, find_members
from storage.outbox import OutboxRow
from storage.people import Person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Database, Session
from tests.rules.nouns import T, letters, open_world

MONDAY = datetime(2027, 3, 1, 9, tzinfo=UTC)
PEOPLE = ("UASHA", "UMARA", "UTOM", "UEVE", "UBEN", "UKIM")


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """Six people of one cohort whose programme has ended."""
    for session in open_world(database):
        for person in PEOPLE:
            known = session.get(Person, (T, person)) or Person(
                workspace=T, id=person, name=person[1:].title()
            )
            known.tz, known.welcome_because = "Europe/Lisbon", "was enrolled"
            session.merge(known)
        session.flush()
        yield session


def enrolled(world: Session, *people: str) -> list[Enrolment]:
    """These people finished the programme, and each was asked, twice."""
    programme = Programme(
        workspace=T, key="new-manager", title="New manager", check_ins=[], items=[], closing=[],
        circle_questions=["What was hard?", "What held?"], made_at=MONDAY,
    )  # fmt: skip
    world.add(programme)
    world.flush()
    cohort = Cohort(
        workspace=T, programme=programme.id, name="spring", starts_on=date(2027, 1, 4),
        ends_on=date(2027, 3, 1), state="ended", made_at=MONDAY,
    )  # fmt: skip
    world.add(cohort)
    world.flush()
    found = []
    for person in people:
        enrolment = Enrolment(
            workspace=T, cohort=cohort.id, person=person, state="completed", enrolled_at=MONDAY, step="done",
            completed_on=date(2027, 3, 1), completed_how="date",
        )  # fmt: skip
        world.add(enrolment)
        world.flush()
        for _ in range(2):
            circles.invite(world, enrolment, MONDAY)
        found.append(enrolment)
    return found


def press(person: str, value: object, n: int = 1) -> Press:
    """A button."""
    return Press(T, person, "x", str(value), "trigger", "D1", "1.1", None, None, f"{n}.2")


def runs(world: Session, now: datetime) -> None:
    """The tick, twice."""
    for _ in range(2):
        circles.run_due(world, T, now)
        world.flush()


def opened(world: Session, channel: str = "G1") -> Circle:
    """Slack opened the conversation of the newest circle."""
    circle = world.query(Circle).order_by(Circle.id.desc()).first()
    assert circle is not None
    circle_words.settle_opened(world, Sent(T, f"circle:{circle.id}", channel, "", None), circle_day(world))
    world.flush()
    return circle


def circle_day(world: Session) -> datetime:
    """When circles are formed: a week after the end, at the hour of the first."""
    del world
    return MONDAY + timedelta(days=7)


def formed(world: Session, *people: str) -> Circle:
    """These wished for a circle, and its conversation is open."""
    for enrolment in enrolled(world, *people):
        circle_words.join(world, press(enrolment.person, enrolment.id), MONDAY)
    runs(world, circle_day(world))
    return opened(world)


def in_circle(world: Session, channel: str = "G1") -> list[str]:
    """What was said in the circle's conversation."""
    return [str(row.payload) for row in letters(world, to=channel)]


def openings(world: Session) -> list[OutboxRow]:
    """Conversations to be opened."""
    return letters(world, "conversations.open")


def test_everybody_is_asked_once_and_nobody_is_put_into_one_unasked(world: Session) -> None:
    """A circle is a wish; silence is a no."""
    asha, *_ = enrolled(world, *PEOPLE[:3])
    assert len(letters(world, to="UASHA")) == 1
    circle_words.join(world, press("UASHA", asha.id), MONDAY)
    runs(world, circle_day(world))
    assert world.query(Circle).count() == 0
    assert "not enough people" in str(letters(world, to="UASHA")[-1].payload)


def test_three_who_wish_are_brought_together(world: Session) -> None:
    """One conversation of the three, with a hello, and the first question the day after."""
    circle = formed(world, *PEOPLE[:3])
    assert [row.payload["users"] for row in openings(world)] == ["UASHA,UMARA,UTOM"]
    assert "Asha, Mara and Tom" in in_circle(world)[0]
    assert circle.due_at == datetime(2027, 3, 9, 9, tzinfo=UTC)
    runs(world, circle.due_at)
    assert "What was hard?" in in_circle(world)[1]
    assert len(in_circle(world)) == 2


def test_a_question_a_week_then_a_kind_end(world: Session) -> None:
    """Eight weeks, eight different questions, each once, and the circle ends."""
    circle = formed(world, *PEOPLE[:3])
    while circle.due_at is not None:
        runs(world, circle.due_at)
    said = in_circle(world)
    assert len(said) == 1 + 8 + 1
    assert len(set(said)) == 10
    assert "What held?" in said[2]
    assert "your 8 weeks" in said[-1]
    assert circle.state == CircleState.ENDED


def test_after_downtime_one_question_comes_not_five(world: Session) -> None:
    """What was missed is not made up for all at once."""
    circle = formed(world, *PEOPLE[:3])
    assert circle.due_at is not None
    runs(world, circle.due_at + timedelta(days=42))
    assert circle.question == 1


def test_members_say_whether_they_met_and_can_change_their_mind(world: Session) -> None:
    """The last word counts, and nobody else has one."""
    circle = formed(world, *PEOPLE[:3])
    assert circle.due_at is not None
    runs(world, circle.due_at)
    value = f"{circle.id}:1"
    assert "noted" in circle_words.met(world, press("UASHA", value), MONDAY)
    circle_words.not_met(world, press("UASHA", value), MONDAY)
    assert world.get_one(CircleWeek, (circle.id, 1, "UASHA")).met is False
    for person, wrong in (("UBEN", value), ("UASHA", f"{circle.id}:2"), ("UASHA", "x:y"), ("UASHA", "")):
        with pytest.raises(NotYourCircle):
            circle_words.met(world, press(person, wrong), MONDAY)


def test_who_leaves_is_mentioned_and_two_go_on(world: Session) -> None:
    """Pressing twice changes nothing."""
    circle = formed(world, *PEOPLE[:3])
    for _ in range(2):
        circle_words.leave(world, press("UTOM", f"{circle.id}:0"), MONDAY)
    assert find_members(world, circle) == ["UASHA", "UMARA"]
    assert sum("Tom is no longer" in said for said in in_circle(world)) == 1


def test_one_who_is_left_alone_finds_another_circle(world: Session) -> None:
    """Ben stays when two leave, and joins the other three: a new conversation of four is opened."""
    for enrolment in enrolled(world, *PEOPLE):
        circle_words.join(world, press(enrolment.person, enrolment.id), MONDAY)
    runs(world, circle_day(world))
    first, second = find_circles(world, T, world.query(Cohort).one().id)
    stays, *leavers = find_members(world, second)
    for n, person in enumerate(leavers):
        circle_words.leave(world, press(person, f"{second.id}:0", n), MONDAY)
    assert second.state == CircleState.ENDED
    assert stays in find_members(world, first)
    assert openings(world)[-1].payload["users"].count(",") == 3


def test_who_is_gone_leaves_by_themselves(world: Session) -> None:
    """A deactivated account or somebody left out is no member any more at the next question."""
    circle = formed(world, *PEOPLE[:4])
    world.get_one(Person, (T, "UTOM")).is_deactivated = True
    assert circle.due_at is not None
    runs(world, circle.due_at)
    assert find_members(world, circle) == ["UASHA", "UEVE", "UMARA"]


def test_without_a_group_conversation_each_is_introduced(world: Session) -> None:
    """Slack refuses: everybody is told who the others are, and gets the questions in their own messages."""
    for enrolment in enrolled(world, *PEOPLE[:3]):
        circle_words.join(world, press(enrolment.person, enrolment.id), MONDAY)
    runs(world, circle_day(world))
    circle = world.query(Circle).one()
    about = f"circle:{circle.id}"
    circle_words.regret_opening(world, Refused(T, about, about, None, "missing_scope"), circle_day(world))
    assert "Mara and Tom" in str(letters(world, to="UASHA")[-1].payload)
    assert circle.due_at is not None
    runs(world, circle.due_at)
    assert "What was hard?" in str(letters(world, to="UASHA")[-1].payload)


def test_nobody_accepts_for_somebody_else(world: Session) -> None:
    """A forged value is refused."""
    (asha,) = enrolled(world, "UASHA")
    for value in (asha.id, 999, "x"):
        with pytest.raises(NotYourInvitation):
            circle_words.join(world, press("UMARA", value), MONDAY)
    assert asha.wants_circle is None


def test_leaving_the_programme_leaves_its_circle(world: Session) -> None:
    """Nothing is asked of them any more."""
    circle = formed(world, *PEOPLE[:3])
    tom = world.query(Enrolment).filter(Enrolment.person == "UTOM").one()
    circles.call_off(world, tom, MONDAY)
    assert "UTOM" not in find_members(world, circle)
    assert tom.wants_circle is False


@pytest.mark.parametrize("why", ["stopped these", "paused"])
def test_the_week_s_question_reaches_nobody_who_does_not_want_it(world: Session, why: str) -> None:
    """The conversation reaches everybody; when one wants none of it, the others are asked by themselves."""
    circle = formed(world, *PEOPLE[:3])
    due = circle.due_at
    assert due is not None
    if why == "paused":
        store_preferences(world, T, "UASHA", Preferences(pause_until=date(2027, 12, 1)))
    else:
        stop(world, T, "UASHA", Started.CIRCLE)
    before = len(in_circle(world))
    runs(world, due)
    assert circle.question == 1
    assert len(in_circle(world)) == before
    asked = {
        row.recipient
        for row in letters(world)
        if row.due_at <= due and row.recipient and "What was hard?" in str(row.payload)
    }
    assert asked == {"UMARA", "UTOM"}
