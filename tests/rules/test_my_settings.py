"""My settings: what somebody chooses holds at once, each mistake is said under its field, and nothing is lost."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.interactions import Submission
from bot.rules import attention, availability, budget, held_back, my_settings
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Outcome, Wish
from bot.rules.preferences import Preferences, Rhythm, find_zone, is_zone, read_preferences
from bot.rules.settings import open_settings
from bot.sandbox.block_kit_views import check_view
from storage.outbox import post_to_person
from storage.session import Database, Session
from storage.settings import store_setting
from tests.rules.nouns import NOW, T
from tests.rules.world import open_office

TODAY = NOW.date()  # a Monday
DAY = timedelta(days=1)
TIME = {"hour": "15", "days": ("0", "2"), "zone": "lord howe", "country": "portugal"}


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


def form(name: str, **values: Any) -> Submission:
    return Submission(T, "UTOM", name, "V1", values, {})


def chosen(session: Session) -> Preferences:
    return read_preferences(session, T, "UTOM")


def test_hour_days_zone_and_holidays_hold_at_once(office: Session, told: list[str]) -> None:
    """A city in any case and a country by name are enough; whatever is planned hears of it."""
    assert my_settings.change_time(office, form("my_time", **TIME), NOW) is None
    calendar = calendar_of(office, T, "UTOM", NOW)
    assert (calendar.zone, calendar.hour) == (ZoneInfo("Australia/Lord_Howe"), 15)
    assert calendar.days == {0, 2}
    assert calendar.holidays(date(2027, 4, 25))  # the Carnation Revolution
    assert told == ["UTOM"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("zone", "Berln"),
        ("zone", "localtime"),
        ("zone", "../../etc/passwd"),
        ("zone", "A" * 100),
        ("country", "Atlantis"),
        ("country", "DE-XX"),
        ("days", ()),
        ("days", ("9", "x", "")),
        ("hour", "5"),
        ("hour", "22"),
        ("hour", ""),
        ("hour", "²"),
    ],
)
def test_each_mistake_is_said_under_its_field_and_changes_nothing(
    office: Session, field: str, value: Any
) -> None:
    """One sentence, and the whole form stays as it was typed."""
    wrong = my_settings.change_time(office, form("my_time", **{**TIME, field: value}), NOW)
    assert wrong is not None
    assert list(wrong.by_block) == [field]
    assert chosen(office) == Preferences()


def test_a_near_miss_is_guessed(office: Session) -> None:
    """A city written wrongly gets the nearest one."""
    wrong = my_settings.change_time(office, form("my_time", **{**TIME, "zone": "Berln"}), NOW)
    assert wrong is not None
    assert "Europe/Berlin" in wrong.by_block["zone"]


def test_what_is_like_the_default_is_not_stored(office: Session) -> None:
    """Who chooses the workspace's week follows it when it changes."""
    usual = {"hour": "9", "days": tuple("01234"), "zone": "", "country": ""}
    assert my_settings.change_time(office, form("my_time", **usual), NOW) is None
    assert chosen(office) == Preferences()


def test_messages_are_muted_and_allowed_by_kind(office: Session) -> None:
    """The list is the whole truth: what is not in it any more is allowed again."""
    values = {"rhythm": "daily", "muted": ("talk", "note", "unknown"), "more": ("volunteers", "reflection")}
    assert my_settings.change_messages(office, form("my_messages", **values), NOW) is None
    assert chosen(office).stopped == {"talk", "note"}
    assert chosen(office).note_rhythm is Rhythm.DAILY
    assert (chosen(office).volunteers, chosen(office).reflection) == (True, True)
    my_settings.change_messages(office, form("my_messages", rhythm="default", muted=(), more=()), NOW)
    assert chosen(office) == Preferences()


@pytest.mark.parametrize(
    ("until", "works"),
    [
        (TODAY + DAY, True),
        (TODAY + 365 * DAY, True),
        (TODAY, False),
        (TODAY - DAY, False),
        (TODAY + 400 * DAY, False),
        ("31.12.2026", False),
        ("", False),
    ],
)
def test_a_pause_ends_on_a_day_after_today_and_within_a_year(
    office: Session, until: object, works: bool
) -> None:
    """Until then no day is a working day; ended early, today is one again."""
    wrong = my_settings.pause(office, form("my_pause", until=str(until)), NOW)
    assert (wrong is None) is works
    assert calendar_of(office, T, "UTOM", NOW).works_on(TODAY) is not works
    assert calendar_of(office, T, "UTOM", NOW, heeds_pause=False).works_on(TODAY)
    my_settings.end_pause(office, my_settings.Change(T, "UTOM"), NOW)
    assert calendar_of(office, T, "UTOM", NOW).works_on(TODAY)


@pytest.mark.parametrize(
    ("first", "last", "field"),
    [
        (TODAY + DAY, TODAY + 3 * DAY, None),
        (TODAY - 3 * DAY, TODAY, None),
        (TODAY, None, None),
        (TODAY + 3 * DAY, TODAY + DAY, "last"),
        (TODAY - 3 * DAY, TODAY - DAY, "last"),
        (TODAY, TODAY + 3000 * DAY, "last"),
        (TODAY + 3000 * DAY, None, "first"),
        ("", TODAY, "first"),
    ],
)
def test_days_away_are_noted_or_the_mistake_is_said(
    office: Session, first: object, last: object, field: str | None
) -> None:
    """The same days twice are one leave."""
    values = {"first": str(first), "last": str(last or "")}
    for _ in range(2):
        wrong = my_settings.note_leave(office, form("my_leave", **values), NOW)
        assert (None if wrong is None else list(wrong.by_block)) == (field and [field])
    assert len(my_settings.mine(office, T, "UTOM", NOW).leaves) == (0 if field else 1)


def test_only_ones_own_leave_can_be_removed(office: Session, told: list[str]) -> None:
    """The number of somebody else's leave removes nothing."""
    my_settings.note_leave(office, form("my_leave", first=str(TODAY), last=""), NOW)
    leave = my_settings.mine(office, T, "UTOM", NOW).leaves[0].id
    assert leave is not None
    my_settings.forget_leave(office, my_settings.Change(T, "UASHA", leave), NOW)
    assert my_settings.mine(office, T, "UTOM", NOW).leaves
    my_settings.forget_leave(office, my_settings.Change(T, "UTOM", leave), NOW)
    assert not my_settings.mine(office, T, "UTOM", NOW).leaves
    assert told == ["UTOM", "UTOM"]


def test_too_many_leaves_are_refused(office: Session) -> None:
    """Fifty are plenty."""
    wrong = None
    for n in range(51):
        values = {"first": str(TODAY + n * DAY), "last": str(TODAY + n * DAY)}
        wrong = my_settings.note_leave(office, form("my_leave", **values), NOW)
    assert wrong is not None
    assert "fifty" in wrong.by_block["last"]


def test_every_form_and_the_page_are_what_slack_takes(office: Session) -> None:
    """With nothing chosen and with everything chosen."""
    for _ in range(2):
        for subject in ("time", "messages", "pause", "leave", "held"):
            modal = my_settings.open_form(office, T, "UTOM", subject, NOW)
            assert modal is not None
            check_view(dict(modal.view()), "modal")
        check_view(dict(open_settings(office, T, "UTOM", NOW).view()), "modal")
        my_settings.change_time(office, form("my_time", **TIME), NOW)
        muted = tuple(kind.value for kind in Started)
        my_settings.change_messages(office, form("my_messages", rhythm="never", muted=muted, more=()), NOW)
        my_settings.pause(office, form("my_pause", until=str(TODAY + DAY)), NOW)
        my_settings.note_leave(office, form("my_leave", first=str(TODAY), last=""), NOW)
        letter = post_to_person(T, "UTOM", {"text": "x"})
        budget.wish(office, Wish(T, "UTOM", Started.PLAN, "once", "*Your plan* & more", letter), NOW)
    assert my_settings.open_form(office, T, "UTOM", "nonsense", NOW) is None


def test_the_list_says_what_was_held_back_and_why(office: Session) -> None:
    """What was muted is there with its reason."""
    attention.stop(office, T, "UASHA", Started.PLAN)
    outcome = budget.wish(office, Wish(T, "UASHA", Started.PLAN, "once", "Your plan", None), NOW)
    assert outcome is Outcome.DROPPED
    assert [(one.line, one.why) for one in held_back.find_held_back(office, T, "UASHA", NOW)] == [
        ("Your plan", "you stopped this kind of message")
    ]
    modal = my_settings.open_form(office, T, "UASHA", "held", NOW)
    assert modal is not None
    assert "Your plan" in str(modal.view())


@pytest.mark.parametrize("value", [None, 7, "x", [], ["a"], {"a": 1}, True, [9], "2027-13-40"])
def test_no_stored_value_breaks_a_calendar(office: Session, value: Any) -> None:
    """Whatever the table holds, a calendar can be read and makes sense."""
    for name in ("hour", "days", "zone", "country", "pause_until", "note_rhythm", "volunteers", "reflection"):
        store_setting(office, T, "UTOM", name, value)
    office.flush()
    assert calendar_of(office, T, "UTOM", NOW).days


def test_zones_are_found_by_name_or_city() -> None:
    """What the machine itself calls a zone is nobody's; an ambiguous city is not guessed."""
    assert find_zone("europe/lisbon") == "Europe/Lisbon"
    assert find_zone("New York") == "America/New_York"
    assert find_zone("") == find_zone("Louisville/") == ""
    assert not is_zone("localtime")
