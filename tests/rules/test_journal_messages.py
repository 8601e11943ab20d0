"""The journal and direct messages: answers, several in a row, which question, edits and deletions in any order."""

from collections.abc import Iterator
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.blocks import journal as blocks
from bot.incoming import DirectChange, DirectMessage, FileFact, parse_message
from bot.rules import check_in_sending, check_ins, direct, journal, journal_choice
from bot.rules.attention import stopped_kinds
from bot.rules.journal import Act
from bot.rules.journal_choice import Belongs, NothingWaits
from bot.slack_ts import ts_of
from storage.check_ins import Prompt, PromptState
from storage.journal import Entry, EntryPart, PartState, find_entries
from storage.outbox import OutboxRow
from storage.people import get_person
from storage.plans import Plan, PlanState
from storage.programmes import Enrolment
from storage.session import Database
from tests.rules.learning import at, finished, prompts, ticks
from tests.rules.nouns import T, arrives, letters, open_world

DM = "D1"
ASKED = at("03-08 09:00")
ROOT = ts_of(ASKED)
SAID = at("03-08 12:00")


@pytest.fixture
def world(database: Database) -> Iterator[Session]:
    """A workspace with Asha, Mara and Tom."""
    yield from open_world(database)


@pytest.fixture
def asked(world: Session) -> Session:
    """Mara was asked the question of day 2."""
    ask(world)
    return world


def ask(session: Session, root: str = ROOT) -> Prompt:
    """Mara's next programme ended, and its first question arrives."""
    enrolment = finished(session, "UMARA", date(2027, 3, 5))
    get_person(session, T, "UMARA").dm = DM
    ticks(session, ASKED)
    prompt = prompts(session, enrolment)[0]
    (row,) = [one for one in letters(session, to="UMARA") if one.about == f"prompt:{prompt.id}"]
    check_in_sending.record_sent(session, arrives(session, row, root, DM), ASKED)
    return prompt


def reflection(session: Session) -> Prompt:
    """Mara was asked her weekly question, too."""
    prompt = Prompt(workspace=T, once="reflection:UMARA:1", person="UMARA", kind="reflection")
    prompt.question = "What surprised you?"
    prompt.planned_on = prompt.due_on = date(2027, 3, 8)
    prompt.state, prompt.sent_at = PromptState.SENT, ASKED
    session.add(prompt)
    session.flush()
    return prompt


def says(session: Session, text: str, minute: float = 0, *, root: str | None = None, files: int = 0) -> str:
    """Mara writes to the app; returns the ts."""
    when = SAID + timedelta(minutes=minute)
    given = tuple(FileFact(f"F{n}", "a.png", "image/png", 10, None) for n in range(files))
    fact = DirectMessage(T, DM, ts_of(when), "UMARA", root, text, given)
    direct.hear(session, fact, when)
    session.flush()
    return fact.ts


def edits(session: Session, ts: str, text: str, version: int = 1) -> None:
    """Mara changes what she wrote."""
    change = DirectChange(T, DM, ts, "UMARA", False, f"190000000{version}.000000", text)
    direct.hear_change(session, change, SAID + timedelta(minutes=version))
    session.flush()


def deletes(session: Session, ts: str) -> None:
    """Mara deletes what she wrote."""
    direct.hear_change(session, DirectChange(T, DM, ts, "UMARA", True), SAID + timedelta(minutes=30))
    session.flush()


def kept(session: Session, person: str = "UMARA") -> list[str]:
    """What a journal says, oldest first."""
    session.flush()
    return [journal.words_of(session, entry) for entry in find_entries(session, T, person)[::-1]]


def about(session: Session, start: str) -> list[OutboxRow]:
    """Letters about this."""
    return [row for row in letters(session) if (row.about or "").startswith(start)]


def test_a_threaded_reply_answers_the_question(asked: Session) -> None:
    """It is saved once, however often it comes, and the answer in its thread says who sees it."""
    for _ in range(2):
        says(asked, "weighed the &lt;water&gt;, with <@UASHA>", root=ROOT)
    assert kept(asked) == ["weighed the <water>, with @Asha"]
    (saved,) = about(asked, "entry:")
    assert saved.payload["text"] == blocks.ONLY_YOU
    assert saved.payload["thread_ts"] == ROOT
    assert asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one().state == PromptState.ANSWERED


def test_a_plain_message_answers_the_one_open_question(asked: Session) -> None:
    """Without a thread it is the answer, too."""
    says(asked, "weighed the water")
    assert kept(asked) == ["weighed the water"]
    assert find_entries(asked, T, "UMARA")[0].prompt is not None


def test_several_messages_in_a_row_are_one_entry_and_one_confirmation(asked: Session) -> None:
    """Ten minutes apart at most; later ones begin a new entry, or are asked about."""
    for minute, words in enumerate(("first", "second", "third")):
        says(asked, words, minute * 5, root=ROOT)
    says(asked, "much later", 60, root=ROOT)
    assert kept(asked) == ["first\nsecond\nthird", "much later"]
    assert len(about(asked, "entry:")) == 2


def test_two_open_questions_are_asked_about_and_the_words_wait_sealed(asked: Session) -> None:
    """A button says where it belongs; the card becomes the confirmation."""
    other = reflection(asked)
    says(asked, "dough-and-water")
    says(asked, "and salt", 1)
    assert kept(asked) == []
    (card,) = about(asked, "entry_choice:")
    assert "Which question" in card.payload["text"]
    assert "dough-and-water" not in str([row.sealed for row in asked.scalars(select(EntryPart))])
    journal_choice.decide(asked, Belongs(T, "UMARA", DM, other.id), SAID)
    assert kept(asked) == ["dough-and-water\nand salt"]
    assert find_entries(asked, T, "UMARA")[0].prompt == other.id
    assert about(asked, "entry_choice:") == []
    with pytest.raises(NothingWaits):
        journal_choice.decide(asked, Belongs(T, "UMARA", DM, other.id), SAID)


def test_without_a_question_the_person_is_asked_whether_to_keep_it(world: Session) -> None:
    """Yes keeps it, no forgets it, and after a day it is forgotten."""
    says(world, "I learned to fold")
    (card,) = letters(world, to="UMARA")
    assert card.payload["text"] == blocks.KEEP
    journal_choice.decide(world, Belongs(T, "UMARA", DM, 0), SAID)
    assert kept(world) == ["I learned to fold"]
    says(world, "nothing to keep", 30)
    journal_choice.decide(world, Belongs(T, "UMARA", DM, None), SAID)
    says(world, "never decided", 60)
    journal_choice.lapse(world, T, SAID + timedelta(hours=26))
    assert kept(world) == ["I learned to fold"]
    undecided = world.scalars(select(EntryPart).where(EntryPart.state != PartState.KEPT)).all()
    assert {part.sealed for part in undecided} == {""}


@pytest.mark.parametrize("words", ["help", "Help!", "stop", "pause", "hello", "thanks!"])
def test_plain_words_to_the_app_are_no_entry(asked: Session, words: str) -> None:
    """Help, stop and pause are understood also under a question; small talk is, when nothing is asked."""
    root = ROOT if words not in ("hello", "thanks!") else None
    if root is None:
        asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one().state = PromptState.SKIPPED
    says(asked, words, root=root)
    assert kept(asked) == []
    assert asked.scalars(select(EntryPart)).all() == []


def test_help_is_always_answered(asked: Session) -> None:
    """Also a moment after another answer; who says nothing that is understood hears it once a minute."""
    for words in ("stop", "help", "start", "help"):
        before = len(letters(asked, to="UMARA"))
        says(asked, words, before / 60)
        assert len(letters(asked, to="UMARA")) == before + 1


def test_pause_offers_to_choose_a_day(asked: Session) -> None:
    """The word alone stops nothing: a button asks until when."""
    says(asked, "pause")
    assert blocks.PAUSE in [row.payload["text"] for row in letters(asked, to="UMARA")]


def test_edits_and_deletions_follow(asked: Session) -> None:
    """The newest edit holds, a deleted message leaves, and with the last one the entry."""
    first, second = says(asked, "one", root=ROOT), says(asked, "two", 1, root=ROOT)
    edits(asked, first, "uno", 2)
    edits(asked, first, "older", 1)
    assert kept(asked) == ["uno\ntwo"]
    deletes(asked, first)
    edits(asked, first, "again", 3)
    assert kept(asked) == ["two"]
    deletes(asked, second)
    assert kept(asked) == []
    assert asked.scalars(select(Entry)).one().sealed == ""
    assert asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one().state == PromptState.SENT


def test_a_change_that_comes_before_its_message_holds(asked: Session) -> None:
    """Slack promises no order: the later words are kept, what was deleted is not."""
    early, gone = ts_of(SAID), ts_of(SAID + timedelta(minutes=1))
    edits(asked, early, "the later words")
    deletes(asked, gone)
    says(asked, "the first words", root=ROOT)
    says(asked, "deleted before it came", 1, root=ROOT)
    assert kept(asked) == ["the later words"]


def test_the_edit_of_what_was_no_entry_keeps_nothing(asked: Session) -> None:
    """Only messages that belong to the journal are followed."""
    ts = says(asked, "help")
    edits(asked, ts, "secret after all")
    assert asked.scalars(select(EntryPart)).all() == []


def test_not_this_takes_it_out_and_later_edits_stay_out(asked: Session) -> None:
    """The words are gone from the entry and its messages; pressed twice it is the same."""
    ts = says(asked, "not for the journal", root=ROOT)
    entry = find_entries(asked, T, "UMARA")[0]
    for _ in range(2):
        journal.take_out(asked, Act(T, "UMARA", entry.id), SAID)
    edits(asked, ts, "still not")
    assert (entry.deleted, entry.sealed) == (True, "")
    assert asked.get_one(EntryPart, (T, DM, ts)).sealed == ""
    assert about(asked, "entry:")[0].payload["text"] == blocks.TAKEN_OUT


def test_an_answer_that_is_quicker_than_our_own_note_waits_for_it(world: Session) -> None:
    """The reply is there before we know that its question was sent; then it is taken in."""
    enrolment = finished(world, "UMARA", date(2027, 3, 5))
    get_person(world, T, "UMARA").dm = DM
    ticks(world, ASKED)
    prompt = prompts(world, enrolment)[0]
    (row,) = about(world, f"prompt:{prompt.id}")
    row.state = "sending"
    world.flush()
    says(world, "quick answer", root=ROOT)
    assert kept(world) == []
    check_in_sending.record_sent(world, arrives(world, row, ROOT, DM), SAID)
    assert kept(world) == ["quick answer"]
    assert find_entries(world, T, "UMARA")[0].prompt == prompt.id
    assert len(about(world, "entry:")) == 1


def test_what_is_held_for_nothing_is_asked_about(world: Session) -> None:
    """The reply was to something else: after ten minutes its writer is asked."""
    enrolment = finished(world, "UMARA", date(2027, 3, 5))
    ticks(world, ASKED)
    (row,) = about(world, f"prompt:{prompts(world, enrolment)[0].id}")
    row.state = "sending"
    world.flush()
    says(world, "to whom?", root="1700000000.000100")
    journal_choice.lapse(world, T, SAID + timedelta(minutes=11))
    assert about(world, "entry_choice:")
    assert kept(world) == []


def test_of_files_only_that_they_were_there(asked: Session) -> None:
    """A picture alone is an answer, too; it stays in Slack."""
    says(asked, "", root=ROOT, files=1)
    says(asked, "look", 1, root=ROOT, files=2)
    assert kept(asked) == ["(with a file, in Slack)\nlook\n(with 2 files, in Slack)"]


def test_nothing_of_a_huge_answer_is_lost(asked: Session) -> None:
    """Slack takes 40,000 characters at once: all of them are kept, and what comes next is an entry of its own."""
    says(asked, "wow " * 9_990 + "end", root=ROOT)
    says(asked, "x" * 500, 1, root=ROOT)
    first, second = kept(asked)
    assert (len(first), first[-3:], second) == (39_963, "end", "x" * 500)


def test_nothing_is_kept_of_somebody_left_out(asked: Session) -> None:
    """Neither a reply nor an edit of it; what they had written stays theirs, and a deletion follows."""
    ts = says(asked, "before", root=ROOT)
    get_person(asked, T, "UMARA").left_out = True
    asked.flush()
    says(asked, "after", 1, root=ROOT)
    edits(asked, ts, "edited after")
    assert kept(asked) == ["before"]
    deletes(asked, ts)
    assert kept(asked) == []


def test_a_reply_to_an_old_question_is_kept(asked: Session) -> None:
    """Also when it was skipped, or answered before: a year later it is an entry to that question."""
    prompt = asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one()
    prompt.state = PromptState.SKIPPED
    says(asked, "late", 60 * 24 * 300, root=ROOT)
    assert find_entries(asked, T, "UMARA")[0].prompt == prompt.id


@pytest.mark.parametrize("state", ["silent", "missed", "merged", "called_off", "skipped"])
def test_an_answer_after_its_question_was_let_go_is_kept(asked: Session, state: str) -> None:
    """Overtaken, gone unanswered, or the programme was left: a reply in its thread is an entry, and that is said."""
    prompt = asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one()
    prompt.state = state
    says(asked, "I do it every day now", 60 * 24 * 300, root=ROOT)
    assert kept(asked) == ["I do it every day now"]
    (saved,) = about(asked, "entry:")
    assert saved.payload["text"] == blocks.ONLY_YOU


def test_an_answer_after_the_plan_ended_is_kept(asked: Session) -> None:
    """The plan is closed and nothing more is planned; the words are an entry to that question all the same."""
    prompt = asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one()
    for plan in asked.scalars(select(Plan)):
        plan.state = PlanState.EXPIRED
    check_ins.call_off(asked, asked.get_one(Enrolment, prompt.enrolment), SAID)
    says(asked, "still at it", 60 * 24 * 100, root=ROOT)
    assert kept(asked) == ["still at it"]
    assert find_entries(asked, T, "UMARA")[0].prompt == prompt.id


def test_two_answers_are_two_entries_and_both_are_confirmed(asked: Session) -> None:
    """In the thread and, an hour later, once more: neither takes the other's place."""
    says(asked, "first answer", root=ROOT)
    says(asked, "on reflection", 60, root=ROOT)
    assert kept(asked) == ["first answer", "on reflection"]
    assert [row.payload["text"] for row in about(asked, "entry:")] == [blocks.ONLY_YOU] * 2


@pytest.mark.parametrize("text", ["", "   ", "\u200b"])
@pytest.mark.parametrize("root", [ROOT, None])
def test_an_answer_without_words_gets_one_sentence(asked: Session, text: str, root: str | None) -> None:
    """A forwarded message, or nothing that can be read: nothing is saved, and the question stays open."""
    says(asked, text, root=root)
    assert kept(asked) == []
    assert blocks.NO_WORDS in [row.payload["text"] for row in letters(asked, to="UMARA")]
    assert asked.scalars(select(Prompt).where(Prompt.ts == ROOT)).one().state == PromptState.SENT


@pytest.mark.parametrize("root", [ROOT, None])
def test_an_edit_that_leaves_no_words_is_a_deletion(asked: Session, root: str | None) -> None:
    """Whether it comes before the message or after: nothing is left, and nothing fails."""
    ts = says(asked, "one", root=root)
    edits(asked, ts, " ", 2)
    assert kept(asked) == []
    early = ts_of(SAID + timedelta(minutes=5))
    edits(asked, early, "", 3)
    says(asked, "emptied before it came", 5, root=root)
    assert kept(asked) == []


def test_a_question_between_two_messages_parts_them(asked: Session) -> None:
    """What is written after a question came answers that, however soon after the last words."""
    says(asked, "to the first")
    other = reflection(asked)
    other.sent_at = SAID + timedelta(minutes=2)
    says(asked, "to the second", 4)
    assert kept(asked) == ["to the first", "to the second"]
    assert find_entries(asked, T, "UMARA")[0].prompt == other.id


@pytest.mark.parametrize("words", ["Hello!", "good morning", "Thanks!"])
def test_a_greeting_is_no_answer(asked: Session, words: str) -> None:
    """One question is open and stays so; after an entry, thanks are taken as they are meant."""
    says(asked, words)
    assert kept(asked) == []
    says(asked, "weighed the water", 20)
    before = len(letters(asked, to="UMARA"))
    says(asked, words, 21)
    assert kept(asked) == ["weighed the water"]
    assert len(letters(asked, to="UMARA")) == before


def test_a_reply_that_is_shown_in_the_conversation_too_counts_once() -> None:
    """A reply with "Also send to direct message" is one like any other."""
    event = {
        "type": "message",
        "subtype": "thread_broadcast",
        "channel_type": "im",
        "channel": DM,
        "user": "UMARA",
    }
    body = {"team_id": T, "event": event | {"text": "yes", "ts": "1900000000.000200", "thread_ts": ROOT}}
    assert parse_message(body) == DirectMessage(T, DM, "1900000000.000200", "UMARA", ROOT, "yes")


def test_a_reply_under_saved_belongs_to_the_entry(asked: Session) -> None:
    """Whoever goes on under the confirmation, or under their own message, goes on with the entry."""
    ts = says(asked, "one")
    (saved,) = about(asked, "entry:")
    arrives(asked, saved, "1900000000.000500", DM)
    says(asked, "two", 60, root="1900000000.000500")
    says(asked, "three", 90, root=ts)
    assert kept(asked) == ["one\ntwo\nthree"]


def test_after_one_answer_words_do_not_slip_into_it_while_another_question_is_open(asked: Session) -> None:
    """Two questions are open; she answered one, and what she writes next may be for the other."""
    weekly = reflection(asked)
    says(asked, "I weighed the water")
    (check_in,) = [
        one for one in prompts(asked, asked.get_one(Enrolment, 1)) if one.state == PromptState.SENT
    ]
    journal_choice.decide(asked, Belongs(T, "UMARA", DM, check_in.id), SAID)
    says(asked, "How little salt it needs", 3)
    assert [journal.words_of(asked, one) for one in find_entries(asked, T, "UMARA")] == [
        "I weighed the water"
    ]
    (choice,) = [row for row in letters(asked) if row.about == "entry_choice:UMARA"]
    assert str(weekly.id) in str(choice.payload["blocks"])
    assert str(check_in.id) in str(choice.payload["blocks"]), "it may go on with the first answer, too"
    journal_choice.decide(asked, Belongs(T, "UMARA", DM, weekly.id), SAID)
    kept = {journal.words_of(asked, one): one.prompt for one in find_entries(asked, T, "UMARA")}
    assert kept == {"I weighed the water": check_in.id, "How little salt it needs": weekly.id}


@pytest.mark.parametrize(
    "words", ["please stop", "Stop asking me!", "stop messaging me please", "Unsubscribe me"]
)
def test_stop_is_understood_as_people_say_it(asked: Session, words: str) -> None:
    """It is no answer to the open question."""
    says(asked, words)
    assert find_entries(asked, T, "UMARA") == []
    assert "check_in" in stopped_kinds(asked, T, "UMARA")


@pytest.mark.parametrize("words", ["pause until Friday", "Pause please", "please pause for two weeks"])
def test_pause_is_understood_as_people_say_it(asked: Session, words: str) -> None:
    """They get the button that asks until when."""
    says(asked, words)
    assert find_entries(asked, T, "UMARA") == []
    assert letters(asked, to="UMARA")[-1].payload["text"].startswith("Until when shall I be quiet?")


@pytest.mark.parametrize(
    "words", ["Stop rushing, and listen first", "Help customers sooner", "Pause before I answer"]
)
def test_an_answer_may_begin_with_such_a_word(asked: Session, words: str) -> None:
    """Whoever answers with it has answered."""
    says(asked, words)
    assert [journal.words_of(asked, one) for one in find_entries(asked, T, "UMARA")] == [words]
