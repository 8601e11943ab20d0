"""Runs: dates that fit, goals a week before, weeks told in their space, ends at each one's hour, results as counts."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from bot.blocks.kit import Modal
from bot.ids import ModalId
from bot.rules import goals, programmes_notes, programmes_pages, programmes_weeks, runs_ending
from bot.rules.availability import add_leave
from bot.rules.departures import person_left
from bot.rules.goals import Goal, NothingToConfirm, NotYourGoal
from bot.rules.programmes import Asked, MayNotRun, MayNotSee
from bot.rules.programmes_sent import Wrong
from bot.rules.runs import replan
from storage.people import Person
from storage.plans import find_plan_of
from storage.programmes import EnrolmentState
from storage.session import Database, Session
from storage.spaces import Space
from tests.rules.nouns import C, T, letters
from tests.rules.running import (
    LAST,
    MONDAY,
    NEW_MANAGER,
    enrolment,
    later,
    makes,
    manages,
    open_school,
    passes,
    runs,
    sends,
)

RUN: dict[str, Any] = {"name": "Spring", "starts_on": "2027-03-15", "ends_on": "2027-04-16"}


@pytest.fixture
def school(database: Database) -> Iterator[Session]:
    """A workplace with an admin, a facilitator and learners."""
    yield from open_school(database)


def utc(text: str) -> datetime:
    """An instant of 2027: "03-08 03:30"."""
    return datetime.strptime(f"2027-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def posts(session: Session) -> list[str]:
    """What the space was told."""
    return [str(row.payload) for row in letters(session, to=C)]


BAD = [
    ({"ends_on": "2027-03-14"}, "ends_on", "The last day comes before the first."),
    ({"starts_on": "2027-02-01", "ends_on": "2027-02-27"}, "ends_on", "This last day is over already."),
    ({"ends_on": "2030-01-01"}, "ends_on", "more than two years"),
    ({"starts_on": None}, "starts_on", "must not be empty"),
    ({"name": " "}, "name", "must not be empty"),
    ({"facilitator": "UBOT"}, "facilitator", "a colleague who is still here"),
    ({"name": "Winter"}, "name", "has a run of that name already"),
]


@pytest.mark.parametrize(("values", "block", "words"), BAD)
def test_a_wrong_run_gets_one_sentence(
    school: Session, values: dict[str, Any], block: str, words: str
) -> None:
    """Under its field, with everything else kept as it was typed."""
    school.add(Person(workspace=T, id="UBOT", name="Bot", is_bot=True))
    runs(school, name="Winter")
    done = sends(school, ModalId.RUN_FORM, {**RUN, **values}, programme=makes(school))
    assert isinstance(done, Wrong)
    assert set(done.by_block) == {block}
    assert words in done.by_block[block]


def test_a_run_sent_twice_is_one_run(school: Session) -> None:
    """And a run without people says what to do next."""
    made = makes(school)
    pages = [sends(school, ModalId.RUN_FORM, RUN, programme=made) for _ in range(2)]
    for page in pages:
        assert isinstance(page, Modal)
        assert "Nobody is in this run yet" in str(page.blocks)


def test_the_goal_is_asked_a_week_before_at_everybodys_own_hour(school: Session) -> None:
    """Nine in Kolkata is not nine in Chicago; asked once, and not when the programme has begun."""
    cohort = runs(school, "UASHA", "UTOM")
    assert enrolment(school, cohort).due_at == utc("03-08 03:30")
    assert enrolment(school, cohort, "UTOM").due_at == utc("03-08 15:00")
    passes(school, utc("03-08 04:00"))
    asked = [row for row in letters(school, to="UASHA") if "What is the one thing" in str(row.payload)]
    assert len(asked) == 1
    assert not [row for row in letters(school, to="UTOM") if "What is the one thing" in str(row.payload)]


def test_whoever_is_enrolled_late_is_asked_next_morning_or_not_at_all(school: Session) -> None:
    """Three days before: the next working day; after the start: never."""
    cohort = runs(school, "UASHA", starts_on=date(2027, 3, 4))
    assert enrolment(school, cohort).due_at == utc("03-02 03:30")
    begun = runs(school, "UMARA", name="Begun", starts_on=date(2027, 3, 1))
    assert enrolment(school, begun, "UMARA").step == "end"


def test_the_manager_confirms_with_one_tap(school: Session) -> None:
    """The learner names it, the manager's card has one button; pressed twice it is confirmed once."""
    manages(school)
    cohort = runs(school, "UASHA")
    one = enrolment(school, cohort)
    goals.name(school, Goal(T, "UASHA", one.id, "listen before I answer"), MONDAY)
    (card,) = letters(school, to="UBOSS")
    assert "Asha begins *New manager* on" in str(card.payload)
    assert "listen before I answer" in str(card.payload)
    with pytest.raises(NotYourGoal):
        goals.confirm(school, Goal(T, "UMARA", one.id), MONDAY)
    for _ in range(2):
        goals.confirm(school, Goal(T, "UBOSS", one.id), MONDAY)
    assert enrolment(school, cohort).goal_confirmed_by == "UBOSS"


def test_a_goal_changed_is_confirmed_anew(school: Session) -> None:
    """The manager stands behind the words they saw; whoever left has none to confirm."""
    manages(school)
    cohort = runs(school, "UASHA")
    one = enrolment(school, cohort)
    goals.name(school, Goal(T, "UASHA", one.id, "listen"), MONDAY)
    goals.confirm(school, Goal(T, "UBOSS", one.id), MONDAY)
    goals.name(school, Goal(T, "UASHA", one.id, "hand over work"), MONDAY)
    assert enrolment(school, cohort).goal_confirmed_by is None
    (card,) = letters(school, to="UBOSS")
    assert "hand over work" in str(card.payload)
    with pytest.raises(NotYourGoal):
        goals.name(school, Goal(T, "UMARA", one.id, "mine"), MONDAY)
    one.state = "left"
    with pytest.raises(NothingToConfirm):
        goals.confirm(school, Goal(T, "UBOSS", one.id), MONDAY)


def test_without_a_manager_the_goal_is_simply_noted(school: Session) -> None:
    """Nobody is asked, nothing is missing."""
    cohort = runs(school, "UASHA")
    goals.name(school, Goal(T, "UASHA", enrolment(school, cohort).id, "listen"), MONDAY)
    assert not letters(school, to="UBOSS")


def test_each_week_is_told_in_its_space_when_it_begins(school: Session) -> None:
    """At the facilitator's hour, with the lesson, what opens the conversation, and colleagues' voices; once each."""
    voice = "https://acme.slack.com/archives/C1/p1700000000000100"
    first = replace(NEW_MANAGER.weeks[0], lesson="https://lms.example/1", contributions=(voice,))
    makes(school, replace(NEW_MANAGER, weeks=(first, *NEW_MANAGER.weeks[1:])))
    cohort = runs(school, "UASHA", space=C)
    assert cohort.week_due_at == utc("03-15 09:00")
    passes(school, utc("03-15 09:00"))
    (told,) = posts(school)
    for words in (first.title, first.starter[:40], "https://lms.example/1", voice, "week 1"):
        assert words in told
    passes(school, utc("04-20 09:00"))
    assert [n for n in range(1, 8) if any(f"week {n}:" in told for told in posts(school))] == [1, 2, 3, 4, 5]
    assert len(posts(school)) == 5
    assert cohort.week_due_at is None


def test_after_a_downtime_only_the_week_that_is_on_is_told(school: Session) -> None:
    """Three weeks at once help nobody."""
    runs(school, "UASHA", space=C)
    programmes_weeks.run_due(school, T, utc("03-31 12:00"))
    (told,) = posts(school)
    assert "week 3:" in told


def test_a_run_that_begins_in_the_middle_of_a_week_is_told_next_morning(school: Session) -> None:
    """And a leave of the facilitator does not keep the space waiting."""
    add_leave(school, T, "UFAY", date(2027, 3, 2), date(2027, 3, 20), MONDAY)
    cohort = runs(school, starts_on=date(2027, 2, 25), space=C)
    assert cohort.week_due_at == utc("03-01 09:00")
    passes(school, utc("03-01 09:00"))
    assert cohort.week_due_at == utc("03-04 09:00")


def test_a_space_that_the_app_is_not_in_is_said_to_the_facilitator(school: Session) -> None:
    """On the run's page and in the morning note; invited meanwhile, the week is told the next day."""
    school.add(Space(workspace=T, id="CFAR", name="far", app_is_in=False))
    school.flush()
    cohort = runs(school, "UASHA", space="CFAR")
    assert "I am not in its space" in str(
        programmes_pages.run_page(school, Asked(T, "UFAY", cohort.id), MONDAY).blocks
    )
    assert "I am not in its space" in str(programmes_notes.note_lines(school, T, "UFAY", MONDAY))
    passes(school, utc("03-15 09:00"))
    assert not letters(school, to="CFAR")
    school.get_one(Space, (T, "CFAR")).app_is_in = True
    passes(school, utc("03-16 09:00"))
    assert len(letters(school, to="CFAR")) == 1


def test_a_changed_week_is_drawn_anew(school: Session) -> None:
    """The facilitator mends the starter: the post in the space shows it."""
    runs(school, "UASHA", space=C)
    passes(school, utc("03-15 09:00"))
    weeks = (replace(NEW_MANAGER.weeks[0], starter="What would you let go of?"), *NEW_MANAGER.weeks[1:])
    sends(
        school,
        ModalId.PROGRAMME_WEEK,
        {"title": weeks[0].title, "starter": weeks[0].starter},
        now=utc("03-15 10:00"),
        programme=makes(school),
        number=1,
    )
    (told,) = posts(school)
    assert "What would you let go of?" in told


def test_without_a_space_the_week_is_a_line_of_the_morning_note(school: Session) -> None:
    """Nobody is written to just for that."""
    runs(school, "UASHA")
    before = len(letters(school, to="UASHA"))
    programmes_weeks.run_due(school, T, utc("03-15 12:00"))
    assert len(letters(school, to="UASHA")) == before


def test_it_ends_on_its_day_at_everybodys_hour_and_the_plan_follows(school: Session) -> None:
    """Kolkata first, Chicago last, right across the change of the clocks."""
    cohort = runs(school, "UASHA", "UMARA", "UTOM")
    passes(school, utc("03-20 00:00"))
    due = [enrolment(school, cohort, person).due_at for person in ("UASHA", "UMARA", "UTOM")]
    assert due == [utc("04-16 03:30"), utc("04-16 08:00"), utc("04-16 14:00")]
    passes(school, utc("04-16 09:00"))
    states = [enrolment(school, cohort, person).state for person in ("UASHA", "UMARA", "UTOM")]
    assert states == [EnrolmentState.COMPLETED, EnrolmentState.COMPLETED, EnrolmentState.ENROLLED]
    one = enrolment(school, cohort)
    assert (one.completed_on, one.completed_how) == (LAST, "date")
    assert find_plan_of(school, T, one.id) is not None


def test_moved_dates_and_zones_move_what_is_due(school: Session) -> None:
    """The goal comes a week before the new start, by the clock of the new place."""
    cohort = runs(school, "UASHA")
    values = {**RUN, "starts_on": "2027-03-22", "ends_on": "2027-04-30"}
    assert isinstance(
        sends(school, ModalId.RUN_FORM, values, run=cohort.id, programme=cohort.programme), Modal
    )
    assert enrolment(school, cohort).due_at == utc("03-15 03:30")
    school.get_one(Person, (T, "UASHA")).tz = "Asia/Kathmandu"
    replan(school, T, "UASHA", MONDAY)
    assert enrolment(school, cohort).due_at == utc("03-15 03:15")


def test_a_run_ends_at_once_for_everybody(school: Session) -> None:
    """Once it has begun; before, it can only be called off."""
    cohort = runs(school, "UASHA", "UMARA", space=C)
    with pytest.raises(runs_ending.NotBegun):
        runs_ending.end_run(school, Asked(T, "UFAY", cohort.id), MONDAY)
    with pytest.raises(MayNotRun):
        runs_ending.end_run(school, Asked(T, "UASHA", cohort.id), later(20))
    assert runs_ending.end_run(school, Asked(T, "UFAY", cohort.id), later(20)) == 2
    assert runs_ending.end_run(school, Asked(T, "UFAY", cohort.id), later(20)) == 0
    assert enrolment(school, cohort).completed_on == date(2027, 3, 21)
    assert cohort.week_due_at is None


def test_a_run_called_off_asks_nobody_anything(school: Session) -> None:
    """Its people hear it in their morning note, and nothing more comes."""
    cohort = runs(school, "UASHA", space=C)
    runs_ending.call_off_run(school, Asked(T, "UFAY", cohort.id), MONDAY)
    before = len(letters(school))
    passes(school, utc("05-30 09:00"))
    assert len(letters(school)) == before
    assert enrolment(school, cohort).state == EnrolmentState.LEFT


def test_whoever_is_gone_is_in_no_run(school: Session) -> None:
    """Deactivated or left out: nothing is due, the goal is forgotten."""
    cohort = runs(school, "UASHA")
    goals.name(school, Goal(T, "UASHA", enrolment(school, cohort).id, "listen"), MONDAY)
    person_left(school, T, "UASHA", MONDAY)
    one = enrolment(school, cohort)
    assert (one.state, one.due_at, one.goal) == (EnrolmentState.LEFT, None, "")


def crowd(session: Session, number: int) -> list[str]:
    """So many more people."""
    people = [f"UCROWD{n}" for n in range(number)]
    session.add_all(Person(workspace=T, id=person, name=person.title()) for person in people)
    session.flush()
    return people


def test_results_say_nothing_about_fewer_than_five(school: Session) -> None:
    """Four people are too few for any figure; who left or was left out is in none."""
    people = crowd(school, 5)
    cohort = runs(school, *people)
    school.get_one(Person, (T, people[0])).left_out = True
    page = str(programmes_pages.results_page(school, Asked(T, "UFAY", cohort.id)).blocks)
    assert "Results are shown from five people on" in page
    assert "made a plan" not in page


def test_results_count_and_name_nobody(school: Session) -> None:
    """Invited, planned, checked in, talked, closed; each rating from five answers on."""
    people = crowd(school, 6)
    cohort = runs(school, *people, sponsor="UBOSS")
    runs_ending.end_run(school, Asked(T, "UFAY", cohort.id), later(20))
    for person in people[:4]:
        plan = find_plan_of(school, T, enrolment(school, cohort, person).id)
        assert plan is not None
        plan.state, plan.rating_before, plan.rating_after = "closed", 3, 7
    school.flush()
    page = str(programmes_pages.results_page(school, Asked(T, "UBOSS", cohort.id)).blocks)
    assert "*6 people*" in page
    assert "*6* invited to make a plan" in page
    assert "*4* made a plan" in page
    assert "*4* closed their plan" in page
    assert "shown from five answers on" in page
    assert not [person for person in people if person.title() in page]
    plan = find_plan_of(school, T, enrolment(school, cohort, people[4]).id)
    assert plan is not None
    plan.rating_before, plan.rating_after = 3, 7
    page = str(programmes_pages.results_page(school, Asked(T, "UBOSS", cohort.id)).blocks)
    assert "3.0 before, 7.0 after, from 5 people" in page


def test_results_are_for_sponsor_facilitator_and_admins(school: Session) -> None:
    """A sponsor sees counts and no names; a learner sees nothing."""
    cohort = runs(school, "UASHA", sponsor="UBOSS")
    with pytest.raises(MayNotSee):
        programmes_pages.results_page(school, Asked(T, "UASHA", cohort.id))
    page = str(programmes_pages.run_page(school, Asked(T, "UBOSS", cohort.id), MONDAY).blocks)
    assert "Asha" not in page
    assert "Asha" in str(programmes_pages.run_page(school, Asked(T, "UADA", cohort.id), MONDAY).blocks)
