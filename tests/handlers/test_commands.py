"""`/learn`: other obvious words lead to the command, what is not there yet says so, and a typo gets the nearest."""

import pytest

import handlers
from bot.blocks import commands as blocks
from bot.sandbox.block_kit import check_blocks
from handlers.commands import ALIASES, _unknown, split

WORDS = dict.fromkeys(("share", "ask", "find", "settings", "help"))


@pytest.mark.parametrize(
    ("typed", "near"), [("shar", "share"), ("aks", "ask"), ("setings", "settings"), ("serach", "search")]
)
def test_a_typo_gets_the_nearest(typed: str, near: str) -> None:
    """A word nearly right is answered with the right one."""
    assert f"/learn {near}" in _unknown(typed, WORDS).text  # type: ignore[arg-type]


@pytest.mark.parametrize("word", sorted(blocks.NOT_YET))
def test_what_is_not_there_yet_says_what_helps_meanwhile(word: str) -> None:
    """No dead end, no promise: a short honest sentence that a message can carry."""
    answer = _unknown(word, WORDS)  # type: ignore[arg-type]
    assert "not" in answer.text or "cannot" in answer.text
    check_blocks(list(answer.blocks), "message")


@pytest.mark.parametrize("typed", ["<!channel>", "`x`", "\u202eevil", "x" * 5_000])
def test_nonsense_is_answered_harmlessly(typed: str) -> None:
    """What somebody typed is shown again without pinging anybody."""
    answer = _unknown(typed, WORDS)  # type: ignore[arg-type]
    assert "<!channel>" not in str(answer.payload())
    check_blocks(list(answer.blocks), "message")


def test_aliases_lead_to_known_words_and_hide_none() -> None:
    """An alias is not a command itself and no feature to come."""
    assert not set(ALIASES) & set(blocks.NOT_YET)
    assert set(ALIASES.values()) <= set(handlers.WORDS)
    assert split("  FIND  git rebase ") == ("find", "git rebase")


def test_nothing_that_exists_is_called_missing() -> None:
    """A command that exists is never answered with "not there yet"."""
    assert not set(handlers.WORDS) & set(blocks.NOT_YET)


@pytest.mark.parametrize("typed", ["", "share `x` <!channel>", "x" * 5_000])
def test_a_lost_form_gives_back_what_was_typed(typed: str) -> None:
    """To be copied, whatever it was, without pinging anybody."""
    answer = blocks.form_lost(typed)
    assert typed[:6] in answer.text
    assert "<!channel>" not in str(answer.payload())
    check_blocks(list(answer.blocks), "message")
