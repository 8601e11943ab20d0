"""Programmes: made and changed by form, seen by whom they are for, and every mistake keeps what was typed."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.blocks.kit import Modal
from bot.ids import ActionId, ModalId
from bot.interactions import Press
from bot.programme_specs import CheckIn, ProgrammeSpec, Week
from bot.rules import programmes_acts, programmes_notes, programmes_opening, programmes_pages
from bot.rules.programmes import (
    Asked,
    MayNotMake,
    NoSuchProgramme,
    programme_for,
    silent_weeks,
    spec_of,
    store_spec,
)
from bot.rules.programmes_sent import Wrong
from storage.programmes import Programme
from storage.programmes_finding import find_programme_by_key, find_programmes
from storage.session import Database, Session
from tests.rules.nouns import NOW, T
from tests.rules.running import MONDAY, NEW_MANAGER, later, makes, open_school, runs, sends

VOICE = "https://acme.slack.com/archives/C1/p1700000000000100"


@pytest.fixture
def school(database: Database) -> Iterator[Session]:
    """A workplace with an admin, a facilitator and learners."""
    yield from open_school(database)


def known(session: Session, key: str = "new-manager") -> Programme:
    """A programme by its short name."""
    found = find_programme_by_key(session, T, key)
    assert found is not None
    return found


def presses(session: Session, person: str, action: ActionId, value: object = "") -> Modal:
    """Somebody presses a button that opens a form."""
    return programmes_opening.open_for(
        session, Press(T, person, action, str(value), "t", None, None, None, None, "1")
    )


def test_a_template_becomes_a_programme_whole(school: Session) -> None:
    """Weeks, questions for a year, items, closing and circle questions are in it."""
    assert isinstance(sends(school, ModalId.PROGRAMME_BASICS, {"template": "new-manager"}), Modal)
    assert spec_of(school, known(school)) == NEW_MANAGER


def test_a_form_sent_twice_makes_one_programme(school: Session) -> None:
    """Slack may deliver it twice; the second time its page is shown."""
    for _ in range(2):
        assert isinstance(sends(school, ModalId.PROGRAMME_BASICS, {"template": "onboarding"}), Modal)
    assert len(find_programmes(school, T)) == 1


def test_a_short_name_that_is_taken_is_refused_again_and_again(school: Session) -> None:
    """Also when the same form is sent a second time: somebody else's programme is never shown as one's own."""
    makes(school)
    for _ in range(2):
        done = sends(school, ModalId.PROGRAMME_BASICS, {"title": "Other", "key": "new-manager"}, view="V2")
        assert isinstance(done, Wrong)
        assert "Choose another short name" in done.by_block["key"]
    assert known(school).title == "New manager"


@pytest.mark.parametrize(
    ("values", "block", "words"),
    [
        ({"template": "nothing"}, "title", "Give it a title"),
        ({"title": "Пекарня"}, "key", "small letters"),
        ({"title": "Bread", "key": "My Bread"}, "key", "small letters"),
    ],
)
def test_a_programme_needs_a_title_and_a_short_name(
    school: Session, values: dict[str, Any], block: str, words: str
) -> None:
    """One sentence under the field; Slack keeps the form open with everything in it."""
    done = sends(school, ModalId.PROGRAMME_BASICS, values)
    assert isinstance(done, Wrong)
    assert words in done.by_block[block]
    assert not find_programmes(school, T)


def test_only_facilitators_and_admins_make_programmes(school: Session) -> None:
    """Whoever else sends the form, or what looks like one, hears whom to ask."""
    done = sends(school, ModalId.PROGRAMME_BASICS, {"title": "Bread"}, person="UASHA")
    assert isinstance(done, Wrong)
    assert "Ask one of them" in str(done.by_block)
    with pytest.raises(MayNotMake):
        presses(school, "UASHA", ActionId.EDIT_PROGRAMME, makes(school))
    with pytest.raises(MayNotMake):
        programmes_opening.open_new(school, Asked(T, "UASHA"))


def test_another_workspace_sees_nothing_of_it(school: Session) -> None:
    """Not even with the right number."""
    with pytest.raises(NoSuchProgramme):
        programme_for(school, Asked("T2", None, makes(school)))


def test_weeks_are_added_changed_and_taken_out(school: Session) -> None:
    """Those after one that is taken out move up, with their colleagues' voices."""
    made = makes(school, ProgrammeSpec("bread", "Bread"))
    for n, title in enumerate(("Flour", "Water", "Salt")):
        values = {
            "title": title,
            "lesson": "https://lms.example/1",
            "starter": "Why?",
            "voices": f"<{VOICE}{n}>",
        }
        sends(school, ModalId.PROGRAMME_WEEK, values, view=f"V{n}", programme=made)
    sends(school, ModalId.PROGRAMME_WEEK, {"title": "Rye"}, view="V9", programme=made, number=1)
    sends(
        school,
        ModalId.PROGRAMME_WEEK,
        {"title": "Water", "out": ("out",)},
        view="V10",
        programme=made,
        number=2,
    )
    weeks = spec_of(school, known(school, "bread")).weeks
    assert [week.title for week in weeks] == ["Rye", "Salt"]
    assert weeks[1].contributions == (f"{VOICE}2",)


def test_a_week_refused_and_sent_again_is_kept(school: Session) -> None:
    """The same form, mended: what was typed is not lost."""
    made = makes(school, ProgrammeSpec("bread", "Bread"))
    done = sends(school, ModalId.PROGRAMME_WEEK, {"title": "Flour", "lesson": "lesson one"}, programme=made)
    assert isinstance(done, Wrong)
    assert "begins with https://" in done.by_block["lesson"]
    for _ in range(2):  # and delivered twice
        sends(school, ModalId.PROGRAMME_WEEK, {"title": "Flour"}, programme=made)
    assert [week.title for week in spec_of(school, known(school, "bread")).weeks] == ["Flour"]


@pytest.mark.parametrize(
    ("values", "block", "words"),
    [
        ({"title": ""}, "title", "must not be empty"),
        (
            {"title": "a", "voices": "https://a.example\njavascript:alert(1)"},
            "voices",
            "“javascript:alert(1)” is no",
        ),
        (
            {"title": "a", "voices": "\n".join(f"https://a.example/{n}" for n in range(11))},
            "voices",
            "more than 10",
        ),
    ],
)
def test_a_wrong_week_gets_one_sentence(
    school: Session, values: dict[str, Any], block: str, words: str
) -> None:
    """Under its field."""
    done = sends(school, ModalId.PROGRAMME_WEEK, values, programme=makes(school))
    assert isinstance(done, Wrong)
    assert words in done.by_block[block]
    assert spec_of(school, known(school)) == NEW_MANAGER


@pytest.mark.parametrize(
    ("values", "block", "words"),
    [
        ({"day:2:0": "Same?", "day:7:0": "same?"}, "day:7:0", "the same question as for day 2"),
        ({"day": "2", "question": "New?", "day:2:0": "Old?"}, "day", "for this day already"),
        ({"question": "New?"}, "day", "Say after how many days"),
        ({"day": "731", "question": "New?"}, "day", "from 1 to 730"),
    ],
)
def test_wrong_questions_get_one_sentence(
    school: Session, values: dict[str, Any], block: str, words: str
) -> None:
    """No two alike, no day twice, each with its day."""
    done = sends(school, ModalId.PROGRAMME_QUESTIONS, values, programme=makes(school))
    assert isinstance(done, Wrong)
    assert words in done.by_block[block]


def test_questions_are_added_and_left_out(school: Session) -> None:
    """An empty one is asked no more, a new one takes its place by its day."""
    values = {"day:2:0": "First?", "day:7:0": "", "day": "200", "question": "Still?"}
    sends(school, ModalId.PROGRAMME_QUESTIONS, values, programme=makes(school))
    asked = spec_of(school, known(school)).check_ins
    assert asked == (CheckIn(2, "First?"), CheckIn(200, "Still?", still_used=True))


def test_an_item_needs_both_halves(school: Session) -> None:
    """“When” without “I will” is no item; days are a whole number that fits a plan."""
    made = makes(school)
    done = sends(school, ModalId.PROGRAMME_IDEAS, {"when:0": "I bake", "days:1": "99"}, programme=made)
    assert isinstance(done, Wrong)
    assert set(done.by_block) == {"then:0"}
    done = sends(
        school, ModalId.PROGRAMME_IDEAS, {"when:0": "a", "then:0": "b", "days:0": "99"}, programme=made
    )
    assert isinstance(done, Wrong)
    assert "1 to 84" in done.by_block["days:0"]


def test_lines_that_stand_twice_are_refused(school: Session) -> None:
    """Closing and circle questions are one a line."""
    done = sends(
        school,
        ModalId.PROGRAMME_ENDS,
        {"closing": "What now?\nWhat now?", "circle": ""},
        programme=makes(school),
    )
    assert isinstance(done, Wrong)
    assert "twice" in done.by_block["closing"]


def test_every_form_opens_with_what_is_there(school: Session) -> None:
    """Whoever changes a programme sees what it is."""
    made = makes(school)
    for action, value, words in (
        (ActionId.EDIT_PROGRAMME, made, NEW_MANAGER.title),
        (ActionId.EDIT_WEEK, f"{made}:2", NEW_MANAGER.weeks[1].starter),
        (ActionId.ADD_WEEK, made, "Title of the week"),
        (ActionId.EDIT_QUESTIONS, made, NEW_MANAGER.check_ins[6].question),
        (ActionId.EDIT_IDEAS, made, NEW_MANAGER.items[0].then),
        (ActionId.EDIT_ENDS, made, NEW_MANAGER.circle_questions[7]),
        (ActionId.NEW_RUN, made, "Name of this run"),
    ):
        assert words in str(presses(school, "UFAY", action, value).blocks)


def test_a_week_without_a_colleagues_voice_is_shown_to_its_facilitator(school: Session) -> None:
    """On the programme's page, in the list, and in their morning note when it is on or the next."""
    runs(school, "UASHA")
    assert silent_weeks(school, known(school)) == [1, 2, 3, 4, 5, 6]
    assert "No colleague's voice yet" in str(
        programmes_pages.programme_page(school, Asked(T, "UFAY", known(school).id), MONDAY).blocks
    )
    (line,) = programmes_notes.note_lines(school, T, "UFAY", MONDAY)
    assert "weeks 1, 2 are without a colleague's voice" in line.text
    weeks = [replace(week, contributions=(VOICE,)) for week in NEW_MANAGER.weeks]
    store_spec(school, T, replace(NEW_MANAGER, weeks=(*weeks[:5], NEW_MANAGER.weeks[5])), "UFAY", MONDAY)
    assert not programmes_notes.note_lines(school, T, "UFAY", later(30))  # there is time
    (line,) = programmes_notes.note_lines(school, T, "UFAY", later(44))
    assert "week 6 is without" in line.text
    assert not programmes_notes.note_lines(school, T, "UASHA", MONDAY)


def test_a_learner_sees_their_own_programmes_only(school: Session) -> None:
    """With what is on this week; nothing of others, and no button to make one."""
    runs(school, "UASHA")
    page = str(programmes_pages.overview(school, T, "UASHA", later(16)).blocks)
    assert "New manager" in page
    assert NEW_MANAGER.weeks[0].title in page
    assert "New programme" not in page
    assert "You are in no programme" in str(programmes_pages.overview(school, T, "UTOM", NOW).blocks)


@pytest.mark.parametrize(
    ("words", "title"),
    [
        ("", "Programmes"),
        ("list", "Programmes"),
        ("new-manager", "Programme"),
        ("edit New Manager", "Programme"),
        ("Spring", "Run of a programme"),
        ("end spring", "Run of a programme"),
        ("enrol", "Run of a programme"),
        ("results Spring", "Results"),
        ("nothing like it", "Programmes"),
    ],
)
def test_words_lead_to_the_page_they_name(school: Session, words: str, title: str) -> None:
    """By short name, title or name of a run, in any case."""
    runs(school, "UASHA")
    assert programmes_acts.find_page(school, T, "UFAY", words, MONDAY).title == title


def test_a_retired_programme_is_offered_no_more_and_its_runs_go_on(school: Session) -> None:
    """Its short name is free for a new one."""
    cohort = runs(school, "UASHA")
    press = Press(
        T, "UFAY", ActionId.RETIRE_PROGRAMME, str(cohort.programme), "t", None, None, None, None, "1"
    )
    programmes_acts.record_press(school, press, MONDAY)
    assert not find_programmes(school, T)
    assert "Spring" in str(programmes_pages.overview(school, T, "UFAY", MONDAY).blocks)
    done = sends(school, ModalId.PROGRAMME_BASICS, {"title": "New manager", "key": "new-manager"})
    assert isinstance(done, Modal)
    assert not known(school).retired


def test_hostile_words_stay_words(school: Session) -> None:
    """A title or starter can neither ping nor pretend to be a link."""
    bad = "<!channel> <https://a.example|https://b.example>"
    makes(school, ProgrammeSpec("bad", bad, bad, weeks=(Week(bad, starter=bad),)))
    page = programmes_pages.programme_page(school, Asked(T, "UFAY", known(school, "bad").id), MONDAY)
    assert "<!channel>" not in str(page.blocks)
    assert "<https://a.example|https://b.example>" not in str(page.blocks)
