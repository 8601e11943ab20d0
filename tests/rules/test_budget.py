"""The budget: who gets how much, what waits and when it goes, and that every decision leaves a row with its reason."""

from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.blocks import attention as reasons
from bot.rules import attention, budget, held_back, leaving, my_settings, preferences
from bot.rules.attention import Started
from bot.rules.availability import add_leave, calendar_of
from bot.rules.budget import Outcome, Urgency, Wish
from bot.rules.preferences import Preferences
from storage import outbox_cards
from storage.attention import Standing, StartedMessage
from storage.check_ins import Prompt, PromptKind, PromptState
from storage.outbox import OutboxRow, post_to_person
from storage.outbox_due import find_due, find_next_due
from storage.people import Person
from storage.session import Database, Session
from tests.rules.nouns import NOW, T
from tests.rules.world import open_office

DAY = timedelta(days=1)
MORNING = NOW.replace(hour=9)  # of a Monday
WEEK = [MORNING + n * DAY for n in range(7)]


@pytest.fixture
def office(database: Database) -> Iterator[Session]:
    """A workspace with people, a space and an admin; everybody has used the app."""
    for session in open_office(database):
        for person in session.scalars(select(Person)):
            person.welcome_because = "used a command"
        session.flush()
        yield session


def wish(session: Session, once: str, now: datetime = MORNING, person: str = "UTOM", **more: Any) -> Outcome:
    letter = post_to_person(T, person, {"text": once, "blocks": []}, about=f"thing:{once}")
    kind = more.pop("kind", Started.PLAN)
    return budget.wish(session, Wish(T, person, kind, once, f"line of {once}", letter, **more), now)


def request(session: Session, once: str, now: datetime = MORNING, person: str = "UTOM") -> Outcome:
    return wish(session, once, now, person, urgency=Urgency.REQUEST, asked_by="UMARA")


def due(session: Session, now: datetime) -> list[str]:
    """What the sender would take now; taken, it is sent."""
    session.flush()
    said: list[str] = []
    while taken := [session.get_one(OutboxRow, one.id) for one in find_due(session, now)]:
        for letter in taken:  # one at a time in each conversation
            letter.state = "sent"
        session.flush()
        said += [str(letter.payload.get("text")) for letter in taken if letter.method == "chat.postMessage"]
    return said


def row(session: Session, once: str) -> StartedMessage:
    return session.scalars(select(StartedMessage).where(StartedMessage.once == once)).one()


def test_a_learner_gets_one_a_day_and_three_a_week(office: Session) -> None:
    """What has no room waits for a day that has, in order; the fourth of a week waits for the next one."""
    assert [wish(office, f"m{n}") for n in range(5)] == [Outcome.SAID, *[Outcome.WAITING] * 4]
    said = {}
    for day in (MORNING + n * DAY for n in range(14)):
        held_back.look_again(office, T, day)
        said[day.date()] = due(office, day)
    assert [len(said[day]) for day in sorted(said)] == [1, 1, 1, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]
    assert [one for day in sorted(said) for one in said[day]] == ["m0", "m1", "m2", "m3", "m4"]
    assert all(row(office, f"m{n}").state == Standing.SAID for n in range(5))


@pytest.mark.parametrize(
    ("now", "goes"),
    [(MORNING - timedelta(hours=3), MORNING), (MORNING + timedelta(hours=14), MORNING + DAY)],
    ids=["early", "late"],
)
def test_nobody_is_written_to_first_before_their_hour_or_at_night(
    office: Session, now: datetime, goes: datetime
) -> None:
    """Whatever starts a message elsewhere in the world, it comes at its reader's hour; a request goes."""
    assert wish(office, "m0", now) is Outcome.WAITING
    assert (row(office, "m0").due_at, row(office, "m0").why) == (goes, reasons.NOT_YOUR_HOUR)
    assert request(office, "r0", now, person="UMARA") is Outcome.SAID
    held_back.look_again(office, T, goes)
    assert row(office, "m0").state == Standing.SAID


def test_anyone_with_a_role_gets_two_a_day_and_five_a_week(office: Session) -> None:
    """Asha is an admin."""
    assert [wish(office, f"m{n}", person="UASHA") for n in range(3)] == [
        Outcome.SAID,
        Outcome.SAID,
        Outcome.WAITING,
    ]
    held_back.look_again(office, T, WEEK[1])
    later = [wish(office, f"n{n}", WEEK[2], person="UASHA") for n in range(3)]
    assert later == [Outcome.SAID, Outcome.SAID, Outcome.WAITING]
    assert row(office, "n2").due_at == MORNING + 7 * DAY  # five were enough for this week


def test_a_request_always_goes_and_counts_and_the_third_of_a_day_joins_the_note(office: Session) -> None:
    """Two colleagues are passed on at once; after them there is no room for what the app itself would say."""
    assert [request(office, f"r{n}") for n in range(3)] == [Outcome.SAID, Outcome.SAID, Outcome.NOTED]
    assert due(office, MORNING) == ["r0", "r1"]
    assert wish(office, "own") is Outcome.WAITING
    assert row(office, "r2").why == reasons.ONE_MORE_REQUEST
    assert request(office, "r3", WEEK[1]) is Outcome.SAID


def test_who_wants_no_note_gets_the_third_request_on_another_day(office: Session) -> None:
    """Else it would never be seen."""
    preferences.store_preferences(office, T, "UTOM", Preferences(note_rhythm=preferences.Rhythm.NEVER))
    assert [request(office, f"r{n}") for n in range(3)] == [Outcome.SAID, Outcome.SAID, Outcome.WAITING]
    held_back.look_again(office, T, WEEK[1])
    assert due(office, WEEK[1])[-1] == "r2"
    assert wish(office, "line", urgency=Urgency.NOTE) is Outcome.DROPPED
    assert row(office, "line").why == reasons.NO_NOTE


def test_the_same_wish_twice_is_one(office: Session) -> None:
    """Rules may run again."""
    assert wish(office, "m0") is Outcome.SAID
    assert wish(office, "m0") is Outcome.ALREADY
    assert wish(office, "m1") is Outcome.WAITING
    assert wish(office, "m1") is Outcome.ALREADY
    assert due(office, MORNING) == ["m0"]


def test_what_makes_no_sense_later_is_dropped_with_its_reason(office: Session) -> None:
    """A message that found no room in time is listed as dropped, and not sent at the last moment."""
    wish(office, "m0")
    assert wish(office, "m1", not_after=MORNING + timedelta(hours=3)) is Outcome.WAITING
    held_back.look_again(office, T, WEEK[1])
    assert (row(office, "m1").state, row(office, "m1").why) == (Standing.DROPPED, reasons.TOO_LATE)
    assert due(office, MORNING) == ["m0"]
    assert wish(office, "m2", not_after=MORNING - DAY) is Outcome.DROPPED
    assert {one.line for one in held_back.find_held_back(office, T, "UTOM", WEEK[1])} == {
        "line of m1",
        "line of m2",
    }


def test_nobody_who_did_nothing_is_written_to_and_what_is_muted_is_listed(office: Session) -> None:
    """The gate comes first; what was dropped may be wished again once it is open."""
    office.get_one(Person, (T, "UTOM")).welcome_because = None
    assert wish(office, "m0") is Outcome.DROPPED
    assert request(office, "r0") is Outcome.SAID
    attention.has_acted(office, T, "UTOM", "used a command")
    attention.stop(office, T, "UTOM", Started.TALK)
    assert wish(office, "m1", kind=Started.TALK) is Outcome.DROPPED
    assert row(office, "m1").why == reasons.WAS_STOPPED
    attention.stop(office, T, "UTOM", Started.TALK, stopped=False)
    assert wish(office, "m1", WEEK[1], kind=Started.TALK) is Outcome.SAID
    assert row(office, "m1").said_on == WEEK[1].date()


def test_a_pause_holds_everything_and_its_end_lets_it_go(office: Session) -> None:
    """Also what colleagues ask; ended early, the next tick sends it."""
    until = MORNING.date() + 10 * DAY
    preferences.store_preferences(office, T, "UTOM", Preferences(pause_until=until))
    assert (wish(office, "m0"), request(office, "r0")) == (Outcome.WAITING, Outcome.WAITING)
    assert {row(office, one).why for one in ("m0", "r0")} == {reasons.PAUSED}
    for one in ("m0", "r0"):
        assert (row(office, one).due_at or MORNING).date() >= until
    my_settings.end_pause(office, my_settings.Change(T, "UTOM"), WEEK[1])
    held_back.plan_again(office, T, "UTOM", WEEK[1])
    held_back.look_again(office, T, WEEK[1])
    assert due(office, WEEK[1]) == ["m0", "r0"]  # the earlier one takes the room, and a request needs none


def test_leave_holds_what_the_app_says_and_not_what_colleagues_ask(office: Session) -> None:
    """Away until Thursday: on Friday, at their hour."""
    add_leave(office, T, "UTOM", MORNING.date(), WEEK[3].date(), MORNING)
    assert (wish(office, "m0"), request(office, "r0")) == (Outcome.WAITING, Outcome.SAID)
    assert row(office, "m0").due_at == WEEK[4]
    assert row(office, "m0").why == reasons.AWAY


def test_what_waits_is_redrawn_and_taken_back_like_any_card(office: Session) -> None:
    """A card that was never sent changes in place; taken back, it is gone, and may be wished anew."""
    wish(office, "m0")
    wish(office, "m1")
    assert outbox_cards.redraw(office, T, "thing:m1", {"text": "as it is now", "blocks": []}, MORNING)
    held_back.look_again(office, T, WEEK[1])
    assert due(office, WEEK[1]) == ["m0", "as it is now"]
    wish(office, "m2", WEEK[1])
    assert outbox_cards.take_back(office, T, "thing:m2")
    held_back.look_again(office, T, WEEK[2])
    assert row(office, "m2").state == Standing.DROPPED
    assert row(office, "m2").why == reasons.TAKEN_BACK
    assert wish(office, "m2", WEEK[2]) is Outcome.SAID


def test_a_card_taken_back_before_it_left_may_be_wished_anew(office: Session) -> None:
    """Somebody nominates, takes it back at once and nominates again: the author is asked."""
    request(office, "r0")
    assert outbox_cards.take_back(office, T, "thing:r0")
    assert request(office, "r0") is Outcome.SAID
    assert due(office, MORNING) == ["r0"]


def test_a_letter_that_waits_is_no_next_instant(office: Session) -> None:
    """The sandbox's clock stops where something is due, not in the year 9999."""
    wish(office, "m0")
    wish(office, "m1")
    due(office, MORNING)
    assert find_next_due(office, MORNING) is None


def test_of_somebody_left_out_no_line_is_kept(office: Session) -> None:
    """Ids only: neither what waited nor what is wished later."""
    wish(office, "m0")
    wish(office, "m1")
    leaving.leave_out(office, leaving.Wish(T, "UTOM"), MORNING)
    assert wish(office, "m2") is Outcome.DROPPED
    office.expire_all()
    assert [one.line for one in office.scalars(select(StartedMessage))] == ["", ""]
    held_back.look_again(office, T, WEEK[1])
    assert due(office, WEEK[1]) == []


def test_first_day_with_room_looks_past_full_days_and_weeks(office: Session) -> None:
    """What a check-in asks that moves itself."""
    calendar = calendar_of(office, T, "UTOM", MORNING)

    def first(day: date) -> date:
        return budget.first_day_with_room(office, T, "UTOM", Started.CHECK_IN, day, calendar, MORNING)

    assert first(MORNING.date()) == MORNING.date()
    for n in range(3):
        budget.spend(office, T, "UTOM", Started.CHECK_IN, f"c{n}", "line", WEEK[n])
    budget.spend(office, T, "UTOM", Started.CHECK_IN, "c0", "line", WEEK[3])  # counts once
    assert first(MORNING.date()) == MORNING.date() + 7 * DAY
    assert first(WEEK[5].date()) == MORNING.date() + 7 * DAY


def test_a_planned_check_in_has_its_day(office: Session) -> None:
    """An invitation does not push a question out of its morning; the question itself finds room there."""
    question = Prompt(
        workspace=T,
        once="check_in:1:2",
        person="UTOM",
        kind=PromptKind.CHECK_IN,
        question="What did you try?",
        planned_on=MORNING.date(),
        due_on=MORNING.date(),
        state=PromptState.SCHEDULED,
    )
    office.add(question)
    office.flush()
    calendar, today = calendar_of(office, T, "UTOM", MORNING), MORNING.date()

    def first(kind: Started) -> date:
        return budget.first_day_with_room(office, T, "UTOM", kind, today, calendar, MORNING)

    assert (first(Started.CHECK_IN), first(Started.CIRCLE)) == (today, today + DAY)
    assert wish(office, "circle", kind=Started.CIRCLE) is Outcome.WAITING
    assert row(office, "circle").due_at == WEEK[1]
    assert request(office, "help") is Outcome.SAID  # what colleagues ask always goes


STEP = st.tuples(
    st.sampled_from(["wish", "request", "note", "leave", "pause", "resume", "mute", "allow", "short"]),
    st.integers(0, 40),  # hours that pass
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(STEP, max_size=25))
def test_whatever_happens_the_budget_holds_and_nothing_is_lost(
    database: Database, steps: list[tuple[str, int]]
) -> None:
    """Own messages never exceed a day's or week's room, each wish ends in one row with a reason or as said once."""
    for session in open_office(database):
        for person in session.scalars(select(Person)):
            person.welcome_because = "used a command"
        now, wished = MORNING, []
        for number, (act, hours) in enumerate(steps):
            now += timedelta(hours=hours)
            held_back.look_again(session, T, now)
            wished += _do(session, act, f"{act}{number}", now)
        for n in range(60):
            held_back.look_again(session, T, now + n * DAY)
        rows = {one.once: one for one in session.scalars(select(StartedMessage))}
        assert set(rows) == set(wished)
        assert all(one.state == Standing.SAID or one.why for one in rows.values())
        own = Counter(_day(one) for one in rows.values() if one.said_on and one.urgency == Urgency.STARTED)
        assert all(number <= 1 for number in own.values())
        weeks = Counter(day.isocalendar()[:2] for day in own.elements())
        assert all(number <= 3 for number in weeks.values())
        assert all(day.weekday() < 5 for day in own)


def _day(one: StartedMessage) -> date:
    assert one.said_on is not None
    return one.said_on


def _do(session: Session, act: str, once: str, now: datetime) -> list[str]:
    today = now.date()
    match act:
        case "wish":
            wish(session, once, now)
        case "short":
            wish(session, once, now, not_after=now + 2 * DAY)
        case "request":
            request(session, once, now)
        case "note":
            wish(session, once, now, urgency=Urgency.NOTE)
        case "mute" | "allow":
            attention.stop(session, T, "UTOM", Started.PLAN, stopped=act == "mute")
        case "leave":
            add_leave(session, T, "UTOM", today, today + 3 * DAY, now)
        case _:
            until = today + 5 * DAY if act == "pause" else None
            preferences.store_preferences(session, T, "UTOM", Preferences(pause_until=until))
    if act not in ("wish", "short", "request", "note"):
        held_back.plan_again(session, T, "UTOM", now)
        return []
    return [once]


@pytest.mark.parametrize("backend", [pytest.param("postgresql", marks=pytest.mark.postgresql)])
def test_two_replicas_cannot_both_spend_the_last_room(database: Database, backend: str) -> None:
    """Eight wishes at once in eight transactions: one goes, seven wait for other days."""
    del backend
    for session in open_office(database):
        for person in session.scalars(select(Person)):
            person.welcome_because = "used a command"
        session.commit()

    def wish_alone(number: int) -> Outcome:
        with database.write() as session:
            outcome = wish(session, f"m{number}")
            session.commit()
            return outcome

    with ThreadPoolExecutor(8) as threads:
        outcomes = Counter(threads.map(wish_alone, range(8)))
    assert outcomes == {Outcome.SAID: 1, Outcome.WAITING: 7}
    with database.read() as session:
        days = Counter(one.due_at for one in session.scalars(select(StartedMessage)) if one.due_at)
        assert set(days.values()) == {1}


def test_whom_colleagues_ask_gets_also_the_third_request_of_a_day(office: Session) -> None:
    """Who never used the app may be written to once a named person asked, so that no request waits for ever."""
    office.get_one(Person, (T, "UTOM")).welcome_because = None
    assert [request(office, f"r{n}") for n in range(3)] == [Outcome.SAID, Outcome.SAID, Outcome.NOTED]
    assert attention.may_write(office, T, "UTOM", Started.NOTE)
    stranger = office.get_one(Person, (T, "UASHA"))
    stranger.welcome_because, stranger.is_external = None, True
    assert request(office, "from here", person="UASHA") is Outcome.DROPPED
    assert not attention.may_write(office, T, "UASHA", Started.NOTE)
