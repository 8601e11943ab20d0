"""Fields, menus and choices of forms."""

from datetime import UTC, date, datetime, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import kit
from bot.sandbox.block_kit_views import check_view

COLOURS = [kit.option("Red", "red"), kit.option("Blue", "blue", description="like the sea")]
GROUPS = [kit.group("Warm", COLOURS[0]), kit.group("Cold", COLOURS[1])]


def form(*blocks: kit.Block) -> dict[str, object]:
    """The view of a form with these blocks, refused as Slack would refuse it."""
    view = kit.Modal("m", "Form", blocks, submit="Save").view()
    check_view(view, "modal")
    return view


def element(block: kit.Block) -> kit.Block:
    """The element of a field in a form that Slack accepts."""
    form(block)
    return kit.control(block)


@given(st.text(max_size=40) | st.sampled_from(["x" * 9000, "& " * 3000]))
def test_slack_takes_every_field_whatever_people_wrote(words: str) -> None:
    """A form with one of each field opens, with people's words in it or nothing chosen at all."""
    choices = [kit.option(kit.plain(words), "one"), kit.option("Two", "two")]
    hints = {"hint": "Only you see this.", "placeholder": "For example git"}
    form(
        kit.text_input("Goal", "b1", "a", words, multiline=True, max_length=300, min_length=1, **hints),  # type: ignore[arg-type]
        kit.url_input("Link", "b2", "a"),
        kit.number("Days", "b3", "a", 3, least=1, most=90),
        kit.select("One", "b4", "a", choices, initial="one"),
        kit.select("One", "b5", "a", groups=[kit.group(kit.plain(words), *choices)], initial="two"),
        kit.multi_select("Some", "b6", "a", choices, initial=["two", "one"], most=2),
        kit.external_select("Find", "b7", "a", initial=choices[0], min_query_length=2),
        kit.radio("One", "b8", "a", choices, initial="two"),
        kit.checkboxes("Some", "b9", "a", choices, initial=["one"]),
        kit.users_select("Who", "b10", "a", initial="U1"),
        kit.multi_users("Who", "b11", "a", initial=["U1", "U2"], most=5),
        kit.channels_select("Where", "b12", "a", initial="C1"),
        kit.conversations_select("Where", "b13", "a", default_to_current=True, external=False),
        kit.date_picker("Day", "b14", "a", initial=date(2026, 11, 3)),
        kit.time_picker("Hour", "b15", "a", initial=time(9, 5)),
        kit.datetime_picker("When", "b16", "a", initial=datetime(2026, 11, 3, 9, tzinfo=UTC)),
        kit.file_input("Clip", "b17", "a", filetypes=["mp4"], max_files=1, optional=True),
    )


def test_what_was_typed_before_is_shortened_to_its_field() -> None:
    """A form opens also when an earlier text is longer than today's limit."""
    assert len(element(kit.text_input("Goal", "b", "a", "word " * 100, max_length=20))["initial_value"]) <= 20


def test_a_choice_that_is_no_longer_offered_is_not_chosen() -> None:
    """A form opens also when an earlier choice has gone."""
    assert "initial_option" not in element(kit.select("Colour", "b", "a", COLOURS, initial="green"))
    assert "initial_options" not in element(kit.multi_select("Colour", "b", "a", COLOURS, initial=["green"]))


def test_what_was_chosen_before_is_chosen_again() -> None:
    """The options whose values were stored are the ones that are ticked."""
    assert (
        element(kit.select("Colour", "b", "a", groups=GROUPS, initial="blue"))["initial_option"] == COLOURS[1]
    )
    assert element(kit.checkboxes("Colour", "b", "a", COLOURS, ["red"]))["initial_options"] == [COLOURS[0]]
    assert element(kit.radio("Colour", "b", "a", COLOURS, "red"))["initial_option"] == COLOURS[0]


def test_days_and_hours_are_written_as_slack_reads_them() -> None:
    """A day is YYYY-MM-DD, an hour HH:mm, an instant the seconds since 1970."""
    assert element(kit.date_picker("Day", "b", "a", date(2026, 1, 2)))["initial_date"] == "2026-01-02"
    assert element(kit.time_picker("Hour", "b", "a", time(0, 0)))["initial_time"] == "00:00"
    instant = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    assert element(kit.datetime_picker("When", "b", "a", instant))["initial_date_time"] == 1_793_662_200


@pytest.mark.parametrize(("value", "digits"), [(0, "0"), (1_000_000, "1000000"), (2.5, "2.5"), (3.0, "3")])
def test_numbers_are_written_in_full(value: float, digits: str) -> None:
    """Slack takes numbers as digits, never as 1e+06."""
    assert element(kit.number("Days", "b", "a", value, decimals=True))["initial_value"] == digits


def test_a_field_may_be_left_empty_only_when_it_says_so() -> None:
    """Fields are required unless they are optional."""
    assert kit.text_input("Goal", "b", "a")["optional"] is False
    assert kit.text_input("Goal", "b", "a", optional=True)["optional"] is True


def test_a_menu_can_stand_outside_a_form() -> None:
    """The control of a field alone goes beside a section or into a row."""
    menu = kit.control(kit.select("Colour", "b", "a", COLOURS))
    assert kit.section("Colour", menu)["accessory"]["type"] == "static_select"
    check_view(kit.Home([kit.section("Colour", menu), kit.actions("row", menu)]).view(), "home")


@pytest.mark.parametrize(
    "build",
    [
        lambda: kit.text_input("", "b", "a"),
        lambda: kit.text_input("x" * 2001, "b", "a"),
        lambda: kit.text_input("L", "", "a"),
        lambda: kit.text_input("L", "b", ""),
        lambda: kit.text_input("L", "b", "a", hint="x" * 2001),
        lambda: kit.text_input("L", "b", "a", placeholder="x" * 151),
        lambda: kit.text_input("L", "b", "a", max_length=3001),
        lambda: kit.text_input("L", "b", "a", max_length=0),
        lambda: kit.text_input("L", "b", "a", min_length=5, max_length=4),
        lambda: kit.select("L", "b", "a"),
        lambda: kit.select("L", "b", "a", COLOURS, GROUPS),
        lambda: kit.select("L", "b", "a", COLOURS * 51),
        lambda: kit.select("L", "b", "a", groups=GROUPS * 51),
        lambda: kit.group("Empty"),
        lambda: kit.multi_select("L", "b", "a", COLOURS, most=0),
        lambda: kit.multi_users("L", "b", "a", most=0),
        lambda: kit.radio("L", "b", "a", COLOURS * 6),
        lambda: kit.checkboxes("L", "b", "a", []),
        lambda: kit.datetime_picker("L", "b", "a", datetime(2026, 1, 1)),  # noqa: DTZ001 - the naive one is refused
        lambda: kit.file_input("L", "b", "a", max_files=11),
        lambda: kit.file_input("L", "b", "a", max_files=0),
    ],
)
def test_a_field_that_slack_would_refuse_raises(build: object) -> None:
    """What is too long, missing or too many of our own making fails in a test, not at night."""
    assert callable(build)
    with pytest.raises(ValueError, match=r"\w"):
        build()
