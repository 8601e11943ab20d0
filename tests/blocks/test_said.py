"""Somebody's Slack text shown again."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.said import escape, first_line, hush, plain, quote, said, shorten

NAMES = {"U1": "Asha", "U2": "Ben & Jo <boss>", "C1": "git-circle"}
HOSTILE = (
    "<@U1>",
    "<@U2|ben>",
    "<@U9>",
    "<@U9|Kim>",
    "<!here>",
    "<!channel|@channel>",
    "<!everyone>",
    "<!subteam^S1|@docs>",
    "<!subteam^S1>",
    "<!date^1700000000^{date}^https://evil.example|3 November>",
    "<!",
    "<!>",
    "<!-- no -->",
    "<#C1|git-circle>",
    "<#C9>",
    "<https://good.example/a?b=1&amp;c=2>",
    "<https://evil.example|https://good.example>",
    "<https://evil.example|Docs (good.example)>",
    "<https://good.example@evil.example>",
    "<https://good.example\\@evil.example|x>",
    "<https://еvil.example|good>",
    "<http://[::1]/|six>",
    "<http://[oops|six>",
    "<mailto:a@b.example|a@b.example>",
    "<mailto:a@b.example|the boss>",
    "<javascript:alert(1)|press>",
    "<tel:+1234|+1234>",
    "<foo|bar|baz>",
    "<",
    ">",
    "&",
    "&amp;",
    "&lt;!channel&gt;",
    "amp;",
    "lt;",
    "|",
    "\u202e",
    "\u2066",
    "\x00",
    "\r\n",
    "\u2028",
    "\ud800",
    "👩‍💻",
    "é",
    "\n",
    " ",
    "```",
    "word",
)
messages = st.lists(st.sampled_from(HOSTILE) | st.text(max_size=5), max_size=30).map("".join)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("hello <@U1>", "hello @Asha"),
        ("hello <@U1|old name>", "hello @Asha"),
        ("hello <@U9|Kim>", "hello @Kim"),
        ("hello <@U9>", "hello @someone"),
        ("hello <@U2>", "hello @Ben &amp; Jo &lt;boss&gt;"),
        ("<!channel> <!here|here> <!everyone>", "@channel @here @everyone"),
        ("<!subteam^S1|@docs> <!subteam^S1>", "@docs @group"),
        ("due <!date^1^{date}|3 November>", "due 3 November"),
        ("in <#C1|git-circle>", "in <#C1>"),
        ("<javascript:alert(1)|press>", "press"),
        ("<foo>", "&lt;foo&gt;"),
        ("a &amp; b & c &lt; d < e", "a &amp; b &amp; c &lt; d &lt; e"),
        ("*bold* `code`", "*bold* `code`"),
    ],
)
def test_tokens_become_words_that_ping_nobody(text: str, shown: str) -> None:
    """People, groups and dates turn into words; channels stay live, for Slack guards their names."""
    assert said(text, NAMES) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("<https://a.example/x>", "<https://a.example/x>"),
        ("<http://a.example|a.example>", "<http://a.example|a.example>"),
        ("<https://a.example/x|the docs>", "<https://a.example/x|the docs (a.example)>"),
        ("<https://a.example|https://b.example>", "<https://a.example|https://b.example (a.example)>"),
        ("<https://a.example|x (b.example)>", "<https://a.example|x (b.example) (a.example)>"),
        ("<https://b.example@a.example>", "<https://b.example@a.example|a.example>"),
        ("<https://а.example/>", "<https://а.example/|xn--80a.example>"),
        ("<mailto:a@b.example|a@b.example>", "<mailto:a@b.example|a@b.example>"),
        ("<mailto:a@b.example|the boss>", "<mailto:a@b.example|the boss (a@b.example)>"),
        ("<https://b.example\\@a.example|x>", "x"),
        ("<http://[oops|x>", "x"),
        ("<https://a.example/?a=1&b=2>", "<https://a.example/?a=1&amp;b=2>"),
    ],
)
def test_a_link_says_where_it_goes(text: str, shown: str) -> None:
    """When the words of a link hide its host, the host is added."""
    assert said(text) == shown


def test_direction_overrides_and_control_characters_are_dropped() -> None:
    """Nothing unseen can reorder or break a message, nor hide a ping from us."""
    assert said("a\u202eb\x00c\u2066d\ud800") == "abcd\ufffd"
    assert said("<\u202e!channel>") == "@channel"
    assert said("one\r\ntwo\u2028three") == "one\ntwo\nthree"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("<@U2> in <#C1|old> & <#C9|new> &amp; <#C9>", "@Ben & Jo <boss> in #git-circle & #new & #channel"),
        ("<https://a.example|docs>", "docs (a.example)"),
        ("<https://a.example/?a=1&amp;b=2>", "https://a.example/?a=1&b=2"),
        ("&amp;lt;", "&lt;"),
    ],
)
def test_plain_text_has_no_markup(text: str, words: str) -> None:
    """Titles read as a person would write them."""
    assert plain(text, NAMES) == words


@given(messages)
def test_saying_twice_changes_nothing(text: str) -> None:
    """What is safe once stays exactly as it is."""
    once = said(text, NAMES)
    assert said(once, NAMES) == once


@given(messages)
def test_only_links_and_channels_stay_live(text: str) -> None:
    """No person, group, date or other token survives, and nothing is left unescaped."""
    shown = said(text, NAMES)
    rest = re.sub(r"<(#[CGD][A-Z0-9]+|https?://[^<>]+|mailto:[^<>]+)>", "", shown, flags=re.IGNORECASE)
    assert "<" not in rest
    assert ">" not in rest
    assert not re.search(r"&(?!(amp|lt|gt);)", shown)


@given(messages)
def test_plain_text_is_the_same_before_and_after(text: str) -> None:
    """Making a text safe loses none of its words."""
    names = {**NAMES, "C9": "elsewhere"}
    assert plain(said(text, names), names) == plain(text, names)


@given(st.text())
def test_escaped_text_reads_as_it_was_typed(text: str) -> None:
    """What was typed into a form is shown letter by letter."""
    assert plain(escape(text)) == plain(said(escape(text)))
    assert said(escape(text)) == escape(text)


@given(messages, st.integers(1, 80))
def test_shortened_text_fits_and_keeps_tokens_whole(text: str, limit: int) -> None:
    """A cut never leaves half an entity or half a link behind."""
    shown = said(text, NAMES)
    short = shorten(shown, limit)
    assert len(short) <= limit
    assert short.count("<") == short.count(">")
    assert said(short, NAMES) == short
    assert short == shown or short.endswith("…")
    assert shorten(short, limit) == short


@pytest.mark.parametrize(
    ("text", "limit", "short"),
    [
        ("one two three", 13, "one two three"),
        ("one two three", 10, "one two…"),
        ("one two three", 8, "one two…"),
        ("abcdefghij", 5, "abcd…"),
        ("ab &amp; cd", 7, "ab…"),
        ("see <https://a.example|the long docs> now", 30, "see…"),
        ("abcd👩‍💻xyz", 7, "abcd…"),
        ("abc", 1, "…"),
        ("We retry. And then it works.", 11, "We retry…"),
        ("first, second, third", 10, "first…"),
    ],
)
def test_texts_are_cut_between_words(text: str, limit: int, short: str) -> None:
    """People see where something is missing, and no broken word before it."""
    assert shorten(text, limit) == short


def test_nothing_fits_into_no_room() -> None:
    """A limit below one character is a mistake of ours."""
    with pytest.raises(ValueError, match="one character"):
        shorten("abc", 0)


@pytest.mark.parametrize(
    "piece", ["<", "<!", "&", "<a", "<@U1", ">", "|", " ", "<https://a|", "&amp", "((", "é"]
)
def test_the_longest_message_is_read(piece: str) -> None:
    """Forty thousand hostile characters are handled like any others."""
    text = piece * (40_000 // len(piece))
    for whole in (text, f"<{text}>", f"<https://a.example/{text}", f"<https://{text}|x>"):
        shown = said(whole)
        assert said(shown) == shown
        assert len(shorten(shown, 3000)) <= 3000
        assert isinstance(plain(whole), str)


def test_a_quote_marks_every_line() -> None:
    """Every line of a quote stands behind its mark."""
    assert quote("one\n\ntwo\n") == "> one\n>\n> two"


def test_the_first_line_is_the_first_with_words() -> None:
    """Empty lines, fences and quote marks are no first line."""
    assert first_line("\n```\n> \n  Git rebase explained\nmore", 12) == "Git rebase…"
    assert first_line(" \n", 12) == ""


def test_a_crowd_is_never_called() -> None:
    """Our own markup keeps mentions and dates, but loses every call to a crowd."""
    text = "<@U1> <!date^1^{date}|x> <!channel> <!subteam^S1|@docs> <!here"
    assert hush(text) == "<@U1> <!date^1^{date}|x> @channel @docs <!here"
