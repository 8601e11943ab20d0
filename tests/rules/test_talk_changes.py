"""When a talk does not go straight: moved, kept, let be, with somebody else, and each one's word on how it went."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from icalendar import Calendar

from bot.blocks import talks as blocks
from bot.rules import talk_cards, talk_dates, talk_offers, talk_overview, talks
from bot.rules.availability import add_leave
from bot.rules.managers import set_manager
from bot.rules.talk_dates import NotYourTalk, TalkWentOn
from storage.attention import StartedMessage
from storage.managers import Source
from storage.people import Person
from storage.plans import HelpState, Plan
from storage.session import Session
from storage.talks import TalkState
from tests.rules.nouns import T
from tests.rules.test_talks import (
    DAY_21,
    FIRST,
    SECOND,
    agreed,
    asked,
    cards,
    files,
    finished,
    offers,
    press,
    runs,
    takes,
)
from tests.rules.test_talks import world as world  # noqa: PLC0414  the fixture of its neighbour


def confirmations(world: Session) -> list[str]:
    """What became of the event in the files, in order."""
    return [str(Calendar.from_ical(row.payload["content"]).events[0]["STATUS"]) for row in files(world)]


def test_the_request_can_be_stopped_like_every_message_that_is_started(world: Session) -> None:
    """The card with the times says why Mara gets it, and has the button to stop such messages."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST)
    (card,) = cards(world, "UMARA")
    assert "Asha asks you for a talk" in card
    assert "Stop these" in card


def test_while_a_new_date_is_wished_the_old_one_stays_and_can_be_kept(world: Session) -> None:
    """Mara would like another day, Asha keeps it as it is: no file is sent, and Mara hears it once."""
    talk = agreed(world)
    offers(world, talk, "UMARA", SECOND, view="V2")
    card = cards(world, "UASHA")[-1]
    assert "take the place of Tuesday 6 April, 13:30" in card
    assert "As it is: Tuesday 6 April, 13:30" in card
    assert "journal you will read" not in card  # it is Asha's own
    for _ in range(2):
        takes(world, talk, "UASHA", FIRST)
    assert (talk.state, talk.starts_at, talk.sequence, len(files(world))) == (TalkState.AGREED, FIRST, 0, 2)
    assert "Your talk with Asha: Tuesday 6 April, 09:00" in cards(world, "UMARA")[-1]


def test_a_new_date_that_nobody_answers_leaves_the_old_one(world: Session) -> None:
    """What is in the calendars is what counts."""
    talk = agreed(world)
    earlier = FIRST - timedelta(days=4)
    offers(world, talk, "UMARA", earlier, view="V2")
    runs(world, earlier)
    runs(world, earlier + timedelta(days=1))
    assert (talk.state, talk.starts_at, talk.due_at) == (
        TalkState.AGREED,
        FIRST,
        FIRST + timedelta(minutes=30),
    )


def test_a_date_that_passed_while_it_was_to_be_moved_is_forgotten_but_its_number_rises(
    world: Session,
) -> None:
    """The next date is the same event again, with a higher number, or calendars would not show it."""
    talk = agreed(world)
    after = FIRST + timedelta(days=2)
    offers(world, talk, "UMARA", after, view="V2", now=FIRST - timedelta(hours=1))
    runs(world, after)
    assert (talk.state, talk.starts_at) == (TalkState.ASKED, None)
    later = after + timedelta(days=7)
    offers(world, talk, "UASHA", later, view="V3", now=after)
    takes(world, talk, "UMARA", later, now=after)
    numbers = [Calendar.from_ical(row.payload["content"]).events[0]["SEQUENCE"] for row in files(world)]
    assert numbers == [0, 0, 2, 2]


def test_each_has_a_word_on_how_it_went(world: Session) -> None:
    """Asha says they talked, and Mara is asked whether it was so; both words are kept."""
    talk = agreed(world)
    over = FIRST + timedelta(hours=1)
    runs(world, over)
    talk_dates.happened(world, press("UASHA", str(talk.id)), over)
    shown = str(blocks.card(talk_cards.picture(world, talk, "UMARA", over)).payload())
    assert "Asha noted that you talked" in shown
    assert "talk_happened" in shown
    assert "talk_happened" not in str(blocks.card(talk_cards.picture(world, talk, "UASHA", over)).payload())
    talk_dates.happened(world, press("UMARA", str(talk.id)), over)
    assert (talk.state, talk.learner_said, talk.manager_said) == (TalkState.HELD, "happened", "happened")


def test_who_says_it_was_moved_can_date_it_anew_though_the_other_said_it_happened(world: Session) -> None:
    """The new date counts, and both are asked again after it."""
    talk = agreed(world)
    over = FIRST + timedelta(hours=1)
    talk_dates.happened(world, press("UASHA", str(talk.id)), over)
    with pytest.raises(TalkWentOn):
        offers(world, talk, "UASHA", SECOND, view="V4", now=over)  # whoever said so has said so
    assert offers(world, talk, "UMARA", SECOND, view="V5", now=over) is None
    takes(world, talk, "UASHA", SECOND, now=over)
    assert (talk.state, talk.learner_said, talk.manager_said) == (TalkState.AGREED, None, None)
    runs(world, SECOND + timedelta(minutes=30))
    assert "How was your talk" in cards(world, "UASHA")[-1]


def test_an_old_card_cannot_say_that_a_talk_happened_that_is_still_to_come(world: Session) -> None:
    """It was moved since the card asked."""
    talk = agreed(world)
    with pytest.raises(TalkWentOn):
        talk_dates.happened(world, press("UMARA", str(talk.id)), FIRST - timedelta(minutes=1))
    assert talk.state == TalkState.AGREED


def test_no_talk_in_answer_to_times_is_told_and_named(world: Session) -> None:
    """Asha, who waits, gets a message and not a silent change; the talk can be planned all the same."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST)
    for _ in range(2):
        talk_dates.let_be(world, press("UMARA", str(talk.id)), DAY_21)
    told = [card for card in cards(world, "UASHA") if "Mara thinks it is not needed" in card]
    assert len(told) == 1
    assert "as you said" in cards(world, "UMARA")[-1]
    assert offers(world, talk, "UASHA", SECOND, view="V2") is None


def test_the_manager_of_the_day_on_which_times_are_offered_is_asked(world: Session) -> None:
    """Whoever managed the learner before was never asked, and never hears of it."""
    talk = asked(world)
    set_manager(world, T, "UASHA", "UTOM", Source.ROSTER, None, DAY_21)
    view = str(talk_offers.open_form(world, press("UASHA", str(talk.id)), DAY_21).view())
    assert "'initial_user': 'UTOM'" in view
    offers(world, talk, "UASHA", datetime(2027, 4, 6, 14, tzinfo=UTC))
    assert talk.manager == "UTOM"
    assert cards(world, "UMARA") == []
    with pytest.raises(NotYourTalk):
        talk_dates.let_be(world, press("UMARA", str(talk.id)), DAY_21)


def test_a_former_manager_with_whom_a_date_was_agreed_keeps_it(world: Session) -> None:
    """The talk is between the two who agreed, whoever manages whom on that day."""
    talk = agreed(world)
    set_manager(world, T, "UASHA", "UTOM", Source.ROSTER, None, DAY_21)
    runs(world, FIRST + timedelta(minutes=30))
    assert "How was your talk with Mara" in cards(world, "UASHA")[-1]
    with pytest.raises(NotYourTalk):
        talk_dates.let_be(world, press("UTOM", str(talk.id)), DAY_21)


def test_the_learner_can_talk_with_somebody_else_instead(world: Session) -> None:
    """The first is out of it: off their calendar, told so kindly, with nothing left to press."""
    talk = agreed(world)
    evening = datetime(2027, 4, 7, 14, tzinfo=UTC)
    assert offers(world, talk, "UASHA", evening, view="V2", partner="UTOM") is None
    assert (talk.manager, talk.state, talk.starts_at) == ("UTOM", TalkState.OFFERED, None)
    assert confirmations(world) == ["CONFIRMED", "CONFIRMED", "CANCELLED", "CANCELLED"]
    assert "with somebody else" in cards(world, "UMARA")[-1]
    with pytest.raises(NotYourTalk):
        takes(world, talk, "UMARA", evening)
    takes(world, talk, "UTOM", evening)
    assert talk.state == TalkState.AGREED


def test_only_the_learner_says_with_whom(world: Session) -> None:
    """A forged field in the other's form is not heard."""
    talk = agreed(world)
    offers(world, talk, "UMARA", SECOND, view="V2", partner="UTOM")
    assert talk.manager == "UMARA"


def test_times_are_proposed_when_both_work_and_an_absence_is_said(world: Session) -> None:
    """Mara is away in the first half of April: the form says until when, and begins after it."""
    talk = asked(world)
    add_leave(world, T, "UMARA", date(2027, 3, 22), date(2027, 4, 11), DAY_21)
    view: Any = talk_offers.open_form(world, press("UASHA", str(talk.id)), DAY_21).view()
    assert "Mara is away and back on Monday 12 April." in str(view["blocks"][0])
    first = next(block for block in view["blocks"] if block.get("block_id") == "time_0")
    proposed = datetime.fromtimestamp(first["element"]["initial_date_time"], UTC)
    assert proposed.date() == date(2027, 4, 12)


def test_a_new_zone_or_hour_moves_when_the_learner_is_asked(world: Session) -> None:
    """At nine where they live now, not where they lived when the programme ended."""
    talk = finished(world)
    world.get_one(Person, (T, "UASHA")).tz = "America/Chicago"
    talks.replan(world, T, "UASHA", DAY_21 - timedelta(days=3))
    talks.replan(world, T, "UMARA", DAY_21 - timedelta(days=3))
    assert talk.due_at == datetime(2027, 3, 22, 14, tzinfo=UTC)


def test_files_that_the_other_caused_count_for_who_gets_them(world: Session) -> None:
    """Mara's tap is her own act; for Asha it is one message of the day."""
    agreed(world)
    counted = world.query(StartedMessage).filter(StartedMessage.once.startswith("talk_file:")).all()
    assert [row.person for row in counted] == ["UASHA"]


def test_the_page_of_the_plan_says_where_the_talk_stands(world: Session) -> None:
    """Beside the plan, for its own person only."""
    talk = asked(world)
    assert talk_overview.plan_lines(world, T, "UASHA", DAY_21) == [
        "*Talk with Mara:* not planned yet. Its card is among your messages with me."
    ]
    offers(world, talk, "UASHA", FIRST)
    takes(world, talk, "UMARA", FIRST)
    (line,) = talk_overview.plan_lines(world, T, "UASHA", DAY_21)
    assert "Tuesday 6 April, 13:30" in line
    assert talk_overview.plan_lines(world, T, "UMARA", DAY_21) == []


def test_of_two_answers_the_first_counts(world: Session) -> None:
    """Mara taps one time, then another on the card that her second screen still shows."""
    talk = asked(world)
    offers(world, talk, "UASHA", FIRST, SECOND)
    takes(world, talk, "UMARA", FIRST)
    with pytest.raises(TalkWentOn):
        takes(world, talk, "UMARA", SECOND)
    with pytest.raises(TalkWentOn):
        takes(world, talk, "UASHA", FIRST + timedelta(hours=1))
    assert (talk.starts_at, len(files(world))) == (FIRST, 2)


def test_without_a_manager_the_buddy_is_proposed(world: Session) -> None:
    """Whoever asks how it goes anyway; the learner may choose another all the same."""
    talk = finished(world, managed=False)
    world.add(
        Plan(
            workspace=T,
            enrolment=talk.enrolment,
            person="UASHA",
            state="active",
            buddy="UTOM",
            buddy_state=HelpState.ACCEPTED.value,
            made_at=DAY_21,
            ends_on=date(2027, 5, 24),
        )
    )
    world.flush()
    runs(world, DAY_21)
    assert "Time for a talk with Tom" in cards(world, "UASHA")[0]
    assert offers(world, talk, "UASHA", FIRST, partner="UMARA") is None
    assert talk.manager == "UMARA"
    assert cards(world, "UTOM") == []


HOSTILE_NAME = "Mara\r\nATTENDEE:mailto:x@y\x07\u202e; <!channel> & 王" + "é" * 90


def test_hostile_names_stay_names_in_the_file_and_on_the_card(world: Session) -> None:
    """Whatever somebody is called, the file is one event and the card pings nobody."""
    world.get_one(Person, (T, "UMARA")).name = HOSTILE_NAME
    world.flush()
    agreed(world)
    for row in files(world):
        (event,) = Calendar.from_ical(row.payload["content"]).events
        assert "ATTENDEE" not in event
        assert "王" in str(event["SUMMARY"])
        assert "\n" not in str(event["SUMMARY"])
    assert not any("<!channel>" in card for card in cards(world, "UASHA"))
