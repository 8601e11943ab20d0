"""Check-ins: planned, sent, reminded of, merged, put off, skipped, paused, resumed, called off."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy.orm import Session

from bot.rules import check_in_acts, check_in_sending, check_ins, held_back
from bot.rules.attention import Started, stop
from bot.rules.availability import CALENDAR_CHANGED, add_leave, remove_leave
from bot.rules.budget import spend
from bot.rules.check_in_acts import Act, NoCheckIn, NotADayToCome, NothingToPutOff, Pause
from bot.rules.letters import Refused
from bot.rules.preferences import read_preferences, store_preferences
from storage.attention import find_started
from storage.availability import find_leaves
from storage.check_ins import PromptState, find_prompt_at
from storage.outbox_cards import last_picture
from storage.session import Database
from tests.rules.learning import at, finished, prompt, prompts, ticks
from tests.rules.nouns import T, arrives, letters, open_world

FRIDAY = date(2027, 3, 5)


@pytest.fixture
def world(database: Database, monkeypatch: pytest.MonkeyPatch) -> Iterator[Session]:
    """A workspace with Asha, Mara and Tom, where a change of somebody's days plans their check-ins anew."""
    monkeypatch.setattr("bot.rules.availability.CALENDAR_CHANGED", [check_ins.replan])
    assert CALENDAR_CHANGED is not None
    yield from open_world(database)


def states(session: Session, *enrolments: object) -> list[str]:
    """Where the check-ins are."""
    return [one.state for each in enrolments for one in prompts(session, each)]  # type: ignore[arg-type]


def test_they_are_planned_on_working_days_at_the_persons_hour_across_a_clock_change(world: Session) -> None:
    """The hour is nine on the wall in Lisbon before and after the 28th of March, never on a weekend."""
    enrolment = finished(world, "UMARA", FRIDAY, zone="Europe/Lisbon")
    planned = [(one.due_on, one.due_at) for one in prompts(world, enrolment)]
    assert planned[:4] == [
        (date(2027, 3, 8), at("03-08 09:00")),
        (date(2027, 3, 12), at("03-12 09:00")),
        (date(2027, 3, 22), at("03-22 09:00")),
        (date(2027, 4, 9), at("04-09 08:00")),
    ]


def test_planning_twice_changes_nothing(world: Session) -> None:
    """The end of a programme may be told again."""
    enrolment = finished(world, "UMARA", FRIDAY)
    before = [(one.id, one.due_at, one.state) for one in prompts(world, enrolment)]
    check_ins.plan_for(world, enrolment, at("03-05 23:00"))
    assert [(one.id, one.due_at, one.state) for one in prompts(world, enrolment)] == before


def test_one_is_sent_once_and_reminded_of_twice_then_check_ins_pause_and_say_so(world: Session) -> None:
    """Same day, two working days later, then silence with a button to resume."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 30))
    said_at_first: dict[int, str] = {}
    for instant in ("03-08 09:00", "03-08 09:00", "03-08 12:59", "03-08 13:00", "03-10 09:00", "03-11 09:00"):
        ticks(world, at(instant))
        for row in letters(world):
            said_at_first.setdefault(row.id, row.payload["text"])
            arrives(world, row, f"1.{row.id}")
    said = list(said_at_first.values())
    assert len(said) == 4
    assert "What about your dough" in said[0]
    assert "earlier today" in said[1]
    assert "last reminder" in said[2]
    assert "I pause its check-ins" in said[3]
    assert "check_in_resume" in str(letters(world, to="UMARA")[3].payload)
    assert prompt(world, enrolment, 2).state == PromptState.SILENT
    for row in letters(world, to="UMARA")[:3]:  # the question and both reminders show what became of it
        assert "check_in_skip" not in str(last_picture(world, row))
    assert enrolment.check_ins_paused == "silence"


def test_while_paused_the_others_are_noted_as_missed_and_resuming_brings_those_to_come(
    world: Session,
) -> None:
    """What was due in between has its record; what comes later comes."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 30, 60))
    for instant in ("03-08 09:00", "03-08 13:00", "03-10 09:00", "03-11 09:00", "04-05 09:00"):
        ticks(world, at(instant))
        for row in letters(world):
            arrives(world, row, f"1.{row.id}")
    missed = prompt(world, enrolment, 30)
    assert (missed.state, missed.why) == (PromptState.MISSED, "check-ins are paused")
    silent = prompt(world, enrolment, 2)
    for _ in range(2):
        check_in_acts.go_on(world, Act(T, "UMARA", silent.id), at("04-06 10:00"))
    assert enrolment.check_ins_paused is None
    assert prompt(world, enrolment, 60).due_at == at("05-04 09:00")
    assert "go on" in str(letters(world, to="UMARA")[3].payload)


def test_an_answer_ends_the_reminders_and_also_a_pause(world: Session) -> None:
    """Whoever answers a silent one is asked again as planned, and two answers are one."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 30))
    for instant in ("03-08 09:00", "03-08 13:00", "03-10 09:00", "03-11 09:00"):
        ticks(world, at(instant))
    silent = prompt(world, enrolment, 2)
    for hour in ("03-12 10:00", "03-12 11:00"):
        check_ins.record_answered(world, silent, at(hour))
    assert (silent.state, silent.answered_at, silent.due_at) == (
        PromptState.ANSWERED,
        at("03-12 10:00"),
        None,
    )
    assert enrolment.check_ins_paused is None
    assert check_ins.find_open_prompts(world, T, "UMARA") == []


def test_two_on_one_day_are_one_message_with_both_questions(world: Session) -> None:
    """Of two programmes the later check-in carries the other's question, and that is recorded."""
    first = finished(world, "UMARA", date(2027, 3, 1), days=(7,), title="Bread")
    second = finished(world, "UMARA", date(2027, 3, 6), days=(2,), title="Cakes")
    assert states(world, first, second) == [PromptState.MERGED, PromptState.SCHEDULED]
    assert prompt(world, first, 7).merged_into == prompt(world, second, 2).id
    ticks(world, at("03-08 09:00"))
    (letter,) = letters(world, to="UMARA")
    assert "day 7" in str(letter.payload)
    assert "day 2" in str(letter.payload)


def test_a_leave_shifts_and_what_piles_up_is_merged_and_comes_apart_again(world: Session) -> None:
    """Three weeks away: days 2, 7 and 16 are one check-in after it; with the leave gone each has its day again."""
    enrolment = finished(world, "UMARA", FRIDAY)
    add_leave(world, T, "UMARA", date(2027, 3, 6), date(2027, 3, 26), at("03-05 23:00"))
    assert states(world, enrolment)[:3] == [PromptState.MERGED, PromptState.MERGED, PromptState.SCHEDULED]
    assert prompt(world, enrolment, 16).due_on == date(2027, 3, 29)
    leave = find_leaves(world, T, "UMARA", FRIDAY)[0]
    remove_leave(world, T, "UMARA", leave.id, at("03-07 10:00"))
    assert set(states(world, enrolment)) == {PromptState.SCHEDULED}
    assert prompt(world, enrolment, 2).due_on == date(2027, 3, 8)


def test_three_working_days_lie_between_two_also_of_two_programmes(world: Session) -> None:
    """The later one moves, and says why."""
    finished(world, "UMARA", FRIDAY, days=(3,))
    second = finished(world, "UMARA", FRIDAY, days=(4,))
    moved = prompt(world, second, 4)
    assert (moved.due_on, moved.why) == (date(2027, 3, 11), "another check-in came shortly before")


def test_muted_ones_are_not_sent_and_recorded(world: Session) -> None:
    """Who stopped check-ins gets none, each with its reason where what was held back is listed."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    stop(world, T, "UMARA", Started.CHECK_IN)
    ticks(world, at("03-08 09:00"))
    missed = prompt(world, enrolment, 2)
    assert letters(world) == []
    assert (missed.state, missed.why) == (PromptState.MISSED, "you stopped this kind of message")
    held = find_started(world, T, f"prompt:{missed.id}")
    assert held is not None
    assert held.state == "dropped"


def test_late_after_downtime_each_comes_once_or_is_merged(world: Session) -> None:
    """Down for two weeks at night: in the morning one check-in comes, the one before is merged into it."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7, 16))
    ticks(world, at("03-23 03:00"))
    assert letters(world) == []
    ticks(world, at("03-23 09:00"))
    assert len(letters(world, to="UMARA")) == 1
    assert states(world, enrolment) == [PromptState.MERGED, PromptState.MERGED, PromptState.SENT]


def test_late_on_the_same_day_comes_at_once(world: Session) -> None:
    """Some hours late and still by day is soon enough."""
    finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("03-08 15:00"))
    assert len(letters(world, to="UMARA")) == 1


def test_much_too_late_is_not_sent_at_all(world: Session) -> None:
    """More than thirty days after its day a question makes no sense any more; that is recorded."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("04-12 10:00"))
    missed = prompt(world, enrolment, 2)
    assert letters(world) == []
    assert (missed.state, missed.why) == (PromptState.MISSED, "its day was too long ago")


def test_a_change_of_zone_moves_what_was_not_sent_and_doubles_nothing(world: Session) -> None:
    """From Lisbon to Kolkata after the first: the second comes at nine there, the first not again."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7), zone="Europe/Lisbon")
    ticks(world, at("03-08 09:00"))
    chosen = read_preferences(world, T, "UMARA")
    store_preferences(world, T, "UMARA", replace(chosen, zone="Asia/Kolkata", hour=10))
    check_ins.replan(world, T, "UMARA", at("03-08 09:30"))
    assert prompt(world, enrolment, 7).due_at == at("03-12 04:30")
    assert prompt(world, enrolment, 2).state == PromptState.SENT
    assert len(letters(world)) == 1


def test_snoozed_it_comes_again_and_before_the_next(world: Session) -> None:
    """Tomorrow at the person's hour; next week only while the next check-in is further away."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    first = prompt(world, enrolment, 2)
    check_in_acts.put_off(world, Act(T, "UMARA", first.id, "week"), at("03-08 10:00"))
    assert (first.state, first.due_at) == (PromptState.SENT, None)
    check_in_acts.put_off(world, Act(T, "UMARA", first.id, "day"), at("03-08 10:01"))
    assert (first.state, first.due_at) == (PromptState.SNOOZED, at("03-09 09:00"))
    ticks(world, at("03-09 09:00"))
    assert [row.payload["text"][:29] for row in letters(world, to="UMARA")][
        1
    ] == "You wanted to come back to th"
    assert first.state == PromptState.SENT
    check_in_acts.put_off(world, Act(T, "UMARA", first.id, "hours"), at("03-09 20:00"))
    assert first.due_at == at("03-10 09:00")


def test_skipped_it_is_over_and_cannot_be_put_off(world: Session) -> None:
    """The card says when the next one comes."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    first = prompt(world, enrolment, 2)
    arrives(world, letters(world)[0], "1.1")
    for _ in range(2):
        check_in_acts.skip(world, Act(T, "UMARA", first.id), at("03-08 10:00"))
    (drawn,) = letters(world, "chat.update")
    assert "Skipped, and that is fine. The next one comes on Friday 12 March." in str(drawn.payload)
    with pytest.raises(NothingToPutOff):
        check_in_acts.put_off(world, Act(T, "UMARA", first.id, "day"), at("03-08 11:00"))


def test_nobody_else_can_do_anything_with_it(world: Session) -> None:
    """Another person's press is refused in a sentence."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("03-08 09:00"))
    for act in (check_in_acts.skip, check_in_acts.go_on):
        with pytest.raises(NoCheckIn):
            act(world, Act(T, "UTOM", prompt(world, enrolment, 2).id), at("03-08 10:00"))


def test_pause_until_moves_everything_behind_that_day(world: Session) -> None:
    """Also the reminder of the open one; a day that is past or far is refused."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    check_in_acts.pause(world, Pause(T, "UMARA", date(2027, 3, 15)), at("03-08 10:00"))
    assert prompt(world, enrolment, 2).due_at == at("03-15 09:00")
    later = prompt(world, enrolment, 7).due_on
    assert later >= date(2027, 3, 15)
    for day in (date(2027, 3, 8), date(2029, 1, 1)):
        with pytest.raises(NotADayToCome):
            check_in_acts.pause(world, Pause(T, "UMARA", day), at("03-08 10:00"))


def test_still_used_is_one_tap_and_can_be_changed(world: Session) -> None:
    """After half a year; it ends the reminders and says what was chosen."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(182,))
    ticks(world, at("09-03 09:00"))
    asked = prompt(world, enrolment, 182)
    arrives(world, letters(world)[0], "1.1")
    assert "Do you still use this?" in str(letters(world)[0].payload)
    for choice in ("yes", "partly"):
        check_in_acts.say_still_used(world, Act(T, "UMARA", asked.id, choice), at("09-03 10:00"))
    assert (asked.still_used, asked.due_at) == ("partly", None)
    assert "You use this partly." in str(letters(world, "chat.update")[-1].payload)


def test_a_full_day_moves_a_check_in_to_the_next(world: Session) -> None:
    """One message a day for a learner: the check-in waits for the next day with room, and says why."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    spend(world, T, "UMARA", Started.PLAN, "other", "something else", at("03-08 08:00"))
    ticks(world, at("03-08 09:00"))
    moved = prompt(world, enrolment, 2)
    assert letters(world) == []
    assert (moved.due_at, moved.why) == (at("03-09 09:00"), "you had enough messages that day")


def test_called_off_with_the_programme_and_answers_are_still_taken(world: Session) -> None:
    """Nothing more comes; an answer to an old one is accepted."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    for _ in range(2):
        check_ins.call_off(world, enrolment, at("03-08 10:00"))
    assert states(world, enrolment) == [PromptState.CALLED_OFF] * 2
    ticks(world, at("03-12 09:00"))
    assert len(letters(world)) == 1
    check_ins.record_answered(world, prompt(world, enrolment, 2), at("03-12 10:00"))
    assert prompt(world, enrolment, 2).state == PromptState.ANSWERED


def test_one_that_was_merged_into_a_called_off_one_comes_by_itself(world: Session) -> None:
    """Leaving one programme loses nothing of another."""
    first = finished(world, "UMARA", date(2027, 3, 1), days=(7,))
    second = finished(world, "UMARA", date(2027, 3, 6), days=(2,))
    check_ins.call_off(world, second, at("03-07 10:00"))
    assert states(world, first) == [PromptState.SCHEDULED]


def test_the_next_check_in_closes_the_one_before_of_its_programme(world: Session) -> None:
    """So that at most one per programme is open; the old card says that it can still be written to."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    first = prompt(world, enrolment, 2)
    first.due_at = None
    ticks(world, at("03-12 09:00"))
    assert first.state == PromptState.SILENT
    assert [one.day for one in check_ins.find_open_prompts(world, T, "UMARA")] == [7]


def test_it_is_found_by_the_place_of_the_question_and_of_its_reminder(world: Session) -> None:
    """A reply in either thread answers it."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("03-08 09:00"))
    check_in_sending.record_sent(world, arrives(world, letters(world)[0], "1.1"), at("03-08 09:01"))
    ticks(world, at("03-08 13:01"))
    arrives(world, letters(world)[1], "1.2")
    asked = prompt(world, enrolment, 2)
    assert (asked.channel, asked.ts) == ("D1", "1.1")
    assert [find_prompt_at(world, T, "D1", ts) for ts in ("1.1", "1.2", "1.3")] == [asked, asked, None]


def test_a_question_that_slack_refuses_is_missed_and_says_why(world: Session) -> None:
    """Nothing is lost without a record."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("03-08 09:00"))
    asked = prompt(world, enrolment, 2)
    refused = Refused(T, f"prompt:{asked.id}", "UMARA", "UMARA", "account_inactive")
    check_in_sending.record_refused(world, refused, at("03-08 09:01"))
    assert (asked.state, asked.due_at) == (PromptState.MISSED, None)
    assert "account_inactive" in asked.why


def test_a_person_whose_check_in_fails_stops_nobody_elses(world: Session) -> None:
    """A fault of ours with one person is put off an hour; everybody else is asked."""
    broken = finished(world, "UTOM", FRIDAY, days=(2,))
    stumbles = prompt(world, broken, 2)
    stumbles.enrolment = None  # as no rule of ours would leave it
    finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("03-08 09:00"))
    assert len(letters(world, to="UMARA")) == 1
    assert stumbles.due_at == at("03-08 10:00")


def test_the_first_one_says_what_a_reply_leaves_in_slack(world: Session) -> None:
    """Only the first: afterwards people know."""
    finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    ticks(world, at("03-12 09:00"))
    first, second = letters(world, to="UMARA")
    assert "company may export" in str(first.payload)
    assert "company may export" not in str(second.payload)


def test_many_due_at_once_are_done_in_several_goes(world: Session) -> None:
    """No transaction takes more than some of them."""
    for number in range(check_in_sending.AT_ONCE + 3):
        finished(world, f"U{number}", FRIDAY, days=(2,))
    assert check_in_sending.send_due(world, T, at("03-08 09:00"))
    assert len(letters(world)) == check_in_sending.AT_ONCE
    ticks(world, at("03-08 09:00") + timedelta(seconds=20))
    assert len(letters(world)) == check_in_sending.AT_ONCE + 3


def test_a_person_who_is_gone_is_asked_nothing_more(world: Session) -> None:
    """Deactivated or left out: all that could still come is called off, with its reason."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 7))
    ticks(world, at("03-08 09:00"))
    for _ in range(2):
        check_ins.person_left(world, T, "UMARA", at("03-09 09:00"))
    assert states(world, enrolment) == [PromptState.CALLED_OFF] * 2
    ticks(world, at("03-12 09:00"))
    assert len(letters(world)) == 1


def test_what_was_no_answer_leaves_the_question_open(world: Session) -> None:
    """Taken back, the card asks again and the prompt is found as the open one; nobody is reminded."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2,))
    ticks(world, at("03-08 09:00"))
    arrives(world, letters(world)[0], "1.1")
    asked = prompt(world, enrolment, 2)
    check_ins.record_answered(world, asked, at("03-08 10:00"))
    assert "Saved in your journal" in str(letters(world, "chat.update")[-1].payload)
    check_ins.record_unanswered(world, asked, at("03-08 10:05"))
    assert check_ins.find_open_prompts(world, T, "UMARA") == [asked]
    assert asked.due_at is None
    assert "Saved in your journal" not in str(letters(world, "chat.update")[-1].payload)


def test_what_became_of_a_check_in_stands_in_the_list_of_what_was_held_back(world: Session) -> None:
    """Too late after a long downtime, or on another day because that one was full: each with its reason."""
    learner = finished(world, "UMARA", FRIDAY, days=(2, 100, 200))
    ticks(world, at("05-20 09:00"))
    finished(world, "UTOM", FRIDAY, days=(3,))
    spend(world, T, "UTOM", Started.PLAN, "one", "a line", at("03-08 08:59"))
    ticks(world, at("03-08 09:00"))
    assert states(world, learner)[0] == PromptState.MISSED
    seen = held_back.find_held_back(world, T, "UMARA", at("05-20 09:00"))
    assert [(one.standing, one.why) for one in seen] == [("dropped", "its day was too long ago")]
    seen = held_back.find_held_back(world, T, "UTOM", at("03-08 12:00"))
    assert [(one.standing, one.why) for one in seen] == [("waiting", "you had enough messages that day")]


def test_nobody_is_silent_who_was_not_asked(world: Session) -> None:
    """Slack takes nothing for days: no reminder joins the question in the outbox, and nothing is paused for silence."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 60))
    for instant in ("03-08 09:00", "03-08 13:00", "03-10 09:00", "03-11 09:00"):
        ticks(world, at(instant))
    assert enrolment.check_ins_paused is None
    assert len(letters(world, to="UMARA")) == 1


def test_a_leave_without_an_end_that_ends_soon_moves_nothing_for_good(world: Session) -> None:
    """A status without an end, cleared the next day: what was put off to Monday comes on Monday."""
    enrolment = finished(world, "UMARA", FRIDAY, days=(2, 60))
    ticks(world, at("03-08 09:00"))
    check_in_acts.put_off(world, Act(T, "UMARA", prompt(world, enrolment, 2).id, "week"), at("03-08 10:00"))
    add_leave(world, T, "UMARA", date(2027, 3, 9), None, at("03-09 10:00"))
    (leave,) = find_leaves(world, T, "UMARA", date(2027, 3, 9))
    remove_leave(world, T, "UMARA", leave.id, at("03-10 10:00"))
    assert prompt(world, enrolment, 2).due_at == at("03-15 09:00")
