"""When check-ins are due, as a pure function: days, hours, distances, merging, and a fate for each."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.rules.check_in_plan import Reason, Situation, Wanted, is_humane, plan
from bot.rules.working_time import Calendar
from tests.rules.learning import DAYS

DAY = timedelta(days=1)
ZONES = (
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/Chicago",
    "America/New_York",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Asia/Kolkata",
    "Pacific/Chatham",
    "UTC",
)


def wanted(ended_on: date, days: tuple[int, ...] = DAYS) -> list[Wanted]:
    """The check-ins after this day."""
    return [Wanted(day, ended_on + day * DAY) for day in days]


def changes(zone: ZoneInfo, year: int) -> list[date]:
    """The days of a year on which this zone's clocks are changed."""
    noons = [datetime.combine(date(year, 1, 1) + n * DAY, time(12), zone) for n in range(366)]
    return [after.date() for before, after in pairwise(noons) if before.utcoffset() != after.utcoffset()]


@pytest.mark.parametrize(
    ("name", "of_2027"),
    [
        ("Europe/Lisbon", ["2027-03-28", "2027-10-31"]),
        ("Europe/Berlin", ["2027-03-28", "2027-10-31"]),
        ("America/Chicago", ["2027-03-14", "2027-11-07"]),
        ("America/New_York", ["2027-03-14", "2027-11-07"]),
        ("Australia/Sydney", ["2027-04-04", "2027-10-03"]),
        ("Australia/Lord_Howe", ["2027-04-04", "2027-10-03"]),
        ("Africa/Casablanca", ["2027-02-07", "2027-03-14"]),
    ],
)
@pytest.mark.parametrize("hour", [6, 9, 21])
def test_the_hour_on_the_wall_stays_across_every_change_of_2027(
    name: str, of_2027: list[str], hour: int
) -> None:
    """Each programme whose check-in falls on the day of a change, or on either side, keeps the person's hour."""
    zone = ZoneInfo(name)
    assert [f"{day}" for day in changes(zone, 2027)] == of_2027
    everyday = Calendar(zone, hour, frozenset(range(7)))
    for change in changes(zone, 2027):
        for shift in range(-2, 3):
            ended_on = change + (shift - 35) * DAY
            at = Situation(everyday, datetime.combine(ended_on, time(23), UTC) - DAY)
            fates = plan(wanted(ended_on), at)
            assert len({fate.due_at for fate in fates}) == len(DAYS)
            for fate in fates:
                assert fate.due_at is not None
                assert fate.due_at.astimezone(zone) == datetime.combine(fate.due_on, time(hour), zone)
                assert fate.due_on == ended_on + fate.key * DAY


def test_the_usual_days_need_no_moving_but_for_weekends() -> None:
    """On whichever weekday a programme ends, seven check-ins come, each on its day or the Monday after it."""
    calendar = Calendar(ZoneInfo("Europe/Lisbon"))
    for shift in range(7):
        ended_on = date(2027, 1, 4) + shift * DAY
        fates = plan(wanted(ended_on), Situation(calendar, datetime.combine(ended_on, time(22), UTC)))
        days = [fate.due_on for fate in fates]
        assert days == [calendar.next_working_day(ended_on + day * DAY) for day in DAYS]
        assert {fate.why for fate in fates} <= {Reason.NONE, Reason.FREE_DAY}


def test_two_on_one_day_are_one() -> None:
    """The earlier is merged into the later, and both know."""
    calendar = Calendar(ZoneInfo("UTC"))
    now = datetime(2027, 3, 1, 8, tzinfo=UTC)
    first, second = plan([Wanted(1, date(2027, 3, 6)), Wanted(2, date(2027, 3, 7))], Situation(calendar, now))
    assert (first.into, first.why) == (2, Reason.SAME_DAY)
    assert (second.due_on, second.why) == (date(2027, 3, 8), Reason.FREE_DAY)


def test_an_overtaken_one_is_merged_into_the_next() -> None:
    """One that could come only on or after the day of the next does not come by itself."""
    calendar = Calendar(ZoneInfo("UTC"))
    now = datetime(2027, 3, 1, 8, tzinfo=UTC)
    at = Situation(calendar, now, last=date(2027, 3, 1))
    first, second = plan([Wanted(1, date(2027, 3, 2)), Wanted(2, date(2027, 3, 4))], at)
    assert (first.into, first.why) == (2, Reason.OVERTAKEN)
    assert second.due_on == date(2027, 3, 4)


@st.composite
def situations(draw: st.DrawFn) -> tuple[list[Wanted], Situation]:
    """Anybody's calendar, several programmes, at any moment, with or without something sent before."""
    day = date(2027, 1, 1) + draw(st.integers(0, 364)) * DAY
    leaves = draw(st.lists(st.tuples(st.integers(-30, 400), st.integers(0, 60) | st.none()), max_size=4))
    calendar = Calendar(
        ZoneInfo(draw(st.sampled_from(ZONES))),
        draw(st.integers(6, 21)),
        draw(st.frozensets(st.integers(0, 6), min_size=1)),
        draw(st.frozensets(st.dates(day, day + 400 * DAY), max_size=30)).__contains__,
        tuple((day + n * DAY, None if m is None else day + (n + m) * DAY) for n, m in leaves),
    )
    offsets = draw(st.lists(st.integers(-60, 365), max_size=20))
    full = draw(st.frozensets(st.dates(day, day + 40 * DAY), max_size=10))
    last = draw(st.none() | st.integers(-20, 0))
    now = datetime.combine(day, draw(st.times()), UTC)
    at = Situation(
        calendar,
        now,
        None if last is None else calendar.today(now) + last * DAY,
        draw(st.integers(1, 5)),
        lambda on: on not in full,
        draw(st.booleans()),
    )
    return [Wanted(key, day + offset * DAY) for key, offset in enumerate(offsets)], at


@settings(max_examples=300)
@given(situations())
def test_each_has_one_fate_on_an_allowed_day_at_an_allowed_hour_far_enough_from_the_others(
    given_: tuple[list[Wanted], Situation],
) -> None:
    """Due, merged into one that is due, or too late with the reason; never twice, never without a word."""
    wishes, at = given_
    fates = plan(wishes, at)
    assert sorted(fate.key for fate in fates) == sorted(wish.key for wish in wishes)
    due = {fate.key: fate for fate in fates if fate.due_at is not None}
    for fate in fates:
        if fate.into is not None:
            assert fate.why in {Reason.SAME_DAY, Reason.OVERTAKEN}
            assert fate.due_on == due[fate.into].due_on
        elif fate.due_at is None:
            assert fate.why is Reason.TOO_LATE
    calendar, days = at.calendar, [fate.due_on for fate in due.values()]
    for fate in due.values():
        assert fate.due_at is not None
        assert fate.due_at >= at.now
        assert calendar.today(fate.due_at) == fate.due_on
        assert fate.due_at == at.now or fate.due_at == calendar.at(fate.due_on)
        # Who is away without an end gets a day on which they would usually work.
        assert is_humane(calendar, fate.due_at) or any(last is None for _, last in calendar.leaves)
    for before, after in pairwise(([at.last] if at.last else []) + days):
        usual = Calendar(calendar.zone, calendar.hour, calendar.days)
        assert usual.working_days_between(before, after) >= at.gap
