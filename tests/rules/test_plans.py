"""Plans: invited, made, changed, tapped, closed; bad input says one sentence and loses nothing."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import pytest
from sqlalchemy import text
from sqlalchemy.orm import Session

from bot.blocks import kit
from bot.blocks import plans_forms as forms
from bot.blocks.kit import Modal
from bot.ids import ActionId, ModalId
from bot.incoming import FileFact
from bot.interactions import Press
from bot.rules import held_back, plans, plans_acts, plans_making
from bot.rules.attention import Started, stop
from bot.rules.budget import Outcome, Wish, wish
from bot.rules.cards import letter_to
from bot.rules.managers import set_manager
from bot.rules.plans import Ask, PlanOver, ProgrammeLeft
from bot.rules.plans_due import run_plans
from bot.rules.plans_items import Step, let_go
from bot.rules.plans_reading import Wrong
from storage.attention import Standing, find_started
from storage.check_ins import Prompt
from storage.managers import Source
from storage.people import get_person
from storage.plans import HelpState, ItemState, Plan, PlanState, find_weeks
from storage.plans_results import PlanResults, count_results
from storage.programmes import Enrolment
from storage.session import Database
from storage.stats import read_stats
from tests.people import texts
from tests.rules.nouns import T, letters, open_world
from tests.rules.planning import (
    DUE,
    MONDAY,
    cohort,
    done,
    invited,
    items,
    made,
    of,
    passes,
    presses,
    row,
    sends,
)

DAY, WEEK = timedelta(days=1), timedelta(weeks=1)


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with Asha, Mara and Tom."""
    yield from open_world(database)


def enrolment_of(world: Session, plan: Plan) -> Enrolment:
    """What the plan came from."""
    return world.get_one(Enrolment, plan.enrolment)


def shown(modal: Modal | Wrong) -> str:
    """All that a form says."""
    assert isinstance(modal, Modal), modal
    return texts(list(modal.blocks))


def test_who_finished_is_invited_once_at_their_hour_and_reminded_once(world: Session) -> None:
    """The invitation comes at nine, one reminder a week later, and then nothing any more."""
    plan = invited(world)
    plans.invite(world, enrolment_of(world, plan), MONDAY + DAY)
    assert _standing(world, f"plan_invite:{plan.id}") == Standing.WAITING
    held_back.look_again(world, T, MONDAY + timedelta(hours=1))
    assert _standing(world, f"plan_invite:{plan.id}") == Standing.SAID
    passes(world, MONDAY + 10 * WEEK)
    invitation, reminder = letters(world, to="UASHA")
    assert "Make my plan" in str(invitation.payload)
    assert "only reminder" in str(reminder.payload)
    assert plan.state == PlanState.INVITED


def _standing(session: Session, once: str) -> str:
    started = find_started(session, T, once)
    assert started is not None
    return started.state


def test_who_finishes_at_the_weekend_is_asked_for_a_plan_before_anything_else(world: Session) -> None:
    """What the end of a programme brings besides waits for another day, though both were decided on the Saturday."""
    saturday = MONDAY - 2 * DAY
    (enrolment,) = cohort(world, "UASHA")
    plans.invite(world, enrolment, saturday)
    other = Wish(
        T, "UASHA", Started.CIRCLE, "other", "a circle", letter_to(world, T, "UASHA", kit.Message("?", []))
    )
    assert wish(world, other, saturday) == Outcome.WAITING
    held_back.look_again(world, T, MONDAY + timedelta(hours=1))
    assert _standing(world, f"plan_invite:{of(world, enrolment).id}") == Standing.SAID
    assert _standing(world, "other") == Standing.WAITING


def test_the_form_begins_with_the_programmes_items_and_a_buddy(world: Session) -> None:
    """What the programme suggests is there to be changed, with days that are working days."""
    plan = invited(world, "UASHA", "UMARA")
    form = plans_making.open_make(world, Ask(T, "UASHA", plan.id), MONDAY)
    assert form is not None
    inputs = {block["block_id"]: block["element"] for block in form.blocks if block["type"] == "input"}
    assert inputs["cue:0"]["initial_value"] == "my one-to-one begins"
    assert inputs["due:0"]["initial_date"] == "2027-03-18"
    assert inputs["due:1"]["initial_date"] == "2027-03-29"
    assert inputs["buddy"]["initial_user"] == "UMARA"


def test_one_more_item_and_one_less_keep_what_was_typed(world: Session) -> None:
    """The form is drawn anew with the same blocks, and holds five items at most and one at least."""
    plan = invited(world)
    values = row(0, cue="typed meanwhile", due=None) | {"buddy": None, "rating": "7"}

    def press(action: ActionId, value: str = "") -> Modal:
        kept = {"plan": plan.id}
        return plans_acts.record_row(
            world,
            Press(T, "UASHA", action, value, "t", None, None, "V1", "h", "1", metadata=kept, values=values),
            MONDAY,
        )

    more = press(ActionId.ADD_PLAN_ROW)
    blocks = {block.get("block_id"): block for block in more.blocks}
    assert blocks["cue:0"]["element"]["initial_value"] == "typed meanwhile"
    assert "cue:1" in blocks
    assert blocks["rating"]["element"]["initial_option"]["value"] == "7"
    for n in range(1, 5):
        values |= row(n)
    full = press(ActionId.ADD_PLAN_ROW)
    assert len([1 for block in full.blocks if str(block.get("block_id")).startswith("cue:")]) == 5
    assert len(full.blocks) <= 100
    less = press(ActionId.REMOVE_PLAN_ROW, "2")
    kept_rows = [block["block_id"] for block in less.blocks if str(block.get("block_id")).startswith("cue:")]
    assert kept_rows == ["cue:0", "cue:1", "cue:3", "cue:4"]


@pytest.mark.parametrize(
    ("values", "block", "sentence"),
    [
        (row(cue="  "), "cue:0", forms.CUE_MISSING),
        (row(action="…"), "action:0", forms.ACTION_MISSING),
        (row(cue="w" * 301), "cue:0", forms.TOO_LONG.format(most=300)),
        (row(due=None), "due:0", forms.DUE_MISSING),
        (row(due=date(2027, 3, 7)), "due:0", forms.DUE_PAST),
        (row(due=date(2027, 6, 1)), "due:0", forms.late(date(2027, 5, 31))),
        (row(helper="UASHA"), "helper:0", forms.HELPER_SELF),
        (row(helper="UGONE"), "helper:0", forms.HELPER_AWAY),
        (row(helper="UEXT"), "helper:0", forms.HELPER_AWAY),
        (row(helper="UMUTE"), "helper:0", forms.HELPER_AWAY),
        (row() | {"buddy": "UASHA"}, "buddy", forms.BUDDY_SELF),
        (row() | {"buddy": "UTOM"}, "buddy", forms.BUDDY_MANAGER),
        (row() | {"buddy": "UGUEST"}, "buddy", forms.BUDDY_AWAY),
        (row() | {"buddy": "UEXT"}, "buddy", forms.BUDDY_AWAY),
        (row() | {"rating": None}, "rating", forms.RATING_MISSING),
        (row() | {"rating": "11"}, "rating", forms.RATING_MISSING),
    ],
)
def test_what_is_wrong_is_said_under_its_block_and_nothing_is_stored(
    world: Session, values: dict[str, object], block: str, sentence: str
) -> None:
    """One sentence each; the same form can be mended and sent again."""
    set_manager(world, T, "UASHA", "UTOM", Source.ROSTER, None, MONDAY)
    get_person(world, T, "UGONE").is_deactivated = True
    get_person(world, T, "UEXT").is_external = True
    get_person(world, T, "UGUEST").is_guest = True
    get_person(world, T, "UMUTE")
    stop(world, T, "UMUTE", Started.HELP)
    plan = invited(world)
    wrong = sends(world, plan, {"buddy": None, "no_buddy": (), "rating": "4", **values})
    assert wrong == Wrong({block: sentence})
    assert items(world, plan) == []
    assert isinstance(sends(world, plan, {**row(), "rating": "4"}), Modal)


def test_several_mistakes_are_said_at_once(world: Session) -> None:
    """Nobody mends a form in five rounds."""
    wrong = sends(world, invited(world), row(cue="", action="", due=None))
    assert isinstance(wrong, Wrong)
    assert set(wrong.by_block) == {"cue:0", "action:0", "due:0", "rating"}


def test_a_form_sent_twice_is_one_plan_and_a_second_window_is_told(world: Session) -> None:
    """Slack may deliver twice; another window keeps what was typed there."""
    plan = made(world)
    again = sends(world, plan, row(0) | {"rating": "4"})
    assert isinstance(again, Modal)
    other = sends(world, plan, row(0) | {"rating": "9"}, view="V2")
    assert other == Wrong({"cue:0": forms.MADE_MEANWHILE})
    assert len(items(world, plan)) == 2
    assert plan.rating_before == 4


def test_helpers_and_buddy_are_asked_by_name_one_card_each(world: Session) -> None:
    """Two items for one helper are one card with two questions."""
    made(world, row(0, helper="UTOM"), row(1, helper="UTOM"), buddy="UMARA")
    (card,) = letters(world, to="UTOM")
    assert str(card.payload).count("agree_to_help") == 2
    (question,) = letters(world, to="UMARA")
    assert "be their buddy" in str(question.payload)
    assert "do thing" not in str(question.payload)


def test_a_checked_box_means_no_buddy(world: Session) -> None:
    """The proposal can be declined."""
    plan = invited(world, "UASHA", "UMARA")
    assert plan.buddy == "UMARA"
    sends(world, plan, row() | {"buddy": "UMARA", "no_buddy": ("none",), "rating": "4"})
    world.refresh(plan)
    assert (plan.buddy or "nobody", plan.buddy_state) == ("nobody", "none")
    assert not any("buddy" in str(letter.payload) for letter in letters(world, to="UMARA"))


def test_the_next_open_item_is_quoted(world: Session) -> None:
    """Check-ins quote what is due first; done items and over plans give nothing."""
    plan = made(world, row(0, due=DUE), row(1, due=DUE - DAY, cue="When it rains", action="I will walk."))
    enrolment = enrolment_of(world, plan)
    assert plans.item_to_quote(world, enrolment) == "When it rains, I will walk."
    done(world, plan, items(world, plan)[1])
    assert plans.item_to_quote(world, enrolment) == "When cue number 0, I will do thing 0."
    plans.call_off(world, enrolment, MONDAY)
    assert plans.item_to_quote(world, enrolment) is None


def test_the_week_is_asked_once_and_not_in_a_week_with_a_check_in(world: Session) -> None:
    """From the week after it was made, on its last working day; a check-in takes its place."""
    plan = made(world, row(0, due=date(2027, 5, 20)))
    second = date(2027, 3, 24)
    world.add(
        Prompt(
            workspace=T,
            once="x",
            person="UASHA",
            kind="check_in",
            question="?",
            planned_on=second,
            due_on=second,
            state="scheduled",
        )
    )
    passes(world, MONDAY + 4 * WEEK)
    assert [week.week_of for week in find_weeks(world, plan)] == [date(2027, 3, 29), date(2027, 3, 15)]
    asked = [letter for letter in letters(world, to="UASHA") if "this week" in str(letter.payload)]
    assert len(asked) == 2


def test_after_downtime_the_week_is_asked_for_this_week_only(world: Session) -> None:
    """What was missed is not piled up."""
    plan = made(world, row(0, due=date(2027, 5, 20)))
    late = MONDAY + 3 * WEEK + 2 * DAY  # a Wednesday
    for _ in range(3):
        ticks(world, late)
    assert find_weeks(world, plan) == []
    passes(world, MONDAY + 4 * WEEK)
    assert [week.week_of for week in find_weeks(world, plan)] == [date(2027, 3, 29)]


def ticks(world: Session, now: datetime) -> None:
    """A tick."""
    world.flush()
    run_plans(world, T, now)


def test_one_tap_is_enough_and_a_second_changes_it(world: Session) -> None:
    """The answer of the week is the newest, with a line that is sealed."""
    plan = made(world)
    value = f"{plan.id}:2027-03-08"
    presses(world, "UASHA", ActionId.WEEK_SOME, value)
    page = presses(world, "UASHA", ActionId.WEEK_DONE, value)
    assert "done" in shown(page)
    sends(world, plan, {"line": "it was easy"}, ModalId.PLAN_WEEK, view="V9", week="2027-03-08")
    (week,) = find_weeks(world, plan)
    assert week.answer == "done"
    assert week.sealed_line is not None
    assert "easy" not in week.sealed_line
    assert "it was easy" in shown(plans_acts.show(world, T, "UASHA", MONDAY))


@pytest.mark.parametrize("value", ["x", "1", "1:2027-03-09", "1:2031-03-10", "9" * 40, "-1", ""])
def test_a_tap_that_makes_no_sense_changes_nothing(world: Session, value: str) -> None:
    """A week of another day, of the future, of nothing: one sentence."""
    plan = made(world)
    value = value.replace("1:", f"{plan.id}:")
    with pytest.raises(plans.NoSuchPlan):
        presses(world, "UASHA", ActionId.WEEK_DONE, value)
    assert find_weeks(world, plan) == []


def test_when_all_is_done_the_last_look_comes_and_closes_the_plan(world: Session) -> None:
    """The second rating and the answers are kept, sealed, and the plan is closed."""
    plan = made(world)
    for item in items(world, plan):
        done(world, plan, item, line="went well")
    passes(world, MONDAY + 2 * DAY)
    assert plan.state == PlanState.CLOSING
    wrong = sends(world, plan, {"answer:0": "a lot", "rating": ""}, ModalId.PLAN_CLOSING, view="VC")
    assert wrong == Wrong({"rating": forms.RATING_MISSING})
    for _ in range(2):
        closed = sends(world, plan, {"answer:0": "a lot", "rating": "8"}, ModalId.PLAN_CLOSING, view="VC")
        assert isinstance(closed, Modal)
    assert (plan.state, plan.rating_after) == (PlanState.CLOSED, 8)
    assert plan.sealed_closing is not None
    assert "a lot" not in plan.sealed_closing
    assert "a lot" in shown(closed)
    assert plan.due_at is None


def test_twelve_weeks_end_it_and_silence_closes_it_kindly(world: Session) -> None:
    """The closing questions come once; two weeks later the plan is closed without them, items and all."""
    plan = made(world, row(0, due=date(2027, 5, 31)))
    passes(world, MONDAY + 12 * WEEK + DAY)
    assert plan.state == PlanState.CLOSING
    said = [letter for letter in letters(world, to="UASHA") if "has run its course" in str(letter.payload)]
    assert len(said) == 1
    passes(world, MONDAY + 20 * WEEK)
    assert str(plan.state) == "expired"
    assert [item.state for item in items(world, plan)] == [ItemState.CLOSED]


def test_an_item_closes_a_month_past_its_day_after_a_word(world: Session) -> None:
    """One message a week before; both items of that day in one."""
    plan = made(world, row(0), row(1), row(2, due=date(2027, 5, 20)))
    passes(world, MONDAY + 37 * DAY)
    (word,) = [letter for letter in letters(world, to="UASHA") if "past their day" in str(letter.payload)]
    assert "another month" in str(word.payload)
    assert [item.state for item in items(world, plan)] == [ItemState.OPEN] * 3
    passes(world, MONDAY + 43 * DAY)
    assert [item.state for item in items(world, plan)] == [ItemState.CLOSED, ItemState.CLOSED, ItemState.OPEN]


def test_still_want_it_gives_another_month(world: Session) -> None:
    """The item stays open, due a month later, also when pressed twice."""
    plan = made(world, row(0), row(1, due=date(2027, 5, 20)))
    now = MONDAY + 37 * DAY
    passes(world, now)
    first = items(world, plan)[0]
    for _ in range(2):
        presses(world, "UASHA", ActionId.ITEM_ANOTHER_MONTH, first.id, now)
    assert first.due_on == date(2027, 5, 14)
    passes(world, MONDAY + 50 * DAY)
    assert first.state == ItemState.OPEN


def test_evidence_is_sealed_and_only_a_files_id_is_kept(world: Session) -> None:
    """What was given is nowhere in clear but on the learner's own page."""
    plan = made(world)
    first = items(world, plan)[0]
    done(
        world, plan, first, line="secret marker", file=(FileFact("F1", "a.pdf", "application/pdf", 9, None),)
    )
    assert first.sealed_evidence is not None
    assert "marker" not in first.sealed_evidence
    assert first.evidence_file == "F1"
    assert "secret marker" in shown(plans_acts.show(world, T, "UASHA", MONDAY))
    assert "marker" not in str([letter.payload for letter in letters(world)])


def test_a_done_item_can_be_taken_up_again_and_the_plan_goes_on(world: Session) -> None:
    """Also while the last look is asked for."""
    plan = made(world, row(0))
    (item,) = items(world, plan)
    done(world, plan, item)
    passes(world, MONDAY + 2 * DAY)
    presses(world, "UASHA", ActionId.ITEM_NOT_DONE, item.id, MONDAY + 3 * DAY)
    assert (item.state, plan.state, plan.step) == (ItemState.OPEN, PlanState.ACTIVE, "week")


def test_an_item_is_changed_and_added_until_there_are_five(world: Session) -> None:
    """Words, day and helper change; a sixth item is refused with a sentence."""
    plan = made(world, row(0))
    (item,) = items(world, plan)
    sends(world, plan, row(0, cue="tea", helper="UTOM"), ModalId.PLAN_ITEM, view="VA", item=item.id)
    assert (item.cue, item.helper, item.helper_state) == ("tea", "UTOM", HelpState.ASKED)
    for n in range(4):
        for _ in range(2):
            assert isinstance(sends(world, plan, row(0), ModalId.PLAN_ITEM, view=f"VB{n}"), Modal)
    assert len(items(world, plan)) == 5
    assert sends(world, plan, row(0), ModalId.PLAN_ITEM, view="VC") == Wrong({"cue:0": forms.FULL})


def test_words_change_although_the_day_has_passed(world: Session) -> None:
    """A day that stood there may stay; only a new one must be to come."""
    plan = made(world, row(0))
    (item,) = items(world, plan)
    later = MONDAY + 20 * DAY
    kept = sends(world, plan, row(0, cue="tea"), ModalId.PLAN_ITEM, later, view="VA", item=item.id)
    assert isinstance(kept, Modal)
    moved = sends(world, plan, row(0, due=DUE + DAY), ModalId.PLAN_ITEM, later, view="VB", item=item.id)
    assert moved == Wrong({"due:0": forms.DUE_PAST})


def test_after_the_end_everything_is_one_clear_sentence(world: Session) -> None:
    """A card or form of a plan that is over or was left changes nothing and says why."""
    plan = made(world, row(0))
    (item,) = items(world, plan)
    plan.state = PlanState.CLOSED
    for action, value in (
        (ActionId.WEEK_DONE, f"{plan.id}:2027-03-08"),
        (ActionId.ITEM_LET_GO, item.id),
        (ActionId.ITEM_ANOTHER_MONTH, item.id),
    ):
        with pytest.raises(PlanOver):
            presses(world, "UASHA", action, value)
    late = sends(world, plan, {"line": "typed", "file": ()}, ModalId.PLAN_DONE, item=item.id)
    assert late == Wrong({"line": str(PlanOver())})
    plan.state = PlanState.ACTIVE
    plans.call_off(world, enrolment_of(world, plan), MONDAY)
    with pytest.raises(ProgrammeLeft):
        presses(world, "UASHA", ActionId.ITEM_LET_GO, item.id)


def test_nobody_changes_somebody_elses_plan(world: Session) -> None:
    """Whatever a button or form carries, the right is looked up."""
    plan = made(world, row(0))
    (item,) = items(world, plan)
    with pytest.raises(plans.NotYourPlan):
        presses(world, "UTOM", ActionId.ITEM_LET_GO, item.id)
    for form, values in (
        (ModalId.PLAN_ITEM, row(0)),
        (ModalId.PLAN_BUDDY, {"buddy": "UTOM"}),
        (ModalId.PLAN_RATING, {"rating": "1"}),
        (ModalId.PLAN_CLOSING, {"rating": "1"}),
        (ModalId.MAKE_PLAN, row(0)),
    ):
        assert isinstance(sends(world, plan, values, form, person="UTOM", item=item.id), Wrong)
    assert plan.rating_before == 4
    assert item.state == ItemState.OPEN


def test_leaving_the_programme_ends_the_plan_quietly(world: Session) -> None:
    """Nothing is due any more, unsent questions are not sent, and coming back invites anew only without a plan."""
    (enrolment,) = cohort(world, "UASHA")
    plans.invite(world, enrolment, MONDAY)
    plan = of(world, enrolment)
    plans.call_off(world, enrolment, MONDAY)
    plans.call_off(world, enrolment, MONDAY)
    assert (plan.state, plan.due_at) == (PlanState.CALLED_OFF, None)
    plans.invite(world, enrolment, MONDAY)
    assert plan.state == PlanState.INVITED


def test_who_comes_back_finds_what_was_planned(world: Session) -> None:
    """The form begins with the old items; what was done stays done."""
    plan = made(world, row(0, cue="old tea"), row(1))
    done(world, plan, items(world, plan)[1])
    plans.call_off(world, enrolment_of(world, plan), MONDAY)
    plans.invite(world, enrolment_of(world, plan), MONDAY + DAY)
    form = plans_making.open_make(world, Ask(T, "UASHA", plan.id), MONDAY + DAY)
    assert "old tea" in str(form)
    assert isinstance(sends(world, plan, row(0, cue="new tea") | {"rating": "5"}, view="V2"), Modal)
    assert [(item.cue, item.state) for item in items(world, plan)] == [
        ("cue number 1", "done"),
        ("new tea", "open"),
    ]


def test_a_changed_hour_moves_what_is_due(world: Session) -> None:
    """Nothing is doubled or lost when the zone changes."""
    plan = made(world, row(0, due=date(2027, 5, 20)))
    assert plan.due_at is not None
    before = plan.due_at
    get_person(world, T, "UASHA").tz = "America/New_York"
    for _ in range(2):
        plans.replan(world, T, "UASHA", MONDAY)
    assert plan.due_at.date() == before.date()
    assert plan.due_at - before == timedelta(hours=4)


def test_letting_go_twice_is_once(world: Session) -> None:
    """The rule may be run again."""
    plan = made(world)
    first = items(world, plan)[0]
    for _ in range(2):
        let_go(world, Step(T, "UASHA", first.id), MONDAY)
    assert first.state == ItemState.CLOSED


def test_results_are_numbers(world: Session) -> None:
    """How many came how far, and averages of those who rated twice."""
    plan = made(world, row(0), row(1))
    done(world, plan, items(world, plan)[0])
    sends(world, plan, {"answer:0": "a lot", "rating": "8"}, ModalId.PLAN_CLOSING, view="VC")
    results = count_results(world, T, [plan.enrolment])
    assert results == PlanResults(1, 1, 1, 0, 2, 1, 1, 4.0, 8.0)
    assert count_results(world, T, []).before is None
    stats = read_stats(world, T)
    assert (stats["plans"], stats["items"]) == (1, 2)


def test_what_is_due_is_taken_in_portions(world: Session) -> None:
    """A tick with many due takes some, says that there are more, and the next goes on."""
    people = [f"U{n}" for n in range(30)]
    for enrolment in cohort(world, *people):
        plans.invite(world, enrolment, MONDAY)
    world.flush()
    assert run_plans(world, T, MONDAY + 10 * DAY)
    assert not run_plans(world, T, MONDAY + 10 * DAY)
    assert len([letter for letter in letters(world) if "only reminder" in str(letter.payload)]) == 30


@pytest.mark.parametrize("table", ["plans", "plan_items"])
def test_what_is_due_is_found_by_index(world: Session, table: str) -> None:
    """However many plans there are, a tick with nothing due reads none of them."""
    explain = "EXPLAIN QUERY PLAN"
    if world.get_bind().dialect.name == "postgresql":
        explain = "EXPLAIN"
        world.execute(text("SET LOCAL enable_seqscan = off"))  # few rows are read as a whole otherwise
        world.execute(text("SET LOCAL enable_bitmapscan = off"))
    which = "workspace = 'T1' AND due_at <= '2027-01-01' ORDER BY due_at"
    query = f"{explain} SELECT * FROM {table} WHERE {which}"  # noqa: S608 - our own names
    assert f"ix_{table}_due" in str(world.execute(text(query)).all())
