"""Direct messages to the app: understood at once and answered, their words are stored nowhere."""

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.blocks import direct as blocks
from bot.blocks.kit import Message
from bot.incoming import DirectMessage
from bot.rules import clips
from bot.rules.attention import Started, has_acted, stop
from storage import outbox, outbox_cards
from storage.inbox import heard_before
from storage.people import find_person, get_person, is_left_out, names_of
from storage.session import Session

ONE_ANSWER = timedelta(minutes=1)
STOP = {"stop", "stop it", "unsubscribe", "pause"}
START = {"start", "resume"}
SLACKBOT = "USLACKBOT"

Reader = Callable[[Session, DirectMessage, datetime], Message | None]


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
    _answer(session, fact, _read(session, fact, now), now)


def apologise(session: Session, fact: DirectMessage, now: datetime) -> None:
    """Say, once, that we failed: the words were stored nowhere, so nobody can try again for the person."""
    if not _is_bot(session, fact):
        _answer(session, fact, blocks.sentence(blocks.SORRY), now)


def _is_bot(session: Session, fact: DirectMessage) -> bool:
    known = find_person(session, fact.workspace, fact.person)
    return fact.person == SLACKBOT or (known is not None and known.is_bot)


def _read(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    """The one place that decides what a direct message is: the first who understands it answers it."""
    for reader in READERS:
        answer = reader(session, fact, now)
        if answer is not None:
            return answer
    return _help(session, fact, now)


def _clip(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    if not any(file.is_clip for file in fact.files):
        return None
    return blocks.sentence(clips.take_direct(session, fact, now) or blocks.NO_CLIP_EXPECTED)


def _stop(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    del now
    word = _word(fact)
    if word not in STOP | START:
        return None
    for kind in Started:
        stop(session, fact.workspace, fact.person, kind, stopped=word in STOP)
    return blocks.sentence(blocks.STOPPED if word in STOP else blocks.STARTED)


READERS: tuple[Reader, ...] = (_clip, _stop)


def _help(session: Session, fact: DirectMessage, now: datetime) -> Message | None:
    """What we can do, once a minute at most: a chat with nobody there should not scroll."""
    if outbox_cards.was_said_since(session, fact.workspace, _about_help(fact), now - ONE_ANSWER):
        return None
    return blocks.help_answer(names_of(session, fact.workspace, {fact.person}).get(fact.person))


def _about_help(fact: DirectMessage) -> str:
    return f"help:{fact.person}"


def _word(fact: DirectMessage) -> str:
    return " ".join(fact.text.lower().split()).strip(" .!?*_~")[:40]


def _answer(session: Session, fact: DirectMessage, answer: Message | None, now: datetime) -> None:
    if answer is None:
        return
    payload = answer.payload() | ({"thread_ts": fact.thread_ts} if fact.thread_ts else {})
    letter = outbox.post_to_person(
        fact.workspace,
        fact.person,
        payload,
        dm=fact.channel,
        once=f"answer:{fact.channel}:{fact.ts}",
        about=_about_help(fact),
    )
    outbox.enqueue(session, letter, now)
