"""Direct messages that were edited or deleted: what a journal keeps of them follows, in whatever order it is heard."""

from datetime import datetime

from bot.blocks import journal as blocks
from bot.incoming import DirectChange
from bot.rules import journal
from bot.rules.journal_choice import UNDECIDED_FOR, drop
from bot.rules.journal_parts import part_of, words_in
from bot.slack_ts import instant_of
from storage import journal as stored
from storage.inbox import was_heard
from storage.journal import Entry, EntryPart, PartState
from storage.people import is_left_out
from storage.session import Session


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


def _remember(session: Session, change: DirectChange, now: datetime) -> None:
    """A change of a message that we do not know: one we heard was no entry, one still to come will need this."""
    too_old = instant_of(change.ts) < now - UNDECIDED_FOR
    if too_old or was_heard(session, change.workspace, f"dm:{change.channel}:{change.ts}"):
        return
    place = (change.channel, change.ts)
    words = words_in(session, change)
    if change.deleted or not words:
        part_of(session, change.workspace, place, change.person, "", PartState.GONE)
        return
    if change.person and not is_left_out(session, change.workspace, change.person):
        part_of(
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
    drop(session, [part], blocks.DELETED_MEANWHILE, now)
    if entry is not None:
        journal.rebuild(session, entry, now)


def _edit(session: Session, part: EntryPart, change: DirectChange, now: datetime) -> None:
    person = part.person or change.person
    if part.state == PartState.APART or (person and is_left_out(session, part.workspace, person)):
        return
    words, state = words_in(session, change), PartState(part.state)
    if not words:  # nothing of it is left, as if it were deleted
        _delete(session, part, now)
        return
    place = (part.channel, part.ts)
    part_of(session, part.workspace, place, person, words, state, version=change.version)
    entry = _entry_to_follow(session, part)
    if entry is not None:
        journal.rebuild(session, entry, now)


def _entry_to_follow(session: Session, part: EntryPart) -> Entry | None:
    if part.entry is None or part.state != PartState.KEPT:
        return None
    entry = stored.find_entry(session, part.workspace, part.entry)
    return entry if entry is not None and not entry.deleted else None
