"""A talk's file: what calendar programs read from it."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
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
