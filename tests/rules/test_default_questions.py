"""Questions of programmes that bring none: each fits its day, and none is asked twice."""

from hypothesis import given
from hypothesis import strategies as st

from bot.blocks.check_ins import BETWEEN, QUESTIONS, USUAL_DAYS, default_questions
from bot.rules.choices import LAST_CHECK_IN, MOST_CHECK_INS

DAYS = st.sets(st.integers(1, LAST_CHECK_IN), min_size=1, max_size=MOST_CHECK_INS).map(sorted)


def test_the_usual_days_get_their_own_questions() -> None:
    """Day 2, 7, 16, 35, 70, 182, 365."""
    assert default_questions(USUAL_DAYS, "Bread") == [one.format(programme="Bread") for one in QUESTIONS]


def test_half_a_year_and_a_year_are_spoken_of_when_it_is_so() -> None:
    """A workspace that asks more often hears of half a year after half a year, and of a year never."""
    asked = default_questions([2, 5, 9, 14, 21, 30, 45, 60, 90, 180], "Bread")
    assert [question.startswith("Half a year") for question in asked] == [False] * 9 + [True]
    assert not any(question.startswith("A year") for question in asked)


@given(DAYS)
def test_no_two_are_alike(days: list[int]) -> None:
    """Whatever days a workspace chooses, there are questions enough."""
    asked = default_questions(days, "Bread")
    assert len(set(asked)) == len(days)
    assert len(BETWEEN) + len(QUESTIONS) >= MOST_CHECK_INS
