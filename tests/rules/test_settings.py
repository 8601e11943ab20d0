"""Settings: what may be chosen, what is said to mistakes, and that nothing stored can break the app."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.interactions import Press, Submission
from bot.rules import attention, availability, replanning, settings, workspace_settings
from bot.rules.choices import DEFAULTS, NAMES, PAGES, Choices, read_choices, valid_choices
from bot.sandbox.block_kit_views import check_view
from storage.people import find_acts
from storage.session import Database, Session
from storage.settings import WORKSPACE, store_setting
from tests.rules.nouns import NOW, T
from tests.rules.world import open_office


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    yield from open_office(database)


GOOD: dict[str, Any] = {
    "tags_solution.0": "Solution, #lösung",
    "tags_insight.0": "insight til",
    "tags_demo.0": "",
    "ask_tag.0": "#Frage",
    "nominate_emoji.0": ":bulb:",
    "yes_emoji.0": "white_check_mark",
    "kept_emoji.0": "green_book",
    "answer_emoji.0": "ballot_box_with_check",
    "nomination_days.0": "10",
    "clip_minutes_to_post.0": "30",
    "long_clip_minutes.0": "6",
    "free_plan.0": ("yes",),
}


def sends(session: Session, by: str = "UASHA", **changed: Any) -> workspace_settings.Wrong | None:
    values = GOOD | {f"{name}.0": value for name, value in changed.items()}
    return workspace_settings.change(session, Submission(T, by, "workspace_settings", "V1", values, {}), NOW)


def test_what_is_chosen_holds_and_is_logged(office: Session) -> None:
    """The settings hold at once; only what changed has a line in the log, also when the form comes twice."""
    for _ in range(2):
        assert sends(office) is None
    office.flush()
    choices = read_choices(office, T)
    assert choices.tags == {
        "solution": "solution",
        "lösung": "solution",
        "insight": "insight",
        "til": "insight",
    }
    assert (choices.ask_tag, choices.nomination_days, choices.free_plan) == ("frage", 10, True)
    changed = sorted(act.about.split(":")[0] for act in find_acts(office, T, ["setting changed"]))
    assert changed == ["ask_tag", "free_plan", "nomination_days", "tags"]


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("tags_solution", "so lu!tion"),
        ("tags_insight", "solution"),
        ("ask_tag", "til"),
        ("ask_tag", "two words"),
        ("ask_tag", ""),
        ("nominate_emoji", "white_check_mark"),
        ("yes_emoji", ""),
        ("kept_emoji", "a b"),
        ("nomination_days", "0"),
        ("nomination_days", "1e3"),
        ("clip_minutes_to_post", None),
        ("long_clip_minutes", "999999999999"),
    ],
)
def test_each_mistake_is_said_under_its_field(office: Session, name: str, value: str | None) -> None:
    """A mistake changes nothing at all and names what to type instead."""
    wrong = sends(office, "UASHA", **{name: value})
    assert wrong is not None
    assert all(block in GOOD for block in wrong.by_block)
    assert read_choices(office, T) == DEFAULTS


def test_rights_are_checked_when_the_form_is_sent(office: Session) -> None:
    """Whoever is no admin changes nothing, whatever form they send."""
    with pytest.raises(workspace_settings.OnlyAdmins):
        sends(office, by="UTOM")
    with pytest.raises(workspace_settings.OnlyAdmins):
        workspace_settings.open_page(office, T, "UTOM", "words")


PAGES_GOOD: dict[str, dict[str, Any]] = {
    "attention": {
        "learner_day": "2",
        "learner_week": "4",
        "duty_day": "3",
        "duty_week": "10",
        "noted_request": "5",
        "learner_note": "never",
        "duty_note": "weekly",
        "note_weekday": "2",
    },
    "programmes": {
        "goal_days": "10",
        "check_in_days": "3; 10, 20 40",
        "check_in_gap": "2",
        "same_day_reminder": "5",
        "later_reminder": "3",
        "plan_weeks": "10",
        "item_days": "20",
        "talk_asked_day": "14",
        "talk_day": "28",
        "circle_size": "4",
        "circle_most": "6",
        "circle_weeks": "10",
    },
    "time": {
        "working_days": ("6", "0", "1", "2", "3"),
        "country": "egypt",
        "leave_emoji": ":palm_tree:, baby_bottle",
        "leave_words": "Im Urlaub, On  Vacation\nin urlaub, im urlaub",
    },
}


def sends_page(session: Session, subject: str, **changed: Any) -> workspace_settings.Wrong | None:
    values = {f"{name}.0": value for name, value in (PAGES_GOOD[subject] | changed).items()}
    form = Submission(T, "UASHA", "workspace_settings", f"V{subject}", values, {"subject": subject})
    return workspace_settings.change(session, form, NOW)


@pytest.mark.parametrize("subject", PAGES_GOOD)
def test_each_page_holds_what_was_chosen_and_nothing_else(office: Session, subject: str) -> None:
    """Every setting of the page differs from its default, the others do not; each can be put back."""
    assert sends_page(office, subject) is None
    office.flush()
    choices = read_choices(office, T)
    differs = {name for name in NAMES if getattr(choices, name) != getattr(DEFAULTS, name)}
    assert differs == set(PAGES[subject]) == set(PAGES_GOOD[subject])
    view = workspace_settings.open_page(office, T, "UASHA", subject).view()
    check_view(dict(view), "modal")
    for name in PAGES[subject]:
        press = Press(
            T, "UASHA", "reset_setting", name, "t", None, None, "V1", "h", name, metadata={"subject": subject}
        )
        check_view(dict(workspace_settings.reset(office, press, NOW).view()), "modal")
    office.flush()
    assert read_choices(office, T) == DEFAULTS


def test_lists_are_read_as_people_write_them(office: Session) -> None:
    """Commas, semicolons, colons around emoji, large and small, twice the same."""
    sends_page(office, "time")
    sends_page(office, "programmes")
    office.flush()
    choices = read_choices(office, T)
    assert choices.working_days == [0, 1, 2, 3, 6]
    assert choices.country == "EG"
    assert choices.leave_emoji == ["palm_tree", "baby_bottle"]
    assert choices.leave_words == ["im urlaub", "on vacation", "in urlaub"]
    assert choices.check_in_days == [3, 10, 20, 40]


@pytest.mark.parametrize(
    ("subject", "name", "value"),
    [
        ("attention", "learner_day", "0"),
        ("attention", "learner_week", "1"),
        ("attention", "duty_week", "2"),
        ("attention", "noted_request", "1"),
        ("attention", "learner_note", "hourly"),
        ("attention", "learner_note", None),
        ("attention", "note_weekday", "7"),
        ("programmes", "check_in_days", "7, 2"),
        ("programmes", "check_in_days", "2, 2"),
        ("programmes", "check_in_days", ""),
        ("programmes", "check_in_days", "two"),
        ("programmes", "check_in_days", ",".join(map(str, range(1, 30)))),
        ("programmes", "check_in_days", "99999999999999999999"),
        ("programmes", "talk_day", "14"),
        ("programmes", "circle_most", "3"),
        ("time", "working_days", ()),
        ("time", "working_days", ("7",)),
        ("time", "country", "Atlantis"),
        ("time", "leave_emoji", "palm tree!"),
        ("time", "leave_words", "w" * 81),
        ("time", "leave_words", ",".join(f"word {n}" for n in range(101))),
    ],
)
def test_each_mistake_of_a_page_is_said_under_its_field(
    office: Session, subject: str, name: str, value: Any
) -> None:
    """A mistake changes nothing of the whole page."""
    wrong = sends_page(office, subject, **{name: value})
    assert wrong is not None
    assert list(wrong.by_block) == [f"{name}.0"]
    assert read_choices(office, T) == DEFAULTS


def test_another_working_week_plans_everybody_again(office: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some people at a time, each once, and only when the days really changed."""
    heard: list[str] = []
    hears = [lambda _session, _workspace, person, _now: heard.append(person)]
    monkeypatch.setattr(availability, "CALENDAR_CHANGED", hears)
    monkeypatch.setattr(replanning, "AT_ONCE", 1)
    for person in ("UTOM", "UMARA"):
        attention.has_acted(office, T, person, "used a command")
    sends_page(office, "attention")
    assert not replanning.is_under_way(office, T)
    sends_page(office, "time")
    while replanning.is_under_way(office, T):
        replanning.plan_some_again(office, T, NOW)
    assert heard == ["UASHA", "UMARA", "UTOM"]


def presses_reset(session: Session, name: str, drawn: dict[str, int]) -> dict[str, Any]:
    press = Press(
        T, "UASHA", "reset_setting", name, "t", None, None, "V1", "h", "1.0", metadata={"drawn": drawn}
    )
    return workspace_settings.reset(session, press, NOW).view()


def test_a_reset_puts_the_default_back_and_keeps_what_is_typed_elsewhere(office: Session) -> None:
    """Only the field that is reset gets a new block, so Slack keeps what was typed into the others."""
    sends(office)
    office.flush()
    view = presses_reset(office, "ask_tag", {})
    assert read_choices(office, T).ask_tag == "ask"
    blocks = {block.get("block_id") for block in view["blocks"]}
    assert {"ask_tag.1", "nomination_days.0", "reset:nomination_days"} <= blocks
    assert "reset:ask_tag" not in blocks


def test_pages_are_what_slack_takes(office: Session) -> None:
    """Everybody's page of settings passes Slack's checks."""
    attention.stop(office, T, "UTOM", attention.Started.NOMINATION)
    office.flush()
    for person in ("UASHA", "UTOM", "UNKNOWN"):
        check_view(dict(settings.open_settings(office, T, person, NOW, "A word.").view()), "modal")
    check_view(dict(workspace_settings.open_page(office, T, "UASHA", "words").view()), "modal")


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([*NAMES, "unknown"]), JSON))
def test_no_stored_value_breaks_the_app(stored: dict[str, Any]) -> None:
    """Whatever the table holds, choices can be read and make sense."""
    choices = Choices(**valid_choices(stored))
    assert choices.tags
    assert choices.nomination_lapse.days >= 1


def test_a_wrong_stored_value_gives_the_default(office: Session) -> None:
    """A value that makes no sense is as good as none."""
    store_setting(office, T, WORKSPACE, "nomination_days", "soon")
    store_setting(office, T, WORKSPACE, "ask_tag", "frage")
    office.flush()
    choices = read_choices(office, T)
    assert (choices.nomination_days, choices.ask_tag) == (7, "frage")
