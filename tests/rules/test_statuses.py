"""Statuses: a leave is read from Slack's status in any order, its words are kept nowhere, and plans follow."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import text

from bot.profiles import PersonFact, StatusFact
from bot.rules import availability, history, leaving
from bot.rules.availability import calendar_of
from bot.rules.choices import Choices
from bot.rules.history import People
from bot.rules.statuses import is_leave
from storage.session import Database, Session
from tests.rules.nouns import NOW, TS, TS2, TS3, T
from tests.rules.world import open_office, profile

TODAY = NOW.date()  # a Monday
DAY = timedelta(days=1)


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin."""
    yield from open_office(database)


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Whose days changed, as every noun that plans by them hears it."""
    heard: list[str] = []
    hears = [lambda _session, _workspace, person, _now: heard.append(person)]
    monkeypatch.setattr(availability, "CALENDAR_CHANGED", hears)
    return heard


def seconds(day: date, hour: int = 23, minute: int = 59) -> int:
    return int(datetime(day.year, day.month, day.day, hour, minute, tzinfo=UTC).timestamp())


def sets(
    session: Session, emoji: str, words: str = "", ends: int = 0, ts: str = TS, now: datetime = NOW
) -> None:
    status = {"status_emoji": emoji, "status_text": words, "status_expiration": ends}
    profile(session, {"id": "UTOM", "name": "Tom", "tz": "UTC", "profile": status}, ts, now)


def away(session: Session, number: int = 6) -> list[bool]:
    calendar = calendar_of(session, T, "UTOM", NOW)
    return [calendar.is_away(TODAY + n * DAY) for n in range(number)]


@pytest.mark.parametrize(
    ("emoji", "words", "expected"),
    [
        (":palm_tree:", "", True),
        (":face_with_thermometer:", "at home", True),
        (":palm_tree::skin-tone-2:", "", True),
        ("", "On vacation until Monday", True),
        ("", "OOO", True),
        ("", "ooo — back on 3 May", True),
        ("", "Parental   Leave", True),
        (":house:", "Working remotely", False),
        ("", "Booked a room", False),
        ("", "smooooth sailing", False),
        ("", "planning vacations", False),
        ("", "", False),
    ],
)
def test_emoji_and_whole_words_say_that_somebody_is_away(emoji: str, words: str, expected: bool) -> None:
    """By the list of emoji, or by words that stand whole in the text, large or small."""
    assert is_leave(StatusFact(emoji, words), Choices()) is expected


def test_a_status_with_an_end_is_leave_to_that_day(office: Session, told: list[str]) -> None:
    """Away from today to the last day on which it still stands at their hour; once told, plans change once."""
    sets(office, ":palm_tree:", "secret beach", seconds(TODAY + 2 * DAY))
    assert away(office) == [True, True, True, False, False, False]
    sets(office, ":palm_tree:", "secret beach", seconds(TODAY + 2 * DAY), TS2)
    assert told == ["UTOM"]
    words = office.execute(text("SELECT * FROM leaves")).fetchall()
    assert "beach" not in str(words)


def test_who_is_back_before_their_hour_works_that_day(office: Session) -> None:
    """A status that ends at 8:00 leaves the day free for 9:00; one that ends at 10:00 does not."""
    sets(office, ":palm_tree:", ends=seconds(TODAY + DAY, 8, 0))
    assert away(office, 3) == [True, False, False]
    sets(office, ":palm_tree:", ends=seconds(TODAY + DAY, 10, 0), ts=TS2)
    assert away(office, 3) == [True, True, False]


def test_without_an_end_it_lasts_until_it_is_cleared(office: Session, told: list[str]) -> None:
    """Cleared, they are back today, and whatever is planned is planned again."""
    sets(office, "", "annual leave")
    assert away(office) == [True] * 6
    sets(office, "", "", ts=TS2, now=NOW + 2 * DAY)
    assert away(office) == [True, True, False, False, False, False]
    assert told == ["UTOM", "UTOM"]


def test_an_older_event_that_comes_late_changes_nothing(office: Session) -> None:
    """Slack promises no order: the newest status holds."""
    sets(office, "", "", ts=TS3)
    sets(office, ":palm_tree:", ts=TS2)
    assert away(office, 2) == [False, False]
    sets(office, ":palm_tree:", ends=seconds(TODAY), ts="1900000000.000100")
    sets(office, "", "", ts=TS3)
    assert away(office, 2) == [True, False]


def test_catching_up_reads_the_statuses_too(office: Session, told: list[str]) -> None:
    """What the list of people says holds as if the events had come; another zone is told as well."""
    tom = PersonFact(T, "UTOM", "Tom", "Asia/Tokyo", "", False, False, False, False, False)
    fact = People(T, (tom,), (("UTOM", StatusFact(":palm_tree:", "", seconds(TODAY + DAY))),))
    history.record_people(office, fact, NOW)
    assert away(office, 3) == [True, True, False]
    gone = People(T, (tom,), (("UTOM", StatusFact("", "")),))
    history.record_people(office, gone, NOW)
    assert away(office, 3) == [False, False, False]
    assert told == ["UTOM", "UTOM"]


def test_another_time_zone_in_the_profile_is_told(office: Session, told: list[str]) -> None:
    """Only a zone that differs is news, and the person's own choice would go before it."""
    profile(office, {"id": "UTOM", "name": "Tom", "tz": "Asia/Kolkata"}, TS)
    profile(office, {"id": "UTOM", "name": "Thomas", "tz": "Asia/Kolkata"}, TS2)
    assert told == ["UTOM"]


def test_of_somebody_left_out_no_leave_is_kept(office: Session) -> None:
    """Their leaves are forgotten, and a status noted no more."""
    sets(office, ":palm_tree:")
    leaving.leave_out(office, leaving.Wish(T, "UTOM"), NOW)
    sets(office, ":palm_tree:", ts=TS2)
    assert office.execute(text("SELECT COUNT(*) FROM leaves")).scalar() == 0


@pytest.mark.parametrize("profile_", [{}, {"status_expiration": "soon"}, {"status_emoji": 7}, None, []])
def test_odd_profiles_tell_of_nothing(office: Session, profile_: Any) -> None:
    """A profile without a status, or with nonsense in it, changes no leave."""
    profile(office, {"id": "UTOM", "profile": profile_}, TS)
    assert away(office, 2) == [False, False]
