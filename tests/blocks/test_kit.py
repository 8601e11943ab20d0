"""Messages, forms, the Home tab, and the blocks they are made of."""

import json
from enum import StrEnum

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks import kit
from bot.sandbox.block_kit import check_blocks
from bot.sandbox.block_kit_views import check_view


class Action(StrEnum):
    """An id as the app has them."""

    PRESS = "press"


def everything_shown(words: str) -> list[kit.Block]:
    """One of each block that shows something, full of somebody's words."""
    sure = kit.confirm("Delete it?", kit.plain(words), "Delete", style="danger")
    choice = kit.option(kit.plain(words), "one", description=kit.plain(words))
    picture = kit.image_element("https://a.example/p.png", words)
    return [
        kit.header(kit.plain(words)),
        kit.section(kit.said(words), kit.button("Press", Action.PRESS, style="primary", confirm=sure)),
        kit.section(kit.said(words), fields=[kit.said(words)] * 10, block_id="fields"),
        kit.section(kit.quote(kit.said(words)), kit.overflow("more", choice, confirm=sure)),
        kit.context(kit.said(words), picture),
        kit.divider(),
        kit.image("https://a.example/p.png", words, title=words),
        kit.file_image("F123", words),
        kit.actions("row", kit.button("Open", "open", url="https://a.example", label=words)),
        *kit.started_footer(f"you wrote {kit.said(words)}", "nudge", "stop"),
    ]


@given(st.text(max_size=40) | st.sampled_from(["<!channel> " * 900, "& " * 3000, "x" * 9000, "👩‍💻" * 60]))
def test_slack_takes_every_block_whatever_people_wrote(words: str) -> None:
    """Empty, hostile and endless words all end up in blocks that Slack accepts."""
    message = (
        kit.Message(kit.said(words).strip() or "Something new", everything_shown(words))
        if words.strip()
        else None
    )
    blocks = message.payload()["blocks"] if message else everything_shown(words)
    check_blocks(blocks, "message")
    check_view(kit.Home(everything_shown(words)).view(), "home")


def test_a_message_carries_its_fallback_and_unfurls_nothing() -> None:
    """The arguments are complete but for the channel, and survive JSON."""
    blocks = [kit.section("Hello", kit.button("Press", Action.PRESS, value="1"))]
    payload = kit.Message("Hello", blocks).payload()
    assert json.loads(json.dumps(payload)) == {
        "text": "Hello",
        "blocks": [
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": "Hello", "verbatim": True},
                "accessory": {
                    "type": "button",
                    "action_id": "press",
                    "text": {"type": "plain_text", "text": "Press", "emoji": True},
                    "value": "1",
                },
            }
        ],
        "unfurl_links": False,
        "unfurl_media": False,
    }


def test_the_fallback_is_shortened_and_calls_no_crowd() -> None:
    """Whatever becomes a message's text, no notification goes to everybody."""
    text = kit.Message("<!channel> " + "word " * 1000).payload()["text"]
    assert isinstance(text, str)
    assert text.startswith("@channel word")
    assert len(text) <= 4000


def test_markup_calls_no_crowd_but_may_mention_a_person() -> None:
    """A mention that we chose stays live in a block; a crowd never does."""
    block = kit.section(f"{kit.mention('U1')} <!here> <!subteam^S1|@docs>")
    assert block["text"]["text"] == "<@U1> @here @docs"


def test_a_message_without_text_is_refused() -> None:
    """Screen readers and notifications always have something to read."""
    with pytest.raises(ValueError, match="needs a text"):
        kit.Message(" ", [kit.divider()])


@pytest.mark.parametrize(
    ("surface", "most"),
    [(lambda b: kit.Message("x", b), 50), (kit.Home, 100), (lambda b: kit.Modal("m", "T", b), 100)],
)
def test_too_many_blocks_are_refused(surface: type[kit.Home], most: int) -> None:
    """A message holds fifty blocks, a form and the Home tab a hundred."""
    surface([kit.divider()] * most)
    with pytest.raises(ValueError, match="Slack allows"):
        surface([kit.divider()] * (most + 1))


def test_a_block_id_comes_once() -> None:
    """Two blocks of one name would mix up their answers."""
    with pytest.raises(ValueError, match="twice"):
        kit.Home([kit.divider("a"), kit.divider("a")])


def test_an_action_id_comes_once_in_a_row() -> None:
    """Two buttons of one name in one row could not be told apart."""
    with pytest.raises(ValueError, match="twice"):
        kit.actions("row", kit.button("A", "same"), kit.button("B", "same"))


def test_files_are_asked_for_in_forms_only() -> None:
    """Slack refuses a file field in a message."""
    with pytest.raises(ValueError, match="form"):
        kit.Message("x", [kit.file_input("File", "b", "a")])


def test_a_form_says_what_it_is() -> None:
    """The view carries ids, buttons and what the form remembers, without nulls."""
    form = kit.Modal(
        Action.PRESS,
        "New plan",
        [kit.text_input("Goal", "goal", "goal")],
        submit="Save",
        close="Not now",
        private_metadata={"channel": "C1", "n": 1},
        notify_on_close=True,
    )
    view = json.loads(json.dumps(form.view()))
    check_view(view, "modal")
    assert view["callback_id"] == "press"
    assert json.loads(view["private_metadata"]) == {"channel": "C1", "n": 1}
    assert view["title"]["text"] == "New plan"
    assert view["notify_on_close"] is True
    assert "private_metadata" not in kit.Modal("m", "T", [kit.divider()]).view()


@pytest.mark.parametrize(
    "build",
    [
        lambda: kit.Modal("m", "x" * 25, [kit.divider()]),
        lambda: kit.Modal("m", "T", [kit.divider()], close="x" * 25),
        lambda: kit.Modal("m", "T", [kit.text_input("L", "b", "a")], submit="x" * 25),
        lambda: kit.Modal("m", "T", [kit.text_input("L", "b", "a")]),
        lambda: kit.Modal("m", "T", []),
        lambda: kit.Modal("", "T", [kit.divider()]),
        lambda: kit.Modal("m", "T", [kit.divider()], private_metadata={"x": "y" * 3000}),
        lambda: kit.Modal("m", "T", [kit.section("ä" * 3000)] * 90),
        lambda: kit.Home([]),
        lambda: kit.Home([kit.section("ä" * 3000)] * 90),
        lambda: kit.button("x" * 76, "a"),
        lambda: kit.button("", "a"),
        lambda: kit.button("x", "a" * 256),
        lambda: kit.button("x", ""),
        lambda: kit.button("x", "a", value="v" * 2001),
        lambda: kit.button("x", "a", url="https://a.example/" + "x" * 3000),
        lambda: kit.button("x", "a", style="purple"),
        lambda: kit.confirm("x" * 101, "y", "Yes"),
        lambda: kit.confirm("x", "y", "Yes" * 11),
        lambda: kit.actions("row"),
        lambda: kit.actions("row", *[kit.button("x", f"a{n}") for n in range(26)]),
        kit.context,
        lambda: kit.context(*["x"] * 11),
        lambda: kit.section("x", fields=["y"] * 11),
        lambda: kit.section("x", block_id="b" * 256),
        lambda: kit.overflow("a"),
        lambda: kit.overflow("a", *[kit.option("x", str(n)) for n in range(6)]),
        lambda: kit.option("x", "v" * 151),
        lambda: kit.image("https://a.example/" + "x" * 3000, "x"),
    ],
)
def test_our_own_words_that_slack_would_refuse_raise(build: object) -> None:
    """What is too long, empty or too many of our own making fails in a test, not at night."""
    assert callable(build)
    with pytest.raises(ValueError, match=r"\w"):
        build()


def test_what_the_app_starts_says_why_and_how_to_stop() -> None:
    """Every message the app starts ends with its reason and one button for its kind."""
    reason, row = kit.started_footer("you are in <#C1>.", "weekly", Action.PRESS)
    assert reason["elements"][0]["text"] == "You get this because you are in <#C1>."
    assert row["elements"][0]["action_id"] == "press"
    assert row["elements"][0]["value"] == "weekly"
