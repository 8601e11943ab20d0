"""The end of a programme for one person: said twice, after they left, before anybody was in it, and their goal."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.ids import ActionId
from bot.interactions import Press
from bot.rules import completion, goals, held_back, leaving, managers, programmes_acts
from bot.rules.enrolling import Enrolling, enrol
from bot.rules.goals import Goal
from bot.rules.managers import set_manager
from bot.rules.runs import RunFacts, change_run
from bot.rules.runs_ending import Completion, complete_one
from storage.check_ins import PromptState
from storage.managers import Source
from storage.people import find_acts
from storage.plans import PlanState, find_plan_of
from storage.session import Database, Session
from tests.rules.learning import prompts
from tests.rules.nouns import T, letters
from tests.rules.running import enrolment, later, open_school, runs

SATURDAY = datetime(2027, 3, 6, 12, tzinfo=UTC)


@pytest.fixture
def school(database: Database) -> Iterator[Session]:
    """A workspace with programmes."""
    yield from open_school(database)


def test_who_left_after_the_end_is_not_drawn_back_by_a_repeated_word(school: Session) -> None:
    """A learning system says once more that they have finished: no plan, no check-in, no letter comes of it."""
    cohort = runs(school, "UASHA", starts_on=date(2027, 3, 1))
    learner = enrolment(school, cohort)
    said = Completion(T, None, cohort.id, "UASHA")
    assert complete_one(school, said, later(10))
    completion.leave(school, learner, later(11))
    before = len(letters(school, to="UASHA"))
    assert not complete_one(school, said, later(12))
    plan = find_plan_of(school, T, learner.id)
    assert plan is not None
    assert plan.state == PlanState.CALLED_OFF
    assert {one.state for one in prompts(school, learner)} == {PromptState.CALLED_OFF}
    assert len(letters(school, to="UASHA")) == before


def test_a_run_with_nobody_in_it_ends_without_a_promise(school: Session) -> None:
    """Nobody is told that its people are asked for their plans."""
    cohort = runs(school, starts_on=date(2027, 3, 1))
    press = Press(T, "UFAY", ActionId.END_RUN, str(cohort.id), "trigger", None, None, "V1", None, "1.2")
    page = programmes_acts.record_press(school, press, later(5))
    assert "Nobody was on the way in it" in str(page.blocks)


def test_a_goal_is_confirmed_also_by_a_manager_who_becomes_known_later(
    school: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The card promises it; the manager is asked once."""
    monkeypatch.setattr(managers, "MANAGER_KNOWN", [goals.manager_known])
    learner = enrolment(school, runs(school, "UASHA"))
    goals.name(school, Goal(T, "UASHA", learner.id, "Listen more than I talk"), later(0))
    assert letters(school, to="UTOM") == []
    for _ in range(2):
        set_manager(school, T, "UASHA", "UTOM", Source.ROSTER, None, later(1))
    (card,) = letters(school, to="UTOM")
    assert "Listen more than I talk" in str(card.payload["blocks"])


def test_who_is_named_for_a_run_hears_of_it_once_and_it_is_logged(school: Session) -> None:
    """By the one who named them, when the run is opened or changed; whoever names themselves knows."""
    cohort = runs(school, sponsor="UBOSS")
    facts = RunFacts(cohort.name, cohort.starts_on, cohort.ends_on, None, "UBOSS", "UTOM")
    change_run(school, cohort, facts, "UFAY", later(0))
    change_run(school, cohort, facts, "UTOM", later(1))
    (told,) = letters(school, to="UBOSS")
    assert "named you as the sponsor" in told.payload["text"]
    (told,) = letters(school, to="UTOM")
    assert "asked you to look after" in told.payload["text"]
    assert letters(school, to="UFAY") == []
    logged = [
        (act.by, act.act, act.about) for act in find_acts(school, T, ["run sponsor", "run facilitator"])
    ]
    assert [about.split()[1] for _, _, about in logged] == ["UBOSS", "UFAY", "UTOM"]


def test_a_repeated_word_starts_nothing_anew_for_who_was_left_out_meanwhile(school: Session) -> None:
    """The nightly feed of a learning system says it again after they came back."""
    cohort = runs(school, "UASHA", starts_on=date(2027, 3, 1))
    said = Completion(T, None, cohort.id, "UASHA")
    complete_one(school, said, later(10))
    leaving.leave_out(school, leaving.Wish(T, "UASHA"), later(11))
    leaving.take_in(school, leaving.Wish(T, "UASHA"), later(40))
    complete_one(school, said, later(41))
    learner = enrolment(school, cohort)
    plan = find_plan_of(school, T, learner.id)
    assert plan is not None
    assert plan.state == PlanState.CALLED_OFF
    assert {one.state for one in prompts(school, learner)} == {PromptState.CALLED_OFF}


def test_what_was_not_said_before_they_left_is_not_said_after(school: Session) -> None:
    """Enrolled from the command line on a Saturday, out again on Sunday: nothing comes on Monday."""
    cohort = runs(school)
    enrol(school, Enrolling(T, None, cohort.id, ("UMARA",)), SATURDAY)
    completion.leave(school, enrolment(school, cohort, "UMARA"), SATURDAY + timedelta(days=1))
    held_back.look_again(school, T, SATURDAY + timedelta(days=2))
    assert [row for row in letters(school, to="UMARA") if row.due_at.year < 9000] == []
