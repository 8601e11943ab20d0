"""Direct messages and the journal: which question one answers, several in a row, and their edits and deletions.

What a person wrote stands nowhere but sealed: in its entry, or for a day beside it until they said where it belongs.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import journal as blocks
from bot.blocks.kit import Message, plain
from bot.errors import NotFound
from bot.incoming import DirectChange, DirectMessage
from bot.rules import journal, journal_sight
from bot.rules.cards import tell
from bot.slack_ts import instant_of, ts_of
from storage import journal as stored
from storage import outbox, outbox_cards
from storage.check_ins import Prompt, find_open, find_prompt_at
from storage.inbox import was_heard
from storage.journal import Entry, EntryPart, PartState, Way
from storage.people import is_left_out, names_of
from storage.sealing import unseal
from storage.session import Session

IN_A_ROW = timedelta(minutes=10)  # messages closer together than this are one entry
UNDECIDED_FOR = timedelta(hours=24)
HELD_FOR = timedelta(minutes=10)  # a message of ours is marked as sent long before
MOST_WORDS = 40_000  # in one entry of several messages: what Slack takes in a single one
FILE_NOTE = "(with {files}, in Slack)"
ONE_FILE, FILES = "a file", "{number} files"
SMALL_TALK = {
    *("hi", "hello", "hey", "hallo", "moin", "good morning", "morning", "thanks", "thank you", "thx"),
    *("ok", "okay", "yes", "no", "cool", "great", "bye", "test", "?", ""),
}
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")

Answer = Message | bool | None  # True: understood, and nothing more to say


class NothingWaits(NotFound):
    """I do not hold these words any more. If you want to keep them, just write them again."""


@dataclass(frozen=True, slots=True)
class Belongs:
    """A person says where what they wrote belongs: to a prompt, to none of them (0), or (None) nowhere."""

    workspace: str
    person: str
    channel: str
    prompt: int | None

    @property
    def subjects(self) -> tuple[str, ...]:
        """What is written and decided in this conversation."""
        return (f"{self.workspace}/journal/{self.channel}",)


def skip_gone(session: Session, fact: DirectMessage, now: datetime) -> Answer:
    """A message whose deletion came before it."""
    del now
    part = stored.find_part(session, fact.workspace, *fact.place)
    return True if part is not None and part.state == PartState.GONE else None


def answer_in_thread(session: Session, fact: DirectMessage, now: datetime) -> Answer:
    """A reply under a question, under an entry's own message, or under "Saved in your journal"."""
    words = _words(session, fact)
    if fact.thread_ts is None or not words:
        return None
    prompt = find_prompt_at(session, fact.workspace, fact.channel, fact.thread_ts)
    if prompt is not None and prompt.person == fact.person:
        return _answer(session, fact, words, prompt, now)
    entry = _entry_at(session, fact.workspace, fact.channel, fact.thread_ts, fact.person)
    if entry is not None:
        return _add(session, entry, fact, words, now)
    if _may_answer_what_is_on_its_way(session, fact):
        _note(session, fact, words, PartState.HELD)
        return True
    return None


def take_plain(session: Session, fact: DirectMessage, now: datetime) -> Answer:
    """Anything else: it continues what was just written, answers the one open question, or is asked about."""
    words = _words(session, fact)
    if not words:
        return None
    recent = _in_a_row(session, fact, None) if fact.thread_ts is None else None
    if recent is not None and _fits(session, recent, words):
        return _add(session, recent, fact, words, now)
    open_ones = find_open(session, fact.workspace, fact.person)
    if fact.thread_ts is None and len(open_ones) == 1:
        return _answer(session, fact, words, open_ones[0], now)
    if not open_ones and (not fact.text.strip() or _is_small_talk(words)):
        return None
    _note(session, fact, words, PartState.WAITING)
    _ask_where(session, fact.workspace, fact.person, fact.channel, fact.ts, now)
    return True


def decide(session: Session, belongs: Belongs, now: datetime) -> None:
    """What was written goes where its person says, or is forgotten. Raises NothingWaits."""
    workspace, person = belongs.workspace, belongs.person
    parts = stored.find_parts_in(session, workspace, person, PartState.WAITING)
    if not parts or is_left_out(session, workspace, person):
        raise NothingWaits
    if belongs.prompt is None:
        _drop(session, parts, blocks.FORGOTTEN, now)
        return
    prompt = journal.find_own_prompt(session, workspace, person, belongs.prompt) if belongs.prompt else None
    entry = _entry_of(session, parts, prompt, Way.DIRECT, now)
    outbox_cards.rename(session, workspace, _about_choice(person), journal_sight.about_entry(entry.id))
    journal_sight.redraw_saved(session, entry, now)


def follow(session: Session, change: DirectChange, now: datetime) -> None:
    """A direct message was edited or deleted: what we keep of it follows; of all others nothing is noted.

    A change may come before the message: a deletion is remembered, an edit held sealed until the message is there.
    """
    part = stored.find_part(session, change.workspace, change.channel, change.ts)
    if part is None:
        _remember(session, change, now)
    elif change.deleted:
        _delete(session, part, now)
    elif part.state != PartState.GONE and change.version > (part.changed_ts or ""):
        _edit(session, part, change, now)


def settle_sent(session: Session, workspace: str, channel: str, ts: str, now: datetime) -> None:
    """A message of ours is where replies that we hold point to: they are taken in now."""
    held = stored.find_held(session, workspace, channel, ts)
    prompt = find_prompt_at(session, workspace, channel, ts) if held else None
    mine = [part for part in held if prompt is not None and prompt.person == part.person]
    if mine:
        entry = _entry_of(session, mine, prompt, Way.THREAD, now)
        journal.say_saved(session, entry, now, ts)


def lapse(session: Session, workspace: str, now: datetime) -> None:
    """What is held for nothing is asked about, what nobody decided about in a day is forgotten."""
    day_ago = ts_of(now - UNDECIDED_FOR)
    for part in stored.find_overdue(session, workspace, ts_of(now - HELD_FOR), day_ago):
        if part.ts <= day_ago:
            _drop(session, [part], blocks.LAPSED, now)
        elif part.person is not None:
            part.state = PartState.WAITING.value
            session.flush()
            _ask_where(session, workspace, part.person, part.channel, part.ts, now)


def next_lapse(session: Session, workspace: str) -> datetime | None:
    """When the next of these is due."""
    held = stored.first_undecided(session, workspace, PartState.HELD)
    other = stored.first_undecided(session, workspace, PartState.WAITING, PartState.EARLY)
    due = [instant_of(held) + HELD_FOR] if held else []
    due += [instant_of(other) + UNDECIDED_FOR] if other else []
    return min(due, default=None)


def _words(session: Session, fact: DirectMessage | DirectChange) -> str:
    """What the person wrote as plain text, people by name; that there were files is a word about them."""
    names = names_of(session, fact.workspace, set(_PERSON.findall(fact.text)))
    words = plain(fact.text, names).strip()
    if not fact.files:
        return words
    number = len(fact.files)
    note = FILE_NOTE.format(files=ONE_FILE if number == 1 else FILES.format(number=number))
    return f"{words}\n{note}".strip()


def _is_small_talk(words: str) -> bool:
    return " ".join(words.lower().split()).strip(" .!,*_~") in SMALL_TALK


def _answer(session: Session, fact: DirectMessage, words: str, prompt: Prompt, now: datetime) -> bool:
    recent = _in_a_row(session, fact, prompt)
    if recent is not None and _fits(session, recent, words):
        return _add(session, recent, fact, words, now)
    way = Way.DIRECT if fact.thread_ts is None else Way.THREAD
    part = _note(session, fact, words, PartState.WAITING)
    entry = _entry_of(session, [part], prompt, way, now)
    journal.say_saved(session, entry, now, fact.thread_ts)
    return True


def _entry_of(
    session: Session, parts: Sequence[EntryPart], prompt: Prompt | None, way: Way, now: datetime
) -> Entry:
    first = parts[0]
    words = "\n".join(unseal(session, first.workspace, part.sealed) for part in parts)
    entry = journal.record_answer(session, first.workspace, first.person or "", prompt, words, way, now)
    entry.written_at = instant_of(first.ts)
    for part in parts:
        part.entry, part.state = entry.id, PartState.KEPT.value
    session.flush()
    return entry


def _add(session: Session, entry: Entry, fact: DirectMessage, words: str, now: datetime) -> bool:
    part = _note(session, fact, words, PartState.KEPT)
    part.entry = entry.id
    session.flush()
    journal.rebuild(session, entry, now)
    return True


def _note(session: Session, fact: DirectMessage, words: str, state: PartState) -> EntryPart:
    known = stored.find_part(session, fact.workspace, *fact.place)
    if known is not None and known.state == PartState.EARLY:  # it was edited before we heard of it
        words = unseal(session, fact.workspace, known.sealed)
    return journal.part_of(
        session, fact.workspace, fact.place, fact.person, words, state, root=fact.thread_ts
    )


def _in_a_row(session: Session, fact: DirectMessage, prompt: Prompt | None) -> Entry | None:
    """The entry that this message goes on with: the one just written, in the same way."""
    last = stored.find_last_part(session, fact.workspace, fact.person)
    if last is None or last.channel != fact.channel or last.root != fact.thread_ts or last.entry is None:
        return None
    if abs(instant_of(fact.ts) - instant_of(last.ts)) > IN_A_ROW:
        return None
    entry = stored.find_entry(session, fact.workspace, last.entry)
    fits = entry is not None and not entry.deleted and (prompt is None or entry.prompt == prompt.id)
    return entry if fits else None


def _fits(session: Session, entry: Entry, words: str) -> bool:
    return len(journal.words_of(session, entry)) + len(words) < MOST_WORDS


def _entry_at(session: Session, workspace: str, channel: str, ts: str, person: str) -> Entry | None:
    """The entry that this message is part of, or that our answer at this place is about."""
    part = stored.find_part(session, workspace, channel, ts)
    number = part.entry if part is not None and part.state == PartState.KEPT else None
    letter = outbox.find_sent(session, workspace, channel, ts) if number is None else None
    noun, _, rest = (letter.about or "").partition(":") if letter is not None else ("", "", "")
    if noun == "entry" and rest.isdecimal():
        number = int(rest)
    entry = stored.find_entry(session, workspace, number) if number is not None else None
    follows = entry is not None and stored.find_last_part_of(session, entry) is not None
    return entry if entry is not None and follows and entry.person == person else None


def _may_answer_what_is_on_its_way(session: Session, fact: DirectMessage) -> bool:
    known = outbox.find_sent(session, fact.workspace, fact.channel, fact.thread_ts or "") is not None
    return not known and outbox_cards.is_on_its_way(session, fact.workspace, fact.person, "prompt")


def _ask_where(session: Session, workspace: str, person: str, channel: str, ts: str, now: datetime) -> None:
    """One card asks for all that waits, however many messages it is."""
    waiting = stored.find_parts_in(session, workspace, person, PartState.WAITING)
    if len(waiting) > 1:
        return
    open_ones = [(one.id, one.question) for one in find_open(session, workspace, person)]
    about = _about_choice(person)
    outbox_cards.rename(session, workspace, about, f"{about}:before")
    tell(session, workspace, person, blocks.which(open_ones), now, about=about, once=f"where:{channel}:{ts}")


def _about_choice(person: str) -> str:
    return f"entry_choice:{person}"


def _drop(session: Session, parts: Sequence[EntryPart], says: str, now: datetime) -> None:
    """Forget these words; when nothing waits any more, the card says so."""
    asked = {part.person for part in parts if part.state == PartState.WAITING and part.person}
    for part in parts:
        part.state, part.sealed = PartState.GONE.value, ""
    session.flush()
    for person in asked:
        workspace = parts[0].workspace
        if not stored.find_parts_in(session, workspace, person, PartState.WAITING):
            card = blocks.sentence(says)
            outbox_cards.redraw(session, workspace, _about_choice(person), card.payload(), now)


def _remember(session: Session, change: DirectChange, now: datetime) -> None:
    """A change of a message that we do not know: one we heard was no entry, one still to come will need this."""
    too_old = instant_of(change.ts) < now - UNDECIDED_FOR
    if too_old or was_heard(session, change.workspace, f"dm:{change.channel}:{change.ts}"):
        return
    place = (change.channel, change.ts)
    if change.deleted:
        journal.part_of(session, change.workspace, place, change.person, "", PartState.GONE)
        return
    words = _words(session, change)
    if words and change.person and not is_left_out(session, change.workspace, change.person):
        journal.part_of(
            session,
            change.workspace,
            place,
            change.person,
            words,
            PartState.EARLY,
            version=change.version,
        )


def _delete(session: Session, part: EntryPart, now: datetime) -> None:
    entry = _entry_to_follow(session, part)
    if part.state == PartState.APART:
        return
    _drop(session, [part], blocks.DELETED_MEANWHILE, now)
    if entry is not None:
        journal.rebuild(session, entry, now)


def _edit(session: Session, part: EntryPart, change: DirectChange, now: datetime) -> None:
    person = part.person or change.person
    if part.state == PartState.APART or (person and is_left_out(session, part.workspace, person)):
        return
    words, state = _words(session, change), PartState(part.state)
    place = (part.channel, part.ts)
    journal.part_of(session, part.workspace, place, person, words, state, version=change.version)
    entry = _entry_to_follow(session, part)
    if entry is not None:
        journal.rebuild(session, entry, now)


def _entry_to_follow(session: Session, part: EntryPart) -> Entry | None:
    if part.entry is None or part.state != PartState.KEPT:
        return None
    entry = stored.find_entry(session, part.workspace, part.entry)
    return entry if entry is not None and not entry.deleted else None
