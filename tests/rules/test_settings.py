"""Settings: what may be chosen, what is said to mistakes, and that nothing stored can break the app."""

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.interactions import Press, Submission
from bot.rules import attention, settings
from bot.rules.choices import DEFAULTS, NAMES, Choices, read_choices, valid_choices
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


def sends(session: Session, by: str = "UASHA", **changed: Any) -> settings.Wrong | None:
    values = GOOD | {f"{name}.0": value for name, value in changed.items()}
    return settings.change(session, Submission(T, by, "workspace_settings", "V1", values, {}), NOW)


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
    with pytest.raises(settings.OnlyAdmins):
        sends(office, by="UTOM")
    with pytest.raises(settings.OnlyAdmins):
        settings.open_workspace(office, T, "UTOM")


def presses_reset(session: Session, name: str, drawn: dict[str, int]) -> dict[str, Any]:
    press = Press(
        T, "UASHA", "reset_setting", name, "t", None, None, "V1", "h", "1.0", metadata={"drawn": drawn}
    )
    return settings.reset(session, press, NOW).view()


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
    check_view(dict(settings.open_workspace(office, T, "UASHA").view()), "modal")


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
