"""Direct messages to the app: understood at once and answered; their words are kept in a journal or nowhere."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.blocks import direct as blocks
from bot.blocks import journal as journal_blocks
from bot.blocks.kit import Message
from bot.incoming import DirectChange, DirectMessage
from bot.rules import clips, journal_changes, journal_messages
from bot.rules.attention import Started, has_acted, stop
from storage import outbox, outbox_cards
from storage.inbox import heard_before
from storage.people import find_person, get_person, is_left_out, names_of
from storage.session import Session

ONE_ANSWER = timedelta(minutes=1)
LONGEST_WORD = 40
_PLEASE = r"(?:please )?(?:{word})(?: (?:{more}|please|me|it|this|now))*"
STOP = re.compile(
    _PLEASE.format(
        word="stop|unsubscribe", more="asking|writing|messaging|sending|to|these|this|messages|questions"
    )
)
PAUSE = re.compile(_PLEASE.format(word="pause", more="check-ins|messages|(?:until|till|for) .{1,30}"))
HELP = re.compile(_PLEASE.format(word="help", more="please") + r"|\?")
START = re.compile(_PLEASE.format(word="start|resume", more="again|asking|messages"))
SLACKBOT = "USLACKBOT"

# True: understood, and whatever there is to say is said already.
Reader = Callable[[Session, DirectMessage, datetime], Message | bool | None]


def hear(session: Session, fact: DirectMessage, now: datetime) -> None:
    """Answer somebody who writes to the app; the same message delivered twice is answered once."""
    if _is_bot(session, fact):
        return
    if is_left_out(session, fact.workspace, fact.person):
        _answer(session, fact, blocks.sentence(blocks.LEFT_OUT), now)
        return
    if heard_before(session, fact.workspace, f"dm:{fact.channel}:{fact.ts}", now):
        return
    get_person(session, fact.workspace, fact.person).dm = fact.channel
    has_acted(session, fact.workspace, fact.person, "wrote to the app")
    answer, about = _read(session, fact, now)
    _answer(session, fact, answer, now, about)


def apologise(session: Session, fact: DirectMessage, now: datetime) -> None:
    """Say, once, that we failed: the words were stored nowhere, so nobody can try again for the person."""
    if not _is_bot(session, fact):
        _answer(session, fact, blocks.sentence(blocks.SORRY), now)


def hear_change(session: Session, change: DirectChange, now: datetime) -> None:
    """Something that was written to the app was edited or deleted."""
    journal_changes.follow(session, change, now)


def apologise_for_change(session: Session, change: DirectChange, now: datetime) -> None:
    """Say that an edit failed for a reason of ours: its words were stored nowhere."""
    if change.person is None or change.deleted or is_left_out(session, change.workspace, change.person):
        return
    known = find_person(session, change.workspace, change.person)
    letter = outbox.post_to_person(
        change.workspace,
        change.person,
        blocks.sentence(blocks.SORRY_EDIT).payload(),
        dm=known.dm if known else change.channel,
        once=f"sorry:{change.channel}:{change.ts}:{change.version}",
    )
    outbox.enqueue(session, letter, now)


def _is_bot(session: Session, fact: DirectMessage) -> bool:
    known = find_person(session, fact.workspace, fact.person)
    return fact.person == SLACKBOT or (known is not None and known.is_bot)


def _read(session: Session, fact: DirectMessage, now: datetime) -> tuple[Message | None, str | None]:
    """The one place that decides what a direct message is: the first who understands it answers it.

    Returns the answer, and what it is filed under.
    """
    for reader in READERS:
        answer = reader(session, fact, now)
        if answer is not None:
            return answer if isinstance(answer, Message) else None, None
    if outbox_cards.was_said_since(session, fact.workspace, _about_help(fact), now - ONE_ANSWER):
        return None, None  # a chat with nobody there should not scroll
    return _help(session, fact), _about_help(fact)


def _clip(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    taken = clips.take_direct(session, fact, now) if any(file.is_clip for file in fact.files) else None
    return blocks.sentence(taken) if taken else None


def _unasked_clip(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    del session, now
    return blocks.sentence(blocks.NO_CLIP_EXPECTED) if any(file.is_clip for file in fact.files) else None


def _asks_for_help(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    del now
    return _help(session, fact) if HELP.fullmatch(_word(fact)) else None


def _pause(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    del session, now
    return journal_blocks.pause() if PAUSE.fullmatch(_word(fact)) else None


def _stop(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    del now
    word = _word(fact)
    stops = STOP.fullmatch(word) is not None
    if not stops and not START.fullmatch(word):
        return None
    for kind in Started:
        stop(session, fact.workspace, fact.person, kind, stopped=stops)
    return blocks.sentence(blocks.STOPPED if stops else blocks.STARTED)


READERS: tuple[Reader, ...] = (
    journal_messages.skip_gone,
    _stop,
    _pause,
    _asks_for_help,
    journal_messages.answer_in_thread,
    _clip,
    journal_messages.take_plain,
    _unasked_clip,
)


def _help(session: Session, fact: DirectMessage) -> Message:
    return blocks.help_answer(names_of(session, fact.workspace, {fact.person}).get(fact.person))


def _about_help(fact: DirectMessage) -> str:
    return f"help:{fact.person}"


def _word(fact: DirectMessage) -> str:
    """The message in small letters, as far as it is short enough to be a word to us and no answer."""
    words = " ".join(fact.text.lower().split())
    return words.strip(" .!*_~") if len(words) <= LONGEST_WORD else ""


def _answer(
    session: Session, fact: DirectMessage, answer: Message | None, now: datetime, about: str | None = None
) -> None:
    if answer is None:
        return
    payload = answer.payload() | ({"thread_ts": fact.thread_ts} if fact.thread_ts else {})
    letter = outbox.post_to_person(
        fact.workspace,
        fact.person,
        payload,
        dm=fact.channel,
        once=f"answer:{fact.channel}:{fact.ts}",
        about=about,
    )
    outbox.enqueue(session, letter, now)
