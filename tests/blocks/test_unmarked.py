"""Markup is taken from titles, and nothing else is."""

import pytest

from bot.blocks.unmarked import unmarked


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("The *controller* restarts _it_, ~never~ `kubectl`.", "The controller restarts it, never kubectl."),
        ("*_both_* and (*this*), “*that*”", "both and (this), “that”"),
        ("*A whole line*", "A whole line"),
        ("```\ngit push\n```", "\ngit push\n"),
        ("2 * 3 * 4, snake_case_name, **kwargs, __init__, ~/notes", None),
        ("5*6*7 and a lone * or _ or `", None),
        ("* a list\n* of two", None),
        ("", None),
    ],
)
def test_only_signs_around_words_go(typed: str, read: str | None) -> None:
    """Arithmetic, names of code and lists stay as they were typed."""
    assert unmarked(typed) == (typed if read is None else read)


def test_a_very_long_line_of_signs_takes_no_time() -> None:
    """Somebody pastes forty thousand signs: it is over at once (the test's own time-out says so)."""
    for sign in "*_~`":
        unmarked((sign + "a ") * 20_000)
        unmarked(sign * 40_000)
