"""Holidays: whose are free for whom, guessed or told, and a calendar file as an enemy would write it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.errors import BotError
from bot.interactions import Press, Submission
from bot.rules import holiday_settings, preferences
from bot.rules.availability import calendar_of
from bot.rules.holiday_calendars import find_calendars
from bot.rules.holiday_file import MOST_BYTES, NoCalendar, NoDays, TooLarge, read_days
from bot.rules.holiday_settings import Given, Wrong, add
from bot.rules.holidays import country_of_zone, find_country, holidays_in, is_country
from bot.rules.preferences import Preferences
from bot.rules.workspace_settings import OnlyAdmins
from bot.sandbox.block_kit_views import check_view
from storage.holidays import store_calendar
from storage.people import Person
from storage.session import Database, Session
from storage.settings import WORKSPACE, store_setting
from tests.rules.nouns import NOW, T
from tests.rules.world import open_office

TODAY = date(2026, 11, 23)
CARNATIONS = date(2027, 4, 25)  # free in Portugal
UNITY = date(2027, 10, 3)  # in Germany
OURS = date(2027, 5, 5)  # in our own calendar


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    yield from open_office(database)


@pytest.mark.parametrize(
    ("zone", "country"),
    [
        ("Europe/Lisbon", "PT"),
        ("Europe/Oslo", "NO"),  # its clocks are Berlin's
        ("Asia/Calcutta", "IN"),  # an older name
        ("US/Eastern", "US"),
        ("Australia/Lord_Howe", "AU"),
        ("Africa/Casablanca", "MA"),
        ("UTC", ""),
        ("EST", ""),  # a bare abbreviation is no place
        ("Etc/GMT+5", ""),
        ("nonsense", ""),
    ],
)
def test_a_zone_stands_for_the_country_of_its_name(zone: str, country: str) -> None:
    """Where a zone is shared by countries, its name decides; where it names none, there are no holidays."""
    assert country_of_zone(zone) == country


def test_countries_are_found_by_code_or_name() -> None:
    """Parts of countries too; what does not exist has no holidays and raises nothing."""
    assert [find_country(typed) for typed in ("pt", "Portugal", "de-by", "DE-XX", "", "Atlantis")] == [
        "PT",
        "PT",
        "DE-BY",
        "",
        "",
        "",
    ]
    assert date(2027, 1, 6) in holidays_in("DE-BY", 2027)  # Epiphany, in Bavaria only
    assert date(2027, 1, 6) not in holidays_in("DE", 2027)
    assert holidays_in("XX", 2027) == holidays_in("DE", 9999) == frozenset()
    assert not is_country("DE-")


def gives(
    session: Session, view: str, days: tuple[date, ...] = (), members: tuple[str, ...] = (), **v: Any
) -> Any:
    values = {"name": f"calendar {view}", **v}
    form = Submission(T, "UASHA", "add_holidays", view, values, {})
    return add(session, Given(form, days, members), NOW)


def free(session: Session) -> list[date]:
    calendar = calendar_of(session, T, "UTOM", NOW)
    return [day for day in (CARNATIONS, UNITY, OURS) if calendar.holidays(day)]


def test_whose_holidays_are_free(office: Session) -> None:
    """Own country, then group, zone, everybody's calendar, the workspace's country, and at last the zone's own."""
    office.get_one(Person, (T, "UTOM")).tz = "Europe/Lisbon"
    assert free(office) == [CARNATIONS]
    store_setting(office, T, WORKSPACE, "country", "DE")
    assert free(office) == [UNITY]
    gives(office, "V1", (OURS,))
    assert free(office) == [OURS]
    gives(office, "V2", zones="lisbon, Europe/Madrid", country="Germany")
    assert free(office) == [UNITY]
    gives(office, "V3", (OURS,), ("UTOM",), group="S1")
    assert free(office) == [OURS]
    gives(office, "V4", (), ("UMARA",), country="PT", group="S2")
    assert free(office) == [OURS]
    preferences.store_preferences(office, T, "UTOM", Preferences(country="PT"))
    assert free(office) == [CARNATIONS]


def test_a_removed_calendar_holds_no_more(office: Session) -> None:
    """Only admins add and remove; a form that comes twice is one calendar."""
    for _ in range(2):
        gives(office, "V1", (OURS,))
    assert len(find_calendars(office, T)) == 1
    check_view(dict(holiday_settings.open_list(office, T, "UASHA").view()), "modal")
    press = Press(T, "UTOM", "remove_holidays", "V1", "t", None, None, "V", "h", "1.0")
    with pytest.raises(OnlyAdmins):
        holiday_settings.remove(office, press, NOW)
    press = Press(T, "UASHA", "remove_holidays", "V1", "t", None, None, "V", "h", "1.0")
    holiday_settings.remove(office, press, NOW)
    assert find_calendars(office, T) == []


@pytest.mark.parametrize(
    ("values", "field"),
    [
        ({}, "country"),
        ({"country": "Atlantis"}, "country"),
        ({"country": "PT", "name": " "}, "name"),
        ({"country": "PT", "zones": "Europe/Lisbon, Berln"}, "zones"),
    ],
)
def test_each_mistake_is_said_under_its_field(office: Session, values: dict[str, Any], field: str) -> None:
    """A mistake keeps nothing."""
    done = gives(office, "V1", **values)
    assert isinstance(done, Wrong)
    assert list(done.by_block) == [field]
    assert find_calendars(office, T) == []


@pytest.mark.parametrize("value", [None, 7, "x", [], {}, {"days": 7}, {"days": [1]}, {"country": ["DE"]}])
def test_no_stored_calendar_breaks_the_app(office: Session, value: Any) -> None:
    """Whatever the table holds, a calendar can be read and makes sense."""
    store_calendar(office, T, "V1", value)
    assert free(office) == []


def ics(*events: str) -> bytes:
    body = "".join(f"BEGIN:VEVENT\r\nUID:{n}\r\n{event}\r\nEND:VEVENT\r\n" for n, event in enumerate(events))
    return f"BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\n{body}END:VCALENDAR\r\n".encode()


DAY = "DTSTART;VALUE=DATE:{}"
YEARLY = DAY.format("20200505") + "\r\nRRULE:FREQ=YEARLY"


@pytest.mark.parametrize(
    ("event", "days"),
    [
        (DAY.format("20270505"), ["2027-05-05"]),
        (DAY.format("20270505") + "\r\nDTEND;VALUE=DATE:20270507", ["2027-05-05", "2027-05-06"]),
        (YEARLY + ";COUNT=8", ["2026-05-05", "2027-05-05"]),
        (YEARLY + ";UNTIL=20271231", ["2026-05-05", "2027-05-05"]),
        (YEARLY + ";INTERVAL=4", ["2028-05-05"]),
        (YEARLY + ";COUNT=8\r\nEXDATE;VALUE=DATE:20260505", ["2027-05-05"]),
        (
            DAY.format("20201126") + "\r\nRRULE:FREQ=YEARLY;BYMONTH=11;BYDAY=4TH;COUNT=8",
            ["2026-11-26", "2027-11-25"],
        ),
        (
            DAY.format("20200525") + "\r\nRRULE:FREQ=YEARLY;BYMONTH=5;BYDAY=-1MO;COUNT=8",
            ["2026-05-25", "2027-05-31"],
        ),
        (DAY.format("20200229") + "\r\nRRULE:FREQ=YEARLY;UNTIL=20291231", ["2028-02-29"]),
    ],
)
def test_whole_days_and_yearly_repetitions_are_read(event: str, days: list[str]) -> None:
    """From the beginning of this year on, five years ahead; both ends of an event as calendars mean them."""
    assert [day.isoformat() for day in read_days(ics(event), TODAY)] == days


@pytest.mark.parametrize(
    ("content", "error"),
    [
        (b"", NoCalendar),
        (b"\x00\xff\xfe", NoCalendar),
        (b"<html>sign in</html>", NoCalendar),
        (b"x" * (MOST_BYTES + 1), TooLarge),
        (ics(), NoDays),
        (ics("DTSTART:20270505T090000Z"), NoDays),
        (ics(DAY.format("20200505")), NoDays),
        (ics(DAY.format("20270505") + "\r\nSTATUS:CANCELLED"), NoDays),
        (ics(DAY.format("20200505") + "\r\nRRULE:FREQ=SECONDLY"), NoDays),
        (ics(DAY.format("20200505") + "\r\nRRULE:FREQ=YEARLY;BYSECOND=1"), NoDays),
        (ics(DAY.format("20200505") + "\r\nRRULE:FREQ=YEARLY;INTERVAL=0;BYDAY=XX"), NoDays),
        (ics("SUMMARY:no day at all"), NoDays),
    ],
)
def test_what_is_no_holiday_calendar_gets_one_sentence(content: bytes, error: type[BotError]) -> None:
    """Empty, binary, a web page, too large, without whole days, with repetitions that would never end."""
    with pytest.raises(error):
        read_days(content, TODAY)


def test_an_endless_file_gives_few_days() -> None:
    """A thousand events that each last a thousand years and repeat forever are read as bounded as any."""
    event = DAY.format("20200101") + "\r\nDTEND;VALUE=DATE:30200101\r\nRRULE:FREQ=YEARLY"
    days = read_days(ics(*[event] * 1000), TODAY)
    assert len(days) == 6 * 31
    assert max(days).year == 2031


@given(st.binary(max_size=400) | st.text(max_size=200).map(ics))
def test_no_file_does_more_than_fail(content: bytes) -> None:
    """Whatever the bytes are, the answer is days or one of our sentences."""
    with suppress(BotError):
        assert read_days(content, TODAY)
