"""Working time: allowed days, a wall clock's instant across clock changes, and counting of working days."""

from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.working_time import LONGEST_LOOK, Calendar, instant_of

# Europe, America, Australia, half an hour, Ramadan, quarters and halves of an hour, none at all.
ZONES = [
    "Europe/Lisbon",
    "Europe/Berlin",
    "America/New_York",
    "America/Chicago",
    "America/St_Johns",
    "Australia/Sydney",
    "Australia/Lord_Howe",
    "Africa/Casablanca",
    "Pacific/Chatham",
    "Asia/Kolkata",
    "Asia/Kathmandu",
    "UTC",
]
MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)
FIRST, LAST = date(2027, 1, 1), date(2027, 12, 31)


def by_watching(wall: datetime, zone: ZoneInfo) -> datetime:
    """What somebody sees who watches the clock there minute by minute: when it first shows this or later."""
    instant = wall.replace(tzinfo=UTC) - timedelta(hours=16)
    while instant.astimezone(zone).replace(tzinfo=None) < wall:
        instant += MINUTE
    return instant


def changes(zone: ZoneInfo) -> list[date]:
    """The days of 2027 on which this zone's clocks are changed."""
    noons = [datetime.combine(FIRST + n * DAY, time(12), zone) for n in range(366)]
    return [noon.date() for before, noon in pairwise(noons) if before.utcoffset() != noon.utcoffset()]


@pytest.mark.parametrize(
    ("name", "number"),
    [
        ("Europe/Berlin", 2),
        ("America/New_York", 2),
        ("Australia/Sydney", 2),
        ("Australia/Lord_Howe", 2),
        ("Africa/Casablanca", 2),
    ],
)
def test_every_change_of_2027_gives_the_instant_that_a_watcher_would_see(name: str, number: int) -> None:
    """Each quarter of an hour of each day on which clocks change is the instant at which the clock first shows it."""
    zone = ZoneInfo(name)
    days = changes(zone)
    assert len(days) == number
    for day in days:
        for quarter in range(96):
            wall = datetime.combine(day, time(quarter // 4, quarter % 4 * 15))
            assert instant_of(wall, zone) == by_watching(wall, zone), wall


@given(
    st.sampled_from(ZONES),
    st.dates(FIRST, LAST),
    st.integers(0, 23),
    st.integers(0, 59),
)
def test_a_wall_time_is_the_first_instant_at_which_the_clock_shows_it_or_later(
    name: str, day: date, hour: int, minute: int
) -> None:
    """In a gap the first instant after it, in a fold the earlier one, everywhere else the only one."""
    zone = ZoneInfo(name)
    found = Calendar(zone).at(day, hour, minute)
    assert found == by_watching(datetime.combine(day, time(hour, minute)), zone)
    assert found.utcoffset() == timedelta(0)


@pytest.mark.parametrize(
    ("name", "day", "hour", "minute", "instant"),
    [
        ("Europe/Berlin", date(2027, 3, 28), 2, 30, "2027-03-28T01:00"),
        ("Europe/Berlin", date(2027, 10, 31), 2, 30, "2027-10-31T00:30"),
        ("America/New_York", date(2027, 3, 14), 2, 0, "2027-03-14T07:00"),
        ("America/New_York", date(2027, 11, 7), 1, 30, "2027-11-07T05:30"),
        ("Australia/Lord_Howe", date(2027, 10, 3), 2, 15, "2027-10-02T15:30"),
        ("Australia/Lord_Howe", date(2027, 4, 4), 1, 45, "2027-04-03T14:45"),
        ("Asia/Kolkata", date(2027, 5, 5), 9, 0, "2027-05-05T03:30"),
    ],
)
def test_known_gaps_and_folds(name: str, day: date, hour: int, minute: int, instant: str) -> None:
    """Taken from the published changes of 2027, not from our own code."""
    expected = datetime.fromisoformat(instant).replace(tzinfo=UTC)
    assert Calendar(ZoneInfo(name)).at(day, hour, minute) == expected


def test_casablanca_keeps_the_hour_through_ramadan() -> None:
    """During Ramadan Morocco's clocks are an hour back; 9:00 there stays 9:00."""
    zone = ZoneInfo("Africa/Casablanca")
    hours = {Calendar(zone).at(day).hour for day in (date(2027, 1, 4), date(2027, 2, 22), date(2027, 6, 7))}
    assert hours == {8, 9}


def test_a_day_that_never_was_begins_with_the_next() -> None:
    """Samoa skipped 30 December 2011: a time on it is the first instant of the 31st."""
    found = Calendar(ZoneInfo("Pacific/Apia")).at(date(2011, 12, 30), 9)
    assert found == datetime(2011, 12, 30, 10, tzinfo=UTC)


calendars = st.builds(
    Calendar,
    zone=st.sampled_from(ZONES).map(ZoneInfo),
    hour=st.integers(6, 21),
    days=st.frozensets(st.integers(0, 6), min_size=1),
    holidays=st.frozensets(st.dates(FIRST, LAST), max_size=20).map(lambda days: days.__contains__),
    leaves=st.lists(
        st.tuples(st.dates(FIRST, LAST), st.integers(0, 40)).map(lambda one: (one[0], one[0] + one[1] * DAY)),
        max_size=3,
    ).map(tuple),
)
instants = st.datetimes(
    datetime(2027, 1, 1),  # noqa: DTZ001  hypothesis adds the zone
    datetime(2027, 11, 30),  # noqa: DTZ001  the same
    timezones=st.just(UTC),
)


@given(calendars, instants)
def test_the_next_time_is_at_their_hour_on_a_working_day_and_none_lies_before_it(
    calendar: Calendar, now: datetime
) -> None:
    """Counted by hand over all days: the first working day whose hour is still to come."""
    due = calendar.next_time(now)
    day = calendar.today(due)
    assert due > now
    assert calendar.works_on(day)
    local = due.astimezone(calendar.zone)
    assert (local.hour, local.minute) == (calendar.hour, 0)
    earlier = [calendar.today(now) + n * DAY for n in range((day - calendar.today(now)).days)]
    assert not [one for one in earlier if calendar.works_on(one) and calendar.at(one) > now]


@given(calendars, st.dates(FIRST, date(2027, 10, 1)), st.integers(1, 15))
def test_adding_and_counting_working_days_agree(calendar: Calendar, day: date, count: int) -> None:
    """What lies `count` working days on has exactly that many working days up to it, itself one of them."""
    later = calendar.add_working_days(day, count)
    assert calendar.works_on(later)
    assert calendar.working_days_between(day, later) == count
    by_hand = [one for n in range(1, (later - day).days + 1) if calendar.works_on(one := day + n * DAY)]
    assert len(by_hand) == count
    assert calendar.working_days_between(later, day) == 0


def test_leaves_include_both_ends_and_an_endless_one_never_ends() -> None:
    """Away from the first to the last day; until further notice, the next day is looked for far away."""
    first, last = date(2027, 5, 3), date(2027, 5, 7)
    calendar = Calendar(ZoneInfo("UTC"), leaves=((first, last),))
    assert [calendar.is_away(first + n * DAY) for n in (-1, 0, 4, 5)] == [False, True, True, False]
    assert calendar.next_working_day(first) == date(2027, 5, 10)
    endless = Calendar(ZoneInfo("UTC"), leaves=((first, None),))
    assert endless.is_away(date(2040, 1, 1))
    assert endless.next_working_day(first) >= first + LONGEST_LOOK * DAY


def test_a_calendar_of_holidays_only_still_answers() -> None:
    """Every question has an answer, on one of their weekdays, whatever a holiday calendar says."""
    calendar = Calendar(ZoneInfo("UTC"), days=frozenset({2}), holidays=lambda day: day.year > 0)
    assert calendar.next_working_day(FIRST).weekday() == 2


def test_a_week_without_a_working_day_is_refused() -> None:
    """Else nothing would ever be due."""
    with pytest.raises(ValueError, match="working day"):
        Calendar(ZoneInfo("UTC"), days=frozenset())
    with pytest.raises(ValueError, match="one working day"):
        Calendar(ZoneInfo("UTC")).add_working_days(FIRST, 0)
