"""Direct messages and the journal: which question one answers, and which several in a row are one entry.

What a person wrote stands nowhere but sealed: in its entry, or for a day beside it until they said where it belongs.
"""

from datetime import datetime, timedelta

from bot.blocks import journal as blocks
from bot.blocks.kit import Message
from bot.incoming import DirectMessage
from bot.rules import journal
from bot.rules.journal_choice import ask_where
from bot.rules.journal_parts import entry_of, part_of, words_in
from bot.slack_ts import instant_of
from storage import journal as stored
from storage import outbox, outbox_cards
from storage.check_ins import Prompt, find_open, find_prompt_at
from storage.journal import Entry, EntryPart, PartState, Way
from storage.sealing import unseal
from storage.session import Session

IN_A_ROW = timedelta(minutes=10)  # messages closer together than this are one entry
MOST_WORDS = 40_000  # in one entry of several messages: what Slack takes in a single one
GREETINGS = {
    *("hi", "hello", "hey", "hallo", "moin", "good morning", "morning"),
    *("thanks", "thank you", "thx", "bye"),
}
SMALL_TALK = {*GREETINGS, "ok", "okay", "yes", "no", "cool", "great", "test", "?", ""}

Answer = Message | bool | None  # True: understood, and nothing more to say


def skip_gone(session: Session, fact: DirectMessage, now: datetime) -> Answer:
    """A message whose deletion came before it."""
    del now
    part = stored.find_part(session, fact.workspace, *fact.place)
    return True if part is not None and part.state == PartState.GONE else None


def answer_in_thread(session: Session, fact: DirectMessage, now: datetime) -> Answer:
    """A reply under a question, under an entry's own message, or under "Saved in your journal"."""
    if fact.thread_ts is None:
        return None
    words = words_in(session, fact)
    prompt = find_prompt_at(session, fact.workspace, fact.channel, fact.thread_ts)
    if prompt is not None and prompt.person == fact.person:
        return _answer(session, fact, words, prompt, now) if words else blocks.sentence(blocks.NO_WORDS)
    if not words:
        return None
    entry = _entry_at(session, fact.workspace, fact.channel, fact.thread_ts, fact.person)
    if entry is not None:
        return _add(session, entry, fact, words, now)
    if _may_answer_what_is_on_its_way(session, fact):
        _note(session, fact, words, PartState.HELD)
        return True
    return None


def take_plain(session: Session, fact: DirectMessage, now: datetime) -> Answer:
    """Anything else: it continues what was just written, answers the one open question, or is asked about.

    Where another question is open besides the one just answered, nobody but the writer knows which is meant.
    A greeting or thanks is none of these: after an entry it is taken as it is meant, else we say what we can do.
    """
    words = words_in(session, fact)
    open_ones = find_open(session, fact.workspace, fact.person)
    if not words:
        return blocks.sentence(blocks.NO_WORDS) if open_ones else None
    recent = _in_a_row(session, fact, None) if fact.thread_ts is None else None
    if _is_one_of(words, GREETINGS):
        return True if recent is not None else None
    others = [one for one in open_ones if recent is not None and one.id != recent.prompt]
    if recent is not None and not others and _fits(session, recent, words):
        return _add(session, recent, fact, words, now)
    if fact.thread_ts is None and recent is None and len(open_ones) == 1:
        return _answer(session, fact, words, open_ones[0], now)
    if not open_ones and (not fact.text.strip() or _is_one_of(words, SMALL_TALK)):
        return None
    _note(session, fact, words, PartState.WAITING)
    just_answered = recent.prompt if recent is not None else None
    ask_where(session, fact.workspace, fact.person, fact.channel, fact.ts, now, just_answered)
    return True


def settle_sent(session: Session, workspace: str, channel: str, ts: str, now: datetime) -> None:
    """A message of ours is where replies that we hold point to: they are taken in now."""
    held = stored.find_held(session, workspace, channel, ts)
    prompt = find_prompt_at(session, workspace, channel, ts) if held else None
    mine = [part for part in held if prompt is not None and prompt.person == part.person]
    if mine:
        entry = entry_of(session, mine, prompt, Way.THREAD, now)
        journal.say_saved(session, entry, now, ts)


def _is_one_of(words: str, known: set[str]) -> bool:
    return " ".join(words.lower().split()).strip(" .!,*_~") in known


def _answer(session: Session, fact: DirectMessage, words: str, prompt: Prompt, now: datetime) -> bool:
    recent = _in_a_row(session, fact, prompt)
    if recent is not None and _fits(session, recent, words):
        return _add(session, recent, fact, words, now)
    way = Way.DIRECT if fact.thread_ts is None else Way.THREAD
    part = _note(session, fact, words, PartState.WAITING)
    entry = entry_of(session, [part], prompt, way, now)
    journal.say_saved(session, entry, now, fact.thread_ts)
    return True


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
    return part_of(session, fact.workspace, fact.place, fact.person, words, state, root=fact.thread_ts)


def _in_a_row(session: Session, fact: DirectMessage, prompt: Prompt | None) -> Entry | None:
    """The entry that this message goes on with: the one just written, in the same way."""
    last = stored.find_last_part(session, fact.workspace, fact.person)
    if last is None or last.channel != fact.channel or last.root != fact.thread_ts or last.entry is None:
        return None
    if abs(instant_of(fact.ts) - instant_of(last.ts)) > IN_A_ROW:
        return None
    entry = stored.find_entry(session, fact.workspace, last.entry)
    if entry is None or entry.deleted or (prompt is not None and entry.prompt != prompt.id):
        return None
    return None if prompt is None and _was_asked_since(session, fact, last) else entry


def _was_asked_since(session: Session, fact: DirectMessage, last: EntryPart) -> bool:
    """Whether a question came between the two messages: then the second answers it rather than going on."""
    open_ones = find_open(session, fact.workspace, fact.person)
    return any(one.sent_at is not None and one.sent_at > instant_of(last.ts) for one in open_ones)


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
