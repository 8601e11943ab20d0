"""Helpers and buddies: who is proposed, asked, nudged, declines and leaves; and who sees what."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.orm import Session

from bot.blocks.kit import Modal
from bot.ids import ActionId, ModalId
from bot.rules import leaving, plans, plans_page, plans_people
from bot.rules.attention import Started, stop
from bot.rules.managers import set_manager
from bot.rules.plans_buddies import Candidate, rank
from bot.rules.plans_people import NothingToDecide
from bot.rules.plans_sight import Thing, may_see, plans_seen_by
from storage.attention import find_started
from storage.managers import Source
from storage.people import get_person
from storage.plans import HelpState, Item, Plan, PlanState
from storage.session import Database
from tests.people import texts
from tests.rules.nouns import T, arrives, letters, open_world
from tests.rules.planning import (
    MONDAY,
    cohort,
    done,
    items,
    made,
    of,
    passes,
    presses,
    row,
    sends,
)

DAY = timedelta(days=1)


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with Asha, Mara and Tom."""
    yield from open_world(database)


def first(world: Session, plan: Plan) -> Item:
    """The first item."""
    return items(world, plan)[0]


def test_near_comes_before_few_and_few_before_next() -> None:
    """A buddy works at nearly the same hours; among those who do, whoever has fewest, then the next in the ring."""
    hours = timedelta(hours=1)
    candidates = [
        Candidate("far", 9 * hours, 0, after=1),
        Candidate("busy", 0 * hours, 2, after=2),
        Candidate("later", 0 * hours, 1, after=4),
        Candidate("next", 1 * hours, 1, after=3),
    ]
    assert rank(candidates) == ["next", "later", "busy", "far"]


def test_buddies_are_spread_fairly_over_the_cohort(world: Session) -> None:
    """Everybody is proposed to somebody before anybody is proposed twice."""
    people = [f"U{n}" for n in range(9)]
    zones = dict.fromkeys(people, "Europe/Lisbon")
    for enrolment in (enrolments := cohort(world, *people, zones=zones)):
        plans.invite(world, enrolment, MONDAY)
    buddies = [of(world, enrolment).buddy for enrolment in enrolments]
    assert sorted(str(buddy) for buddy in buddies) == people
    assert all(person != buddy for person, buddy in zip(people, buddies, strict=True))


def test_a_buddy_lives_at_nearly_the_same_hours(world: Session) -> None:
    """Kolkata is a quarter of an hour from Kathmandu, and five hours and a half from Lisbon."""
    zones = {"UASHA": "Asia/Kolkata", "UMARA": "Europe/Lisbon", "UTOM": "Asia/Kathmandu"}
    for enrolment in (enrolments := cohort(world, *zones, zones=zones)):
        plans.invite(world, enrolment, MONDAY)
    assert of(world, enrolments[0]).buddy == "UTOM"


@pytest.mark.parametrize(
    "why", ["is_guest", "is_external", "is_bot", "is_deactivated", "left_out", "manager", "stopped"]
)
def test_some_are_never_proposed(world: Session, why: str) -> None:
    """Never the manager, no guest, nobody elsewhere, no app, nobody gone, nobody who stopped such requests."""
    enrolments = cohort(world, "UASHA", "UTOM")
    if why == "manager":
        set_manager(world, T, "UASHA", "UTOM", Source.ROSTER, None, MONDAY)
    elif why == "stopped":
        stop(world, T, "UTOM", Started.HELP)
    else:
        setattr(get_person(world, T, "UTOM"), why, True)
    plans.invite(world, enrolments[0], MONDAY)
    assert of(world, enrolments[0]).buddy is None


def test_a_helper_says_yes_and_is_nudged_once_the_working_day_before(world: Session) -> None:
    """Where the helper lives, at their hour; the card says what they said."""
    get_person(world, T, "UTOM").tz = "America/Chicago"
    plan = made(world, row(0, due=date(2027, 3, 22), helper="UTOM"))  # a Monday
    (card,) = letters(world, to="UTOM")
    arrives(world, card, "1.1")
    for _ in range(2):
        presses(world, "UTOM", ActionId.AGREE_TO_HELP, first(world, plan).id)
    assert "You said yes" in str(letters(world, "chat.update")[-1].payload)
    passes(world, MONDAY + 20 * DAY)
    (nudge,) = letters(world, to="UTOM")[1:]
    friday_nine = datetime(2027, 3, 19, 9, tzinfo=ZoneInfo("America/Chicago"))
    assert nudge.created_at == friday_nine
    assert "On Monday 22 March Asha" in str(nudge.payload)


@pytest.mark.parametrize("what", ["done", "declined", "no answer"])
def test_no_nudge_for_what_needs_no_help(world: Session, what: str) -> None:
    """Neither a done item, nor one that the helper declined or never answered."""
    plan = made(world, row(0, helper="UTOM"), row(1, due=date(2027, 5, 20)))
    item = first(world, plan)
    if what == "done":
        presses(world, "UTOM", ActionId.AGREE_TO_HELP, item.id)
        done(world, plan, item)
    elif what == "declined":
        presses(world, "UTOM", ActionId.DECLINE_TO_HELP, item.id)
    passes(world, MONDAY + 20 * DAY)
    assert len(letters(world, to="UTOM")) == 1


def test_a_no_is_told_kindly_with_a_way_on(world: Session) -> None:
    """The learner hears it at once and may choose somebody else; the one asked anew gets a card."""
    plan = made(world, row(0, helper="UTOM"))
    item = first(world, plan)
    presses(world, "UTOM", ActionId.DECLINE_TO_HELP, item.id)
    (told,) = [letter for letter in letters(world, to="UASHA") if "cannot help" in str(letter.payload)]
    assert "choose_somebody" in str(told.payload)
    sends(world, plan, row(0, helper="UMARA"), ModalId.PLAN_ITEM, view="V2", item=item.id)
    assert len(letters(world, to="UMARA")) == 1
    with pytest.raises(NothingToDecide):
        presses(world, "UTOM", ActionId.AGREE_TO_HELP, item.id)


def test_a_card_nobody_saw_yet_is_taken_back(world: Session) -> None:
    """Who was named by mistake hears nothing of it when the letter has not left."""
    plan = made(world, row(0, helper="UTOM"))
    sends(world, plan, row(0), ModalId.PLAN_ITEM, view="V2", item=first(world, plan).id)
    assert letters(world, to="UTOM") == []


def test_a_buddy_says_yes_and_sees_the_items(world: Session) -> None:
    """A yes is no message of its own; the page shows the plan."""
    plan = made(world, row(0, cue="tea is ready"), buddy="UMARA")
    presses(world, "UMARA", ActionId.AGREE_TO_BUDDY, plan.id)
    assert plan.buddy_state == HelpState.ACCEPTED
    assert [letter for letter in letters(world, to="UASHA") if "buddy" in str(letter.payload)] == []
    row_of = find_started(world, T, f"buddy_word:{plan.id}:UMARA:accepted:2027-03-08")
    assert row_of is not None
    assert "Mara says yes" in row_of.line
    assert "tea is ready" in texts(list(plans_page.look(world, T, "UMARA", plan.id).blocks))


def test_a_buddy_says_no_and_another_is_proposed(world: Session) -> None:
    """Whoever declined is not proposed again."""
    plan = made(world, row(0), buddy="UMARA", others=("UMARA", "UTOM"))
    presses(world, "UMARA", ActionId.DECLINE_TO_BUDDY, plan.id)
    (told,) = [
        letter for letter in letters(world, to="UASHA") if "cannot be your buddy" in str(letter.payload)
    ]
    assert f"buddy:{plan.id}" in str(told.payload)
    sends(world, plan, {"buddy": "UTOM", "no_buddy": ()}, ModalId.PLAN_BUDDY, view="V2")
    asked = [letter for letter in letters(world, to="UTOM") if "to be their buddy" in str(letter.payload)]
    assert len(asked) == 1


@pytest.mark.parametrize("how", ["deactivated", "left out"])
def test_who_leaves_is_missed_kindly_and_once(world: Session, how: str) -> None:
    """The learner of each plan is told once for all its items, and may choose somebody else."""
    plan = made(world, row(0, helper="UTOM"), row(1, helper="UTOM"), buddy="UTOM")
    if how == "deactivated":
        get_person(world, T, "UTOM").is_deactivated = True
        for _ in range(2):
            plans_people.person_left(world, T, "UTOM", MONDAY)
    else:
        leaving.leave_out(world, leaving.Wish(T, "UTOM"), MONDAY)
    assert {item.helper_state for item in items(world, plan)} == {"left"}
    assert plan.buddy_state == "left"
    lines = [
        started
        for item in items(world, plan)
        if (started := find_started(world, T, f"help_left:{item.id}:UTOM"))
    ]
    assert len(lines) == 1


def test_who_is_left_out_leaves_no_words_in_plans(world: Session) -> None:
    """The plan is called off, and its words are gone from it, from what others were asked, and from letters."""
    plan = made(world, row(0, cue="my secret marker", helper="UTOM"), buddy="UMARA")
    item = first(world, plan)
    done(world, plan, item, line="marker two")
    arrives(world, letters(world, to="UTOM")[0], "1.1")
    leaving.leave_out(world, leaving.Wish(T, "UASHA"), MONDAY)
    world.expire_all()
    assert plan.state == PlanState.CALLED_OFF
    assert (item.cue, item.action, item.sealed_evidence, plan.rating_before) == ("", "", None, None)
    assert "marker" not in str([letter.payload for letter in letters(world)])


def test_a_deactivated_learners_plan_ends(world: Session) -> None:
    """Nothing of it is due, and helpers are asked nothing any more."""
    plan = made(world, row(0, helper="UTOM"))
    plans_people.person_left(world, T, "UASHA", MONDAY)
    assert plan.state == PlanState.CALLED_OFF
    assert letters(world, to="UTOM") == []
    with pytest.raises(NothingToDecide):
        presses(world, "UTOM", ActionId.AGREE_TO_HELP, first(world, plan).id)


_EVERYTHING = frozenset(Thing)
_ITEMS = frozenset((Thing.ITEM, Thing.STATE))
_NOTHING: frozenset[Thing] = frozenset()


@pytest.mark.parametrize(
    ("viewer", "of_first", "of_second", "of_plan"),
    [
        ("UASHA", _EVERYTHING, _EVERYTHING, _EVERYTHING),
        ("UBUDDY", _ITEMS, _ITEMS, _ITEMS),
        ("UBOSS", _ITEMS, _ITEMS, _ITEMS),
        ("UHELPER", _ITEMS, _NOTHING, _NOTHING),
        ("UASKED", _NOTHING, _ITEMS, _NOTHING),  # asked to help with the second, not answered
        ("UOLDBOSS", _NOTHING, _NOTHING, _NOTHING),
        ("USTRANGER", _NOTHING, _NOTHING, _NOTHING),
        ("UADMIN", _NOTHING, _NOTHING, _NOTHING),
        ("UNOBODY", _NOTHING, _NOTHING, _NOTHING),  # nobody we ever met
    ],
)
def test_who_sees_what(
    world: Session,
    viewer: str,
    of_first: frozenset[Thing],
    of_second: frozenset[Thing],
    of_plan: frozenset[Thing],
) -> None:
    """The table of the promise: items and state to buddy and manager, one item to its helper, the rest to nobody."""
    plan = busy(world)
    one, two = items(world, plan)
    for item, expected in ((one, of_first), (two, of_second), (None, of_plan)):
        assert {thing for thing in Thing if may_see(world, plan, viewer, thing, item)} == expected


@pytest.mark.parametrize(
    ("viewer", "sees", "not_sees"),
    [
        ("UBUDDY", ["cue number 0", "cue number 1"], ["marker", "Helper", "at the start"]),
        ("UBOSS", ["cue number 0", "cue number 1"], ["marker", "Helper", "at the start"]),
        ("UHELPER", ["cue number 0"], ["cue number 1", "marker", "Asked"]),
        ("UASKED", ["cue number 1"], ["cue number 0", "marker"]),
        ("UOLDBOSS", [], ["cue number"]),
        ("USTRANGER", [], ["cue number", "Asha", "Bread"]),
        ("UADMIN", [], ["cue number"]),
    ],
)
def test_every_path_shows_just_that(
    world: Session, viewer: str, sees: list[str], not_sees: list[str]
) -> None:
    """Looking at the plan, the own page and the lists show what the table says, and no more."""
    plan = busy(world)
    looked = texts(list(plans_page.look(world, T, viewer, plan.id).blocks))
    assert all(words in looked for words in sees)
    page: Modal = plans_page.open_page(world, T, viewer, MONDAY)
    shown = looked + texts(list(page.blocks))
    assert not [words for words in not_sees if words in shown]
    assert (plan in plans_seen_by(world, T, viewer)) == bool(sees)


def busy(world: Session) -> Plan:
    """Asha's plan with everybody around it, evidence, a tap with a line, and a rating."""
    for person in ("UBUDDY", "UBOSS", "UHELPER", "UASKED", "UOLDBOSS", "USTRANGER", "UADMIN"):
        get_person(world, T, person).name = person.removeprefix("U").title()
    set_manager(world, T, "UASHA", "UOLDBOSS", Source.ROSTER, None, MONDAY - DAY)
    set_manager(world, T, "UASHA", "UBOSS", Source.ROSTER, None, MONDAY)
    plan = made(world, row(0, helper="UHELPER"), row(1, helper="UASKED"), buddy="UBUDDY")
    one, _ = items(world, plan)
    presses(world, "UHELPER", ActionId.AGREE_TO_HELP, one.id)
    presses(world, "UBUDDY", ActionId.AGREE_TO_BUDDY, plan.id)
    presses(world, "UASHA", ActionId.WEEK_SOME, f"{plan.id}:2027-03-08")
    sends(world, plan, {"line": "a marker"}, ModalId.PLAN_WEEK, view="V8", week="2027-03-08")
    done(world, plan, one, line="marker of evidence")
    return plan


def test_a_buddy_who_was_only_asked_sees_nothing_yet(world: Session) -> None:
    """They agree to being a buddy, not to a list."""
    plan = made(world, row(0), buddy="UMARA")
    assert not may_see(world, plan, "UMARA", Thing.ITEM)
    assert plans_seen_by(world, T, "UMARA") == []
    assert "do thing" not in texts(list(plans_page.look(world, T, "UMARA", plan.id).blocks))


def test_a_new_manager_sees_and_the_old_one_no_longer(world: Session) -> None:
    """The right is looked up at the moment of looking."""
    plan = made(world, row(0))
    set_manager(world, T, "UASHA", "UMARA", Source.ROSTER, None, MONDAY)
    assert may_see(world, plan, "UMARA", Thing.ITEM)
    set_manager(world, T, "UASHA", "UTOM", Source.ROSTER, None, MONDAY + DAY)
    assert not may_see(world, plan, "UMARA", Thing.ITEM)
    assert may_see(world, plan, "UTOM", Thing.STATE)


def test_an_invitation_shows_nothing_to_anybody(world: Session) -> None:
    """A plan that is not made has nothing to see."""
    (enrolment,) = cohort(world, "UASHA")
    plans.invite(world, enrolment, MONDAY)
    set_manager(world, T, "UASHA", "UMARA", Source.ROSTER, None, MONDAY)
    assert not may_see(world, of(world, enrolment), "UMARA", Thing.ITEM)
