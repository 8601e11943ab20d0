"""What a learner finds without asking: when the next question comes, and which helper has not answered."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.rules import check_in_overview, plans_notes
from bot.rules.check_in_acts import Act, go_on
from bot.rules.check_in_sending import record_sent
from bot.rules.plans_people import Word, decide_help
from storage.session import Database
from tests.rules.learning import at, finished, prompts, ticks
from tests.rules.nouns import T, arrives, letters, open_world
from tests.rules.planning import MONDAY, items, made, row

FRIDAY = date(2027, 3, 5)


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with Asha, Mara and Tom."""
    yield from open_world(database)


def lines(world: Session, person: str = "UMARA") -> list[str]:
    """What the page of the plan says of check-ins."""
    return check_in_overview.plan_lines(world, T, person, at("03-05 12:00"))


def test_the_plan_says_when_the_next_question_comes(world: Session) -> None:
    """Nothing before there is one, and nothing after the last."""
    assert lines(world) == []
    finished(world, "UMARA", FRIDAY, days=(3,))
    assert lines(world) == ["The next question after *Bread for beginners* comes on Monday 8 March."]
    ticks(world, at("03-08 09:00"))
    assert lines(world) == []


def test_paused_check_ins_are_resumed_from_the_plan(world: Session) -> None:
    """Two reminders and a silence later the page says so and leads to the button."""
    learner = finished(world, "UMARA", FRIDAY, days=(3, 30))
    for instant in ("03-08 09:00", "03-08 13:00", "03-10 09:00", "03-11 09:00"):
        ticks(world, at(instant))
        for letter in letters(world, to="UMARA"):
            sent = arrives(world, letter, f"1.{letter.id}", "D1")
            if (letter.about or "").startswith("prompt:"):
                record_sent(world, sent, at(instant))
    (paused,) = lines(world)
    assert paused.startswith("The questions after *Bread for beginners* are paused. <https://")
    go_on(world, Act(T, "UMARA", prompts(world, learner)[0].id, ""), at("03-12 09:00"))
    (going,) = lines(world)
    assert going.startswith("The next question after")


def test_a_helper_who_does_not_answer_is_named_after_three_working_days(world: Session) -> None:
    """The learner can ask somebody else; the helper's word ends it."""
    plan = made(world, row(0, helper="UTOM"))
    for letter in (*letters(world, to="UTOM"), *letters(world, to="UASHA")):
        arrives(world, letter, f"1.{letter.id}", "D1")
        letter.sent_at = MONDAY

    def said(days: int) -> list[str]:
        found = plans_notes.note_lines(world, T, "UASHA", MONDAY + timedelta(days=days))
        return [line.text for line in found if "has not answered yet" in line.text]

    assert said(2) == []
    (line,) = said(3)
    assert line.startswith("Tom has not answered yet whether to help with")
    decide_help(world, Word(T, "UTOM", items(world, plan)[0].id, agrees=True), MONDAY)
    assert said(3) == []
