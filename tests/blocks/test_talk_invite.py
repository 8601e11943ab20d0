"""A talk's file: what calendar programs read from it."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from zoneinfo import ZoneInfo, available_timezones

import pytest
from dateutil.tz import tzical
from icalendar import Calendar, Event

from bot.blocks.talk_invite import Invite, calendar_file

MADE = datetime(2027, 3, 1, 9, tzinfo=UTC)


def invite(zone: str, starts_at: datetime, *, sequence: int = 0, called_off: bool = False) -> Invite:
    """A talk of half an hour."""
    title, words = (
        "Talk: Mara and Asha",
        "Open the brief in Slack; it has, commas; semicolons\nand two lines.",
    )
    return Invite(
        "talk-1@x", sequence, starts_at, 30, title, words, ZoneInfo(zone), MADE, called_off=called_off
    )


def event_of(text: str) -> Event:
    """The one event in the file, as a strict reader finds it."""
    calendar = Calendar.from_ical(text)
    assert calendar["METHOD"] == "PUBLISH"
    assert not calendar.errors
    (event,) = calendar.events
    assert not event.errors
    return event


@pytest.mark.parametrize(
    ("zone", "starts_at"),
    [
        ("Asia/Kolkata", datetime(2027, 4, 5, 4, 30, tzinfo=UTC)),
        ("Europe/Lisbon", datetime(2027, 3, 29, 9, tzinfo=UTC)),  # the day after the clocks changed
        ("America/Chicago", datetime(2027, 3, 15, 15, tzinfo=UTC)),
        ("Australia/Lord_Howe", datetime(2027, 4, 5, 0, tzinfo=UTC)),
        ("Africa/Casablanca", datetime(2027, 2, 10, 10, tzinfo=UTC)),
        ("UTC", datetime(2027, 4, 5, 9, tzinfo=UTC)),
    ],
)
def test_the_start_is_the_same_instant_in_the_persons_own_zone(zone: str, starts_at: datetime) -> None:
    """Whatever the zone and its clock changes, the calendar shows the hour that was agreed."""
    event = event_of(calendar_file(invite(zone, starts_at)))
    assert event.start == starts_at
    assert isinstance(event.start, datetime)
    assert event.start.utcoffset() == starts_at.astimezone(ZoneInfo(zone)).utcoffset()
    assert event.end - event.start == timedelta(minutes=30)


def test_the_zones_rules_come_with_it() -> None:
    """A program that does not know the zone by name finds its rules in the file."""
    text = calendar_file(invite("Europe/Lisbon", datetime(2027, 3, 29, 9, tzinfo=UTC)))
    assert "BEGIN:VTIMEZONE" in text
    assert "DTSTART;TZID=Europe/Lisbon:20270329T100000" in text


def test_a_change_is_the_same_event_with_a_higher_number() -> None:
    """The calendar moves what it has instead of showing two."""
    first = event_of(calendar_file(invite("UTC", MADE)))
    moved = event_of(calendar_file(invite("UTC", MADE + timedelta(days=1), sequence=1)))
    assert first["UID"] == moved["UID"]
    assert (first["SEQUENCE"], moved["SEQUENCE"]) == (0, 1)


def test_a_talk_that_is_off_is_cancelled() -> None:
    """The calendar strikes it out."""
    assert event_of(calendar_file(invite("UTC", MADE, sequence=2, called_off=True)))["STATUS"] == "CANCELLED"


def test_hostile_words_stay_words() -> None:
    """A name with line breaks and colons adds no property of its own."""
    hostile = Invite(
        "u", 0, MADE, 30, "Ada\r\nATTENDEE:mailto:x@y", "DTEND:2000\nEND:VEVENT", ZoneInfo("UTC"), MADE
    )
    event = event_of(calendar_file(hostile))
    assert "ATTENDEE" not in event
    assert str(event["SUMMARY"]).startswith("Ada")


def test_a_second_reader_finds_the_same_hour_in_every_zone() -> None:
    """Another library, which knows no zone but those in the file, reads the agreed instant, near every change of 2027.

    Where a zone knows an hour twice, the file cannot say which is meant; nobody is asked to talk at that hour.
    """
    for key in sorted(available_timezones() - {"Factory", "localtime"}):
        zone = ZoneInfo(key)
        for starts_at in around_changes(zone):
            assert read_by_dateutil(calendar_file(invite(key, starts_at))) == starts_at, (key, starts_at)


def around_changes(zone: ZoneInfo) -> list[datetime]:
    """A few hours before and after each change of the clocks, and an ordinary day of each half of the year."""
    found = [datetime(2027, month, 12, 9, tzinfo=UTC) for month in (2, 7)]
    day = datetime(2027, 1, 1, tzinfo=UTC)
    for n in range(365):
        before, after = day + timedelta(days=n), day + timedelta(days=n + 1)
        if before.astimezone(zone).utcoffset() != after.astimezone(zone).utcoffset():
            found += [before - timedelta(hours=3), after + timedelta(hours=3)]
    return found


def read_by_dateutil(text: str) -> datetime:
    """The start as python-dateutil understands the file by itself."""
    unfolded = text.replace("\r\n ", "")
    event = unfolded[unfolded.index("BEGIN:VEVENT") :]
    start = next(line for line in event.split("\r\n") if line.startswith("DTSTART"))
    wall = datetime.strptime(start.rpartition(":")[2].rstrip("Z"), "%Y%m%dT%H%M%S")  # noqa: DTZ007  its zone comes next
    if start.endswith("Z"):
        return wall.replace(tzinfo=UTC)
    zones = tzical(StringIO(unfolded))
    key = start.partition("TZID=")[2].partition(":")[0]
    return wall.replace(tzinfo=zones.get(key)).astimezone(UTC)


@pytest.mark.parametrize(
    "title",
    [
        "Talk: Zoë 🧁 and 王小明 " + "é🎉" * 60,
        "Talk: " + "x" * 5_000,
        "A; B, C: D \\ E \\n F",
        "Ada\r\nATTENDEE:mailto:x@y\rMETHOD:REQUEST\nBEGIN:VALARM",
        "Ada\x00\x07\x0b\u2028\u202egnp.exe\ud800",
    ],
)
def test_the_file_keeps_to_the_letter_of_the_standard(title: str) -> None:
    """RFC 5545: lines of at most 75 octets that end in CR LF, whole characters, no control characters."""
    made = Invite("talk-1@x", 3, MADE, 30, title, title, ZoneInfo("Europe/Lisbon"), MADE)
    octets = calendar_file(made).encode()
    lines = octets.split(b"\r\n")
    assert lines.pop() == b""
    for line in lines:
        assert len(line) <= 75
        assert line.decode().isprintable(), line  # also: no character is cut in two
    unfolded = octets.replace(b"\r\n ", b"").decode().split("\r\n")
    names = [line.partition(":")[0].partition(";")[0] for line in unfolded if line]
    event = names[len(names) - 1 - names[::-1].index("BEGIN") :]
    assert event == [
        "BEGIN", "SUMMARY", "DTSTART", "DTEND", "DTSTAMP", "UID", "SEQUENCE", "DESCRIPTION", "STATUS", "END", "END",
    ]  # fmt: skip
    assert [line for line in unfolded if line.startswith(("VERSION", "METHOD", "BEGIN:VC"))] == [
        "BEGIN:VCALENDAR", "VERSION:2.0", "METHOD:PUBLISH",
    ]  # fmt: skip
    assert "\n" not in str(event_of(octets.decode())["SUMMARY"])


def test_words_with_signs_of_the_format_come_back_as_they_were() -> None:
    """Commas, semicolons and backslashes are escaped, and read again as what was written."""
    words = 'Bread; salt, water: C:\\new\\table, "done"; 100 % \N{HEAVY CHECK MARK}'
    made = Invite("u", 0, MADE, 30, words, words + "\nand a second line", ZoneInfo("UTC"), MADE)
    event = event_of(calendar_file(made))
    assert str(event["SUMMARY"]) == words
    assert str(event["DESCRIPTION"]) == words + "\nand a second line"
