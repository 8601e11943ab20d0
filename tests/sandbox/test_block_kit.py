from typing import Any

import pytest

from bot.sandbox.block_kit import check_blocks, with_ids
from bot.sandbox.block_kit_views import check_view
from bot.sandbox.errors import SlackError
from tests.sandbox.conftest import Json, line, modal, plain, section

OPTION = {"text": plain("A"), "value": "a"}


def actions(*elements: Json) -> Json:
    """An actions block."""
    return {"type": "actions", "elements": list(elements)}


def button(**details: Any) -> Json:
    """A button."""
    return {"type": "button", "action_id": "go", "text": plain("Go")} | details


def select(**details: Any) -> Json:
    """A select with one option."""
    return {"type": "static_select", "action_id": "pick", "options": [OPTION]} | details


FINE = [
    [section(accessory=button())],
    [{"type": "header", "text": plain("Hi")}, {"type": "divider"}],
    [
        {
            "type": "context",
            "elements": [plain("a"), {"type": "image", "image_url": "https://a.b/c", "alt_text": "c"}],
        }
    ],
    [
        actions(
            button(),
            button(action_id="b"),
            select(),
            {"type": "overflow", "action_id": "o", "options": [OPTION]},
        )
    ],
    [{"type": "image", "slack_file": {"id": "F1"}, "alt_text": "chart", "title": plain("Chart")}],
    [line()],
    [{"type": "section", "fields": [plain("a"), plain("b")]}],
    [{"type": "markdown", "text": "# Hi"}],
]
REFUSED = [
    ("unsupported type", [{"type": "sextion"}]),
    ("must be less than 3001 characters", [section("x" * 3001)]),
    ("must be more than 0 characters", [section("")]),
    ("must have text or fields", [{"type": "section"}]),
    ("no more than 10 items", [{"type": "section", "fields": [plain("a")] * 11}]),
    ("must be less than 2001", [{"type": "section", "fields": [plain("a" * 2001)]}]),
    ("must be less than 151", [{"type": "header", "text": plain("x" * 151)}]),
    ("must be plain_text", [{"type": "header", "text": {"type": "mrkdwn", "text": "x"}}]),
    ("must be less than 76", [actions(button(text=plain("x" * 76)))]),
    ("must be less than 2001", [actions(button(value="x" * 2001))]),
    ("must be one of", [actions(button(style="blue"))]),
    ("invalid additional property", [actions(button(colour="blue"))]),
    ("missing required field: text", [actions({"type": "button", "action_id": "go"})]),
    ("no more than 25 items", [actions(*[button(action_id=str(n)) for n in range(26)])]),
    ("no fewer than 1 items", [actions()]),
    ("is not allowed in a block", [actions({"type": "plain_text_input", "action_id": "x"})]),
    ("is not allowed in a block", [line(element=button())]),
    ("no more than 100 items", [actions(select(options=[OPTION | {"value": str(n)} for n in range(101)]))]),
    ("must be less than 151", [actions(select(options=[OPTION | {"value": "v" * 151}]))]),
    ("exactly one of options", [actions({"type": "static_select", "action_id": "x"})]),
    ("must exactly match", [actions(select(initial_option={"text": plain("B"), "value": "b"}))]),
    ("no more than 5 items", [actions({"type": "overflow", "action_id": "o", "options": [OPTION] * 6})]),
    ("must be unique", [actions(select(options=[OPTION, OPTION]))]),
    ("already exists", [section(block_id="a"), section(block_id="a")]),
    ("already exists", [actions(button(), button())]),
    ("no more than 50 items", [section()] * 51),
    ("missing required field: alt_text", [{"type": "image", "image_url": "https://a.b/c"}]),
    ("exactly one of image_url", [{"type": "image", "alt_text": "a"}]),
    ("modals only", [line(element={"type": "file_input"})]),
    ("invalid format", [actions({"type": "datepicker", "action_id": "d", "initial_date": "31.1.2026"})]),
    ("is_decimal_allowed", [line(element={"type": "number_input"})]),
    ("must be from 0 to 3000", [line(element={"max_length": 3001})]),
    ("must provide an object", ["text"]),
    ("must be an array", {"type": "section"}),
    ("missing required field", [actions(button(confirm={"title": plain("Sure?")}))]),
    ("must be a string", [section({"nested": 1})]),  # type: ignore[arg-type]  # what a careless app sends
]


@pytest.mark.parametrize("blocks", FINE)
def test_what_slack_takes_is_taken(blocks: list[Json]) -> None:
    """Ordinary blocks pass."""
    check_blocks(blocks, "message")


@pytest.mark.parametrize(("reason", "blocks"), REFUSED)
def test_what_slack_refuses_is_refused(reason: str, blocks: list[Json]) -> None:
    """Each with invalid_blocks and a pointer to the place."""
    with pytest.raises(SlackError) as caught:
        check_blocks(blocks, "message")
    messages = caught.value.extra["response_metadata"]["messages"]
    assert caught.value.code == "invalid_blocks"
    assert any(reason in message for message in messages), messages
    assert "json-pointer:/blocks" in messages[0]


@pytest.mark.parametrize(
    ("reason", "view"),
    [
        ("must be modal", {"type": "home", "blocks": []}),
        ("missing required field: title", modal(section()) | {"title": None}),
        ("must be less than 25", modal(section(), title=plain("x" * 25))),
        ("must be less than 25", modal(section(), submit=plain("x" * 25))),
        ("there are input blocks", modal(line()) | {"submit": None}),
        ("must be less than 3001", modal(section(), private_metadata="x" * 3001)),
        ("no more than 100 items", modal(*[section()] * 101)),
        ("unsupported type", modal({"type": "markdown", "text": "x"})),
    ],
)
def test_forms_that_slack_refuses_are_refused(reason: str, view: Json) -> None:
    """Titles, submit, metadata, kinds of blocks."""
    with pytest.raises(SlackError) as caught:
        check_view(view, "modal")
    assert any(reason in message for message in caught.value.extra["response_metadata"]["messages"])


def test_a_view_that_is_too_large() -> None:
    """250 kB is the end."""
    with pytest.raises(SlackError, match="view_too_large"):
        check_view(modal(*[section("x" * 3000) for _ in range(90)]), "modal")


def test_a_home_has_no_submit() -> None:
    """A Home with the parts of a form is refused."""
    with pytest.raises(SlackError):
        check_view({"type": "home", "blocks": [], "submit": plain("Save")}, "home")


def test_missing_ids_are_given() -> None:
    """Blocks and elements get ids, the given ones stay, and the original is not touched."""
    blocks = [actions({"type": "button", "text": plain("Go")}), section(block_id="mine")]
    with_all = with_ids(blocks)
    assert with_all[0]["block_id"]
    assert with_all[0]["elements"][0]["action_id"]
    assert with_all[1]["block_id"] == "mine"
    assert "block_id" not in blocks[0]
