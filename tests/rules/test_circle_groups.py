"""Who goes into which circle."""

from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.circle_groups import Pair, form_groups, pairs_of

NAMES = [f"U{n:02}" for n in range(24)]


def met_before(circles: list[list[str]]) -> set[Pair]:
    """Who was together in these."""
    return {pair for circle in circles for pair in pairs_of(circle)}


@settings(max_examples=60, deadline=None)
@given(
    st.dictionaries(st.sampled_from(NAMES), st.sampled_from([-6.0, 0.0, 1.0, 5.5]), max_size=20),
    st.lists(st.lists(st.sampled_from(NAMES), min_size=2, max_size=4, unique=True), max_size=6),
)
def test_everybody_is_in_one_circle_or_told_and_nobody_meets_twice(
    people: dict[str, float], before: list[list[str]]
) -> None:
    """Whatever the past: each person is placed once or known to be left, no pair repeats, the sizes hold."""
    met = met_before(before)
    circles, left = form_groups(people, met)
    placed = [person for circle in circles for person in circle]
    assert sorted(placed + left) == sorted(people)
    assert all(3 <= len(circle) <= 5 for circle in circles)
    assert not met & met_before(circles)


def test_numbers_that_do_not_divide_make_larger_circles() -> None:
    """Of eight people nobody is left: three and five, or four and four."""
    for number in range(3, 25):
        circles, left = form_groups(dict.fromkeys(NAMES[:number], 0.0), set())
        assert left == [], number
        assert sum(map(len, circles)) == number


def test_near_clocks_go_together() -> None:
    """Three in Kolkata and three in Chicago are two circles, each at home in its own day."""
    people = dict.fromkeys(NAMES[:3], 5.5) | dict.fromkeys(NAMES[3:6], -6.0)
    circles, _ = form_groups(people, set())
    assert sorted(map(sorted, circles)) == [NAMES[:3], NAMES[3:6]]


def test_two_people_are_no_circle() -> None:
    """They are told so instead of being left without a word."""
    assert form_groups({"U1": 0.0, "U2": 0.0}, set()) == ([], ["U1", "U2"])


def test_the_same_people_give_the_same_circles() -> None:
    """A second replica comes to the same."""
    people = dict.fromkeys(NAMES, 1.0)
    assert form_groups(people, set(), seed=7) == form_groups(people, set(), seed=7)


def test_a_second_round_brings_new_faces() -> None:
    """Nine people, four rounds: nobody sits with anybody again while that is possible."""
    people, met = dict.fromkeys(NAMES[:9], 0.0), set[Pair]()
    for round_number in range(2):
        circles, left = form_groups(people, met, seed=round_number)
        assert left == []
        assert not met & met_before(circles)
        met |= met_before(circles)
