"""The morning note: at their hour on a working day, weekly or daily, and none when there is nothing to say."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.blocks import notes as blocks
from bot.blocks.notes import NoteLine, Section
from bot.rules import attention, budget, held_back, notes, preferences
from bot.rules.attention import Started
from bot.rules.budget import Outcome, Urgency, Wish
from bot.rules.note_days import next_note
from bot.rules.preferences import Preferences, Rhythm
from bot.rules.working_time import Calendar
from bot.sandbox.block_kit import check_blocks
from storage.attention import MorningNote, Standing, StartedMessage
from storage.notes import AWAKE
from storage.outbox import OutboxRow, post_to_person
from storage.outbox_held import UNTIL_RELEASED
from storage.people import Person
from storage.session import Database, Session
from tests.rules.nouns import NOW, T, arrives, marked, said
from tests.rules.test_working_time import calendars, instants
from tests.rules.world import letters_to, open_office

DAY = timedelta(days=1)
MONDAY = NOW.replace(hour=9)
TUESDAY = MONDAY + DAY


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin; everybody has used the app."""
    for session in open_office(database):
        for person in session.scalars(select(Person)):
            person.welcome_because = "used a command"
        session.flush()
        yield session


def note_line(session: Session, once: str, person: str = "UTOM", now: datetime = NOW, **more: Any) -> Outcome:
    letter = post_to_person(T, person, {"text": f"card of {once}", "blocks": []}) if more else None
    wanted = Wish(
        T, person, Started.PLAN, once, f"line of {once}", letter, **(more or {"urgency": Urgency.NOTE})
    )
    return budget.wish(session, wanted, now)


def planned(session: Session, person: str = "UTOM") -> datetime | None:
    session.flush()
    return session.get_one(MorningNote, (T, person)).due_at


def notes_to(session: Session, person: str = "UTOM") -> list[OutboxRow]:
    session.flush()
    return [row for row in letters_to(session, person) if (row.about or "").startswith("note:")]


def lives(session: Session, since: datetime, until: datetime) -> None:
    """Tick at every instant at which something is due."""
    now = since
    while now <= until:
        held_back.look_again(session, T, now)
        notes.write_due(session, T, now)
        now += timedelta(hours=1)


def test_nothing_to_say_is_not_said(office: Session) -> None:
    """Somebody to whom something was said is looked at once more, and then left in peace."""
    budget.spend(office, T, "UTOM", Started.PLAN, "once", "line", NOW)
    assert planned(office) == AWAKE
    lives(office, NOW, NOW + 10 * DAY)
    assert (notes_to(office), planned(office)) == ([], None)


def test_a_line_for_the_note_brings_it_on_the_next_working_day(office: Session) -> None:
    """At their hour, once, with why and a way to stop it; it is a started message and counts."""
    assert note_line(office, "a") is Outcome.NOTED
    lives(office, NOW, NOW + 5 * DAY)
    (note,) = notes_to(office)
    assert note.created_at == TUESDAY
    assert "line of a" in str(note.payload["blocks"])
    assert "You get this because" in str(note.payload["blocks"])
    assert note.started
    rows = {row.once: row for row in office.scalars(select(StartedMessage))}
    assert rows["a"].state == Standing.LISTED
    assert rows[f"note:UTOM:{TUESDAY.date()}"].said_on == TUESDAY.date()


def test_a_third_request_comes_with_a_button_that_shows_it(office: Session) -> None:
    """Pressed, the card is sent; pressed by somebody else, or twice, nothing more happens."""
    asked = {"urgency": Urgency.REQUEST, "asked_by": "UMARA"}
    outcomes = [note_line(office, f"r{n}", now=MONDAY, **asked) for n in range(3)]
    assert outcomes == [Outcome.SAID, Outcome.SAID, Outcome.NOTED]
    lives(office, MONDAY, TUESDAY)
    (note,) = notes_to(office)
    row = office.scalars(select(StartedMessage).where(StartedMessage.once == "r2")).one()
    assert f"'value': '{row.id}'" in str(note.payload["blocks"])
    assert not held_back.show(office, held_back.Showing(T, "UMARA", row.id), TUESDAY)
    for _ in range(2):
        assert held_back.show(office, held_back.Showing(T, "UTOM", row.id), TUESDAY)
    cards = [one for one in letters_to(office, "UTOM") if one.payload["text"] == "card of r2"]
    assert [one.due_at for one in cards] == [TUESDAY]


def test_what_was_taken_back_meanwhile_is_not_in_the_note(office: Session) -> None:
    """Its card is gone, so the line goes too, and with it the note."""
    asked = {"urgency": Urgency.REQUEST, "asked_by": "UMARA"}
    for n in range(3):
        note_line(office, f"r{n}", now=MONDAY, **asked)
    office.flush()
    for one in office.scalars(select(OutboxRow).where(OutboxRow.due_at == UNTIL_RELEASED)):
        office.delete(one)
    lives(office, MONDAY, TUESDAY)
    assert notes_to(office) == []


def test_people_with_a_role_get_it_each_working_day_while_something_waits(office: Session) -> None:
    """Asha was nominated and has not answered: her note says so every day, with a link, until she does."""
    said(office, "UASHA", "Proof the dough overnight.")
    marked(office, "UMARA", "bulb")
    (card,) = letters_to(office, "UASHA")
    arrives(office, card, "1800000000.000100")
    lives(office, NOW, NOW + 3 * DAY)
    assert [one.created_at for one in notes_to(office, "UASHA")] == [
        TUESDAY,
        TUESDAY + DAY,
        TUESDAY + 2 * DAY,
    ]
    assert "acme.slack.com/archives/D1/p1800000000000100" in str(notes_to(office, "UASHA")[0].payload)
    marked(office, "UMARA", "bulb", standing=False, n=2)
    lives(office, NOW + 4 * DAY, NOW + 10 * DAY)
    assert len(notes_to(office, "UASHA")) == 3


def test_what_is_no_news_any_more_is_said_weekly_and_then_no_more(office: Session) -> None:
    """Asha leaves her nomination be: a week of notes, then one a week, after four weeks none until there is news."""
    said(office, "UASHA", "Proof the dough overnight.")
    marked(office, "UMARA", "bulb")
    (card,) = letters_to(office, "UASHA")
    arrives(office, card, "1800000000.000100")
    lives(office, NOW, NOW + 60 * DAY)
    days = [(one.created_at - TUESDAY).days for one in notes_to(office, "UASHA")]
    assert days == [0, 1, 2, 3, 6, 13, 20, 27]
    note_line(office, "news", "UASHA", NOW + 60 * DAY)
    lives(office, NOW + 60 * DAY, NOW + 64 * DAY)
    assert "line of news" in str(notes_to(office, "UASHA")[-1].payload)


def test_answers_to_a_question_come_weekly_to_a_learner(office: Session) -> None:
    """Tom asked; two replied; on Monday his note says so once, without what he wrote himself."""
    stamp = NOW.timestamp()
    said(office, "UTOM", "How long do you proof? #ask", f"{stamp:.6f}")
    for n, person in enumerate(("UASHA", "UMARA", "UTOM")):
        said(office, person, "Overnight.", f"{stamp + 60 + n:.6f}", thread_ts=f"{stamp:.6f}")
    lives(office, NOW, NOW + 14 * DAY)
    (note,) = notes_to(office)
    assert note.created_at == MONDAY + 7 * DAY
    assert "How long do you proof?" in str(note.payload)
    assert "2 new replies" in str(note.payload)


@pytest.mark.parametrize("rhythm", list(Rhythm))
def test_who_chose_a_rhythm_gets_that_one(office: Session, rhythm: Rhythm) -> None:
    """Daily on Tuesday, weekly on Monday, never not at all."""
    preferences.store_preferences(office, T, "UTOM", Preferences(note_rhythm=rhythm))
    note_line(office, "a")
    lives(office, NOW, NOW + 8 * DAY)
    expected = {Rhythm.DAILY: [TUESDAY], Rhythm.WEEKLY: [MONDAY + 7 * DAY], Rhythm.NEVER: []}
    assert [one.created_at for one in notes_to(office)] == expected[rhythm]


def test_a_pause_a_leave_and_a_stop_hold_the_note(office: Session) -> None:
    """After the pause it comes; stopped, it does not."""
    note_line(office, "a")
    until = NOW.date() + 3 * DAY
    preferences.store_preferences(office, T, "UTOM", Preferences(pause_until=until))
    held_back.plan_again(office, T, "UTOM", NOW)
    lives(office, NOW, NOW + 2 * DAY)
    assert notes_to(office) == []
    lives(office, NOW + 2 * DAY, NOW + 4 * DAY)
    assert [one.created_at.date() for one in notes_to(office)] == [until]
    note_line(office, "b", now=NOW + 4 * DAY)
    attention.stop(office, T, "UTOM", Started.NOTE)
    lives(office, NOW + 4 * DAY, NOW + 9 * DAY)
    assert len(notes_to(office)) == 1


def test_without_room_it_comes_on_the_next_day_that_has(office: Session) -> None:
    """A check-in took Monday's only place: what waits for Tom comes on Tuesday."""
    said(office, "UTOM", "Proof the dough overnight.")
    marked(office, "UMARA", "bulb")
    arrives(office, letters_to(office, "UTOM")[0], "1800000000.000100")
    monday = MONDAY + 7 * DAY
    notes.write_due(office, T, NOW)
    assert planned(office) == monday
    budget.spend(office, T, "UTOM", Started.CHECK_IN, "c", "check-in", monday)
    lives(office, monday, monday + 2 * DAY)
    assert [one.created_at for one in notes_to(office)] == [monday + DAY]


def test_late_after_downtime_it_comes_the_same_day_or_not_at_all(office: Session) -> None:
    """Until eight hours late; in the evening the next morning is waited for."""
    note_line(office, "a")
    notes.write_due(office, T, NOW)
    notes.write_due(office, T, TUESDAY + timedelta(hours=9))
    assert notes_to(office) == []
    assert planned(office) == TUESDAY + DAY
    notes.write_due(office, T, TUESDAY + DAY + timedelta(hours=7))
    assert len(notes_to(office)) == 1


@given(st.sampled_from([Rhythm.DAILY, Rhythm.WEEKLY]), st.integers(0, 6), calendars, instants)
def test_notes_are_due_at_the_hour_on_working_days_and_weekly_ones_once_a_week(
    rhythm: Rhythm, weekday: int, calendar: Calendar, now: datetime
) -> None:
    """Ten in a row: always later, at their hour, on a working day; weekly ones belong to ten different weeks."""
    for _ in range(5):
        due = next_note(rhythm, weekday, calendar, now)
        assert due is not None
        assert due > now
        local = due.astimezone(calendar.zone)
        assert (local.hour, local.minute) == (calendar.hour, 0)
        assert calendar.works_on(local.date())
        if rhythm is Rhythm.WEEKLY:
            planned_on = [local.date() - n * DAY for n in range(50)]
            moved = next(day for day in planned_on if day.weekday() == weekday)
            assert calendar.next_working_day(moved) <= local.date()
        now = due


def test_a_weekly_note_moves_past_a_holiday_of_its_day() -> None:
    """Easter Monday is free: the note comes on Tuesday."""
    holidays = {MONDAY.date() + 7 * DAY}
    calendar = Calendar(ZoneInfo("UTC"), holidays=holidays.__contains__)
    assert next_note(Rhythm.WEEKLY, 0, calendar, MONDAY) == MONDAY + 8 * DAY
    assert next_note(Rhythm.WEEKLY, 0, calendar, MONDAY + 8 * DAY) == MONDAY + 14 * DAY


def test_a_full_note_is_what_slack_takes_and_says_how_many_more() -> None:
    """Many lines, long lines, lines with buttons: five of each section, and the number of the rest."""
    many = [NoteLine("w" * 900, f"https://a.example/{n}") for n in range(9)]
    held = [NoteLine("line", held=n) for n in range(6)]
    sections = [Section("One", many), Section("Two", held), Section("Empty", [])]
    payload = blocks.note(sections, "daily").payload()
    check_blocks(payload["blocks"], "message")
    assert "and 4 more" in str(payload["blocks"])
    assert "and one more" in str(payload["blocks"])
    assert "Empty" not in str(payload)
