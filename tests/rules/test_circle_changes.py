"""When somebody leaves a circle or changes their mind, who may press what, and what counts as a message."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.rules import circle_overview, circle_words, circles
from bot.rules.circle_words import AlreadyInOne, CircleEnded, LeftTheProgramme, NotYourCircle
from bot.rules.letters import Refused
from storage.attention import StartedMessage
from storage.circles import Circle, CircleWeek, find_members, find_pairs
from storage.people import Person
from storage.session import Session
from storage.settings import WORKSPACE, store_setting
from tests.rules.nouns import T, letters
from tests.rules.test_circles import (
    MONDAY,
    PEOPLE,
    circle_day,
    enrolled,
    formed,
    in_circle,
    opened,
    openings,
    press,
    runs,
)
from tests.rules.test_circles import world as world  # noqa: PLC0414  the fixture of its neighbour


def test_who_left_is_asked_and_told_nothing_more(world: Session) -> None:
    """Slack lets nobody out of a group conversation, so the others go on in a new one, with the next question there."""
    circle = formed(world, *PEOPLE[:3])
    circle_words.leave(world, press("UTOM", f"{circle.id}:0"), MONDAY)
    assert openings(world)[-1].payload["users"] == "UASHA,UMARA"
    opened(world, "G2")
    assert "Asha and Mara" in in_circle(world, "G2")[0]
    before = in_circle(world)
    assert circle.due_at is not None
    runs(world, circle.due_at)
    assert in_circle(world) == before
    assert "What was hard?" in in_circle(world, "G2")[1]


def test_the_question_waits_for_the_new_conversation_when_somebody_is_found_gone(world: Session) -> None:
    """It comes the day after, to those who are still there."""
    circle = formed(world, *PEOPLE[:3])
    world.get_one(Person, (T, "UTOM")).left_out = True
    assert circle.due_at is not None
    runs(world, circle.due_at)
    assert circle.question == 0
    opened(world, "G2")
    runs(world, circle.due_at)
    assert "What was hard?" in in_circle(world, "G2")[1]


def test_without_a_conversation_the_others_are_told_who_left(world: Session) -> None:
    """Each in their own messages, once; who left is not."""
    for enrolment in enrolled(world, *PEOPLE[:3]):
        circle_words.join(world, press(enrolment.person, enrolment.id), MONDAY)
    runs(world, circle_day(world))
    circle = world.query(Circle).one()
    about = f"circle:{circle.id}"
    circle_words.regret_opening(world, Refused(T, about, about, None, "missing_scope"), circle_day(world))
    for n in range(2):
        circle_words.leave(world, press("UTOM", f"{circle.id}:0", n), circle_day(world))
    said = "Tom is no longer in your circle"
    assert [sum(said in str(row.payload) for row in letters(world, to=person)) for person in PEOPLE[:3]] == [
        1,
        1,
        0,
    ]


def test_what_is_said_to_all_counts_for_each(world: Session) -> None:
    """The hello, each question and the goodbye are messages of the app to three people, and are counted as such."""
    circle = formed(world, *PEOPLE[:3])
    while circle.due_at is not None:
        runs(world, circle.due_at)
    counted = world.query(StartedMessage).filter(StartedMessage.person == "UASHA").all()
    said = [row.once for row in counted if not row.once.startswith("circle:ask:")]
    assert len(said) == 1 + 8 + 1


def test_twelve_weeks_have_twelve_questions(world: Session) -> None:
    """What is promised at the beginning is what comes: the programme's own, then ours, no two alike."""
    store_setting(world, T, WORKSPACE, "circle_weeks", 12)
    circle = formed(world, *PEOPLE[:3])
    questions = circles.questions_of(world, circle)
    assert (len(questions), len(set(questions)), questions[0]) == (12, 12, "What was hard?")
    assert "For 12 weeks" in in_circle(world)[0]


def test_a_wish_can_be_taken_back_until_the_circle_begins(world: Session) -> None:
    """Not after all; once it began, an old card says how to leave it."""
    asha, mara, tom, eve = enrolled(world, *PEOPLE[:4])
    for enrolment in (asha, mara, tom, eve):
        circle_words.join(world, press(enrolment.person, enrolment.id), MONDAY)
    assert "Not after all" in str(letters(world, to="UEVE")[-1].payload)
    circle_words.decline(world, press("UEVE", eve.id), MONDAY)
    runs(world, circle_day(world))
    circle = opened(world)
    assert find_members(world, circle) == ["UASHA", "UMARA", "UTOM"]
    assert "Your circle: Mara and Tom." in str(letters(world, to="UASHA")[0].payload)
    with pytest.raises(AlreadyInOne):
        circle_words.decline(world, press("UASHA", asha.id), MONDAY)
    circle_words.join(world, press("UASHA", asha.id), MONDAY)  # an old card: nothing changes
    assert "Your circle: Mara and Tom." in str(letters(world, to="UASHA")[0].payload)


def test_who_left_the_programme_is_not_counted_in(world: Session) -> None:
    """An old invitation says so instead of promising what will not come."""
    (asha,) = enrolled(world, "UASHA")
    asha.state = "left"
    world.flush()
    with pytest.raises(LeftTheProgramme):
        circle_words.join(world, press("UASHA", asha.id), MONDAY)


def test_old_buttons_after_the_end_get_a_sentence(world: Session) -> None:
    """Nothing is said in a conversation that belongs to the members by then."""
    circle = formed(world, *PEOPLE[:3])
    while circle.due_at is not None:
        runs(world, circle.due_at)
    before = in_circle(world)
    with pytest.raises(CircleEnded):
        circle_words.leave(world, press("UASHA", f"{circle.id}:8"), MONDAY)
    assert in_circle(world) == before


@pytest.mark.parametrize("rule", [circle_words.met, circle_words.not_met, circle_words.leave])
def test_only_members_press_a_circles_buttons(world: Session, rule: Callable[..., str]) -> None:
    """Neither somebody of the same run, nor a person of another workspace, nor who left (but for leaving again)."""
    circle = formed(world, *PEOPLE[:3])
    circle_words.leave(world, press("UTOM", f"{circle.id}:0"), MONDAY)
    opened(world, "G2")
    assert circle.due_at is not None
    runs(world, circle.due_at)
    value = f"{circle.id}:1"
    for wrong in (press("UBEN", value, 3), replace(press("UASHA", value, 4), workspace="T2")):
        with pytest.raises(NotYourCircle):
            rule(world, wrong, MONDAY)
    if rule is not circle_words.leave:
        with pytest.raises(NotYourCircle):
            rule(world, press("UTOM", value, 5), MONDAY)
    assert world.query(CircleWeek).count() == 0
    assert find_members(world, circle) == ["UASHA", "UMARA"]


def test_who_left_is_never_brought_together_with_the_same_people_again(world: Session) -> None:
    """In the next programme, too: Asha, Mara and Tom know each other, so three others are needed."""
    circle = formed(world, *PEOPLE[:3])
    circle_words.leave(world, press("UTOM", f"{circle.id}:0"), MONDAY)
    pairs = find_pairs(world, T, PEOPLE)
    assert frozenset(("UASHA", "UTOM")) in pairs
    assert find_pairs(world, "T2", PEOPLE) == set()


def test_the_page_of_the_plan_names_the_circle(world: Session) -> None:
    """Its members find their conversation there; nobody else sees a word of it."""
    formed(world, *PEOPLE[:3])
    (line,) = circle_overview.plan_lines(world, T, "UASHA")
    assert line.startswith("*Your circle:* Mara and Tom.")
    assert "among your direct messages" in line
    assert circle_overview.plan_lines(world, T, "UBEN") == []
