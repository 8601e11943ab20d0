"""The talk between learner and manager: dated by the two, in their own zones, and in both calendars."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.interactions import Press
from bot.rules import talk_cards, talk_dates, talk_offers, talk_overview, talk_people, talks
from bot.rules.managers import set_manager
from bot.rules.talk_dates import NotYourTalk, TalkWentOn, TimePassed, Wrong
from storage.managers import Source
from storage.outbox import OutboxRow
from storage.people import Person
from storage.programmes import Cohort, Enrolment, Programme
from storage.session import Database, Session
from storage.talks import Talk, TalkState, get_talk
from tests.rules.nouns import T, form, letters, open_world

ENDED = date(2027, 3, 1)  # a Monday
DAY_21 = datetime(2027, 3, 23, 3, 30, tzinfo=UTC)  # nine in Kolkata; the 22nd is Holi, a holiday there
FIRST = datetime(2027, 4, 6, 8, tzinfo=UTC)  # 9:00 in Lisbon, 13:30 in Kolkata
SECOND = datetime(2027, 4, 7, 9, tzinfo=UTC)


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """Asha in Kolkata finished a programme; Mara in Lisbon manages her."""
    for session in open_world(database):
        for person, zone in (
            ("UASHA", "Asia/Kolkata"),
            ("UMARA", "Europe/Lisbon"),
            ("UTOM", "America/Chicago"),
        ):
            known = session.get_one(Person, (T, person))
            known.tz, known.welcome_because = zone, "was enrolled"
        yield session


def finished(world: Session, *, managed: bool = True) -> Talk:
    """Asha's programme ended on 1 March."""
    at = datetime(2027, 3, 1, 18, tzinfo=UTC)
    if managed:
        set_manager(world, T, "UASHA", "UMARA", Source.ROSTER, None, at)
    programme = Programme(
        workspace=T, key="new-manager", title="New manager", check_ins=[], items=[], closing=[],
        circle_questions=[], made_at=at,
    )  # fmt: skip
    world.add(programme)
    world.flush()
    cohort = Cohort(
        workspace=T, programme=programme.id, name="spring", starts_on=date(2027, 1, 4), ends_on=ENDED,
        state="ended", made_at=at,
    )  # fmt: skip
    world.add(cohort)
    world.flush()
    enrolment = Enrolment(
        workspace=T, cohort=cohort.id, person="UASHA", state="completed", enrolled_at=at, step="done",
        completed_on=ENDED, completed_how="date",
    )  # fmt: skip
    world.add(enrolment)
    world.flush()
    for _ in range(2):  # a completion told twice plans one talk
        talks.plan_for(world, enrolment, at)
    return world.query(Talk).one()


def runs(world: Session, now: datetime) -> None:
    """The tick at this moment, twice: the second finds nothing to do."""
    for _ in range(2):
        talks.run_due(world, T, now)
        world.flush()


def asked(world: Session, **how: bool) -> Talk:
    """Day 21 has come."""
    talk = finished(world, **how)
    runs(world, DAY_21)
    return talk


def offers(
    world: Session,
    talk: Talk,
    person: str,
    *times: datetime,
    now: datetime = DAY_21,
    view: str = "V1",
    **more: Any,
) -> Wrong | None:
    """Somebody sends the form with these times, twice."""
    values = {f"time_{n}": str(int(time.timestamp())) for n, time in enumerate(times)} | more
    sent = form("talk_times", person, values, view, talk=talk.id)
    wrong = talk_offers.offer(world, sent, now)
    return talk_offers.offer(world, sent, now) or wrong


def press(person: str, value: str) -> Press:
    """A button of a card."""
    return Press(T, person, "x", value, "trigger", "D1", "1.1", None, None, "1.2")


def takes(world: Session, talk: Talk, person: str, time: datetime, now: datetime = DAY_21) -> None:
    """Somebody taps one of the times."""
    talk_dates.take(world, press(person, f"{talk.id}:{int(time.timestamp())}"), now)
    world.flush()


def agreed(world: Session) -> Talk:
    """They will talk on 6 April."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST, SECOND)
    takes(world, talk, "UMARA", FIRST)
    return talk


def cards(world: Session, person: str) -> list[str]:
    """What this person's card shows, every letter of it."""
    return [str(row.payload) for row in letters(world, to=person)]


def files(world: Session) -> list[OutboxRow]:
    """The calendar files on their way."""
    return letters(world, "files.upload")


def test_the_learner_is_asked_once_on_day_21_at_their_own_hour(world: Session) -> None:
    """Not a minute before nine where they live, and not again at the next tick."""
    talk = finished(world)
    assert talk.due_at == DAY_21
    runs(world, DAY_21 - timedelta(minutes=1))
    assert cards(world, "UASHA") == []
    runs(world, DAY_21)
    (card,) = cards(world, "UASHA")
    assert "Time for a talk with Mara" in card
    assert "New manager" in card


def test_the_other_sees_the_times_by_their_own_clock_and_taps_one(world: Session) -> None:
    """Asha offers in Kolkata, Mara chooses in Lisbon, both calendars get the same instant."""
    talk = asked(world)
    assert offers(world, talk, "UASHA", FIRST, SECOND) is None
    (card,) = cards(world, "UMARA")
    assert "Tuesday 6 April, 09:00 (Lisbon time)" in card
    assert "Wednesday 7 April, 10:00 (Lisbon time)" in card
    takes(world, talk, "UMARA", FIRST)
    takes(world, talk, "UMARA", FIRST)  # a second press changes nothing
    assert (talk.state, talk.starts_at) == (TalkState.AGREED, FIRST)
    assert sorted(str(row.recipient) for row in files(world)) == ["UASHA", "UMARA"]
    for row in files(world):
        (event,) = Calendar.from_ical(row.payload["content"]).events
        assert event.start == FIRST


def test_other_times_can_be_offered_back(world: Session) -> None:
    """Mara is busy on both days: she offers one of her own, and Asha takes it."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST)
    assert offers(world, talk, "UMARA", SECOND, view="V2") is None
    assert "offers other times" in cards(world, "UASHA")[-1]
    with pytest.raises(TalkWentOn):
        takes(world, talk, "UMARA", SECOND)  # not one's own offer
    takes(world, talk, "UASHA", SECOND)
    assert talk.starts_at == SECOND


def test_a_moved_talk_is_the_same_event_with_a_higher_number(world: Session) -> None:
    """The calendar moves it instead of showing two."""
    talk = agreed(world)
    offers(world, talk, "UMARA", SECOND, view="V2")
    takes(world, talk, "UASHA", SECOND)
    assert "Your talk with Mara is on Wednesday 7 April, 14:30 now" in str(files(world)[-2].payload)
    events = [Calendar.from_ical(row.payload["content"]).events[0] for row in files(world)]
    assert {str(event["UID"]) for event in events} == {talk.uid}
    assert (
        sorted((event["SEQUENCE"], event.start) for event in events) == [(0, FIRST)] * 2 + [(1, SECOND)] * 2
    )


def test_a_talk_that_is_not_needed_leaves_both_calendars(world: Session) -> None:
    """Cancelled, once; it can be planned again later, with a number that goes on rising."""
    talk = agreed(world)
    for _ in range(2):
        talk_dates.let_be(world, press("UMARA", str(talk.id)), DAY_21)
    statuses = [str(Calendar.from_ical(row.payload["content"]).events[0]["STATUS"]) for row in files(world)]
    assert statuses == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CANCELLED"]
    offers(world, talk, "UASHA", SECOND, view="V3")
    takes(world, talk, "UMARA", SECOND)
    assert talk.sequence == 2


def test_afterwards_both_are_asked_how_it_went(world: Session) -> None:
    """Once, when it is over; who says it happened settles it for both."""
    talk = agreed(world)
    runs(world, FIRST + timedelta(minutes=29))
    assert talk.state == TalkState.AGREED
    before = len(letters(world))
    runs(world, FIRST + timedelta(minutes=30))
    asked_now = letters(world)[before:]
    assert all("How was your talk" in str(row.payload) for row in asked_now)
    talk_dates.happened(world, press("UASHA", str(talk.id)), FIRST + timedelta(hours=1))
    assert (talk.state, talk.learner_said) == (TalkState.HELD, "happened")


def test_no_answer_is_said_once_and_times_that_passed_can_be_offered_anew(world: Session) -> None:
    """Three working days of silence make a line in the note; the last time's passing opens the question again."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST)
    assert talk.due_at == datetime(
        2027, 3, 29, 8, tzinfo=UTC
    )  # three working days in Lisbon: the 26th is Good Friday
    runs(world, talk.due_at)
    assert talk.due_at == FIRST
    runs(world, FIRST)
    assert (talk.state, talk.offers) == (TalkState.ASKED, [])


def test_without_a_manager_the_learner_says_with_whom(world: Session) -> None:
    """Nobody is left without a talk; and the one chosen must be a colleague who is here."""
    talk = asked(world, managed=False)
    assert "I don't know who manages you" in cards(world, "UASHA")[0]
    for nobody in ("", "UASHA"):
        wrong = offers(world, talk, "UASHA", FIRST, partner=nobody)
        assert wrong is not None
        assert "partner" in wrong.by_block
    world.get_one(Person, (T, "UTOM")).is_external = True
    assert offers(world, talk, "UASHA", FIRST, partner="UTOM") is not None
    assert offers(world, talk, "UASHA", FIRST, partner="UMARA") is None
    assert talk.manager == "UMARA"


@pytest.mark.parametrize(
    ("times", "sentence"),
    [
        ([], "at least one"),
        ([DAY_21 - timedelta(hours=1)], "over already"),
        ([DAY_21 + timedelta(days=300)], "six months"),
        ([FIRST, FIRST], "twice"),
        ([datetime(2027, 4, 6, 2, tzinfo=UTC)], "03:00 for Mara"),
    ],
)
def test_a_time_that_cannot_be_gets_a_sentence(world: Session, times: list[datetime], sentence: str) -> None:
    """What was wrong and what to do, beside the field; nothing is offered."""
    talk = asked(world)
    wrong = offers(world, talk, "UASHA", *times)
    assert wrong is not None
    assert any(sentence in said for said in wrong.by_block.values())
    assert talk.state == TalkState.ASKED


def test_nobody_else_decides(world: Session) -> None:
    """A forged press or form of a third person changes nothing."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST)
    for rule, value in (
        (talk_dates.take, f"{talk.id}:{int(FIRST.timestamp())}"),
        (talk_dates.let_be, str(talk.id)),
        (talk_dates.happened, str(talk.id)),
        (talk_dates.take, "99999:1"),
        (talk_dates.let_be, "'; drop table talks"),
    ):
        with pytest.raises(NotYourTalk):
            rule(world, press("UTOM", value), DAY_21)
    with pytest.raises(NotYourTalk):
        offers(world, talk, "UTOM", SECOND)
    assert get_talk(world, "T2", talk.id) is None  # nor from another workspace


def test_a_time_that_passed_or_was_not_offered_cannot_be_taken(world: Session) -> None:
    """An old card cannot make a date in the past."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST)
    with pytest.raises(TimePassed):
        takes(world, talk, "UMARA", FIRST, now=FIRST)
    with pytest.raises(TalkWentOn):
        takes(world, talk, "UMARA", SECOND)


def test_the_form_proposes_hours_that_suit_both(world: Session) -> None:
    """About week 5, on working days, when both are at work."""
    talk = asked(world)
    view = talk_offers.open_form(world, press("UASHA", str(talk.id)), DAY_21).view()
    blocks: Any = view["blocks"]
    times = [
        datetime.fromtimestamp(block["element"]["initial_date_time"], UTC)
        for block in blocks
        if str(block.get("block_id", "")).startswith("time_")
    ]
    assert [time.date() for time in times] == [date(2027, 4, 5), date(2027, 4, 6), date(2027, 4, 7)]
    assert all(9 <= time.hour + 1 < 17 for time in times)  # Lisbon is an hour ahead of UTC by then


def test_leaving_the_programme_calls_it_off(world: Session) -> None:
    """Nothing is asked any more and the date leaves both calendars."""
    talk = agreed(world)
    enrolment = world.get_one(Enrolment, talk.enrolment)
    for _ in range(2):
        talks.call_off(world, enrolment, DAY_21)
    assert (talk.state, talk.due_at, len(files(world))) == (TalkState.CALLED_OFF, None, 4)


def test_after_a_long_downtime_nobody_is_asked_out_of_the_blue(world: Session) -> None:
    """A year later it makes no sense any more, and that is recorded."""
    talk = finished(world)
    runs(world, DAY_21 + timedelta(days=365))
    assert (talk.state, cards(world, "UASHA")) == (TalkState.LAPSED, [])


def test_a_talk_nobody_dates_rests_at_the_end_of_the_plan(world: Session) -> None:
    """The card says so and offers to plan it still."""
    talk = asked(world)
    assert talk.due_at is not None
    runs(world, talk.due_at)
    assert talk.state == TalkState.LAPSED
    assert talk_cards.picture(world, talk, "UASHA", DAY_21).state == "lapsed"
    assert (
        offers(
            world, talk, "UASHA", datetime(2027, 6, 2, 9, tzinfo=UTC), now=datetime(2027, 6, 1, tzinfo=UTC)
        )
        is None
    )


def test_a_manager_who_is_gone_leaves_the_learner_free_to_choose(world: Session) -> None:
    """The date leaves the calendar, and the card asks with whom instead; said twice it changes nothing."""
    talk = agreed(world)
    world.get_one(Person, (T, "UMARA")).is_deactivated = True
    for _ in range(2):
        talk_people.person_left(world, T, "UMARA", DAY_21)
    assert (talk.state, talk.manager, talk.starts_at) == (TalkState.ASKED, None, None)
    (off,) = [row for row in files(world) if "CANCELLED" in str(row.payload)]
    assert off.recipient == "UASHA"
    evening = datetime(2027, 4, 7, 14, tzinfo=UTC)  # morning in Chicago
    assert offers(world, talk, "UASHA", evening, view="V9", partner="UTOM") is None


def test_a_learner_who_is_left_out_has_no_talk(world: Session) -> None:
    """Nobody is asked about it any more."""
    talk = agreed(world)
    talk_people.person_left(world, T, "UASHA", DAY_21)
    assert (talk.state, talk.due_at) == (TalkState.CALLED_OFF, None)


def test_home_and_the_morning_note_show_what_waits(world: Session) -> None:
    """Whoever has to choose finds the times on Home and a line in the note; the other is not bothered."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST, SECOND)
    home = str(talk_overview.home_blocks(world, T, "UMARA", DAY_21))
    assert "Tuesday 6 April, 09:00" in home
    assert "You offered Mara" in str(talk_overview.home_blocks(world, T, "UASHA", DAY_21))
    assert talk_overview.home_blocks(world, T, "UTOM", DAY_21) == []
    (line,) = talk_overview.note_lines(world, T, "UMARA", DAY_21)
    assert "Asha asks which time suits you" in line.text
    assert talk_overview.note_lines(world, T, "UASHA", DAY_21) == []
