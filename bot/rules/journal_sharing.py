"""Showing an entry to others: its person chooses each by name, takes it back at once, and the cards say what holds."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import journal as blocks
from bot.blocks.kit import escape
from bot.rules.attention import Started
from bot.rules.budget import Request, request
from bot.rules.journal_sight import TALK, Choice, choices_for, may_read, own_entry, reader_lines
from bot.rules.naming import name_of
from storage import journal as stored
from storage import outbox_cards, talks
from storage.journal import Entry, EntryShare
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Sharing:
    """A person chose who sees their entry, all of them anew; the others do not see it from now on."""

    workspace: str
    person: str
    entry: int
    chosen: tuple[str, ...]  # keys of Choice

    @property
    def subjects(self) -> tuple[str, ...]:
        """The entry."""
        return (f"{self.workspace}/entry/{self.entry}",)


def share(session: Session, wish: Sharing, now: datetime) -> bool:
    """Let exactly these read the entry from now on; others are offered nothing. Raises NotYours.

    False when one who was chosen is no longer who was offered (there is another manager, say): who comes in their
    place was not chosen, so nothing is shared with them.
    """
    entry = own_entry(session, wish.workspace, wish.person, wish.entry)
    before = [choice for choice in choices_for(session, entry) if choice.chosen]
    _take_back(session, entry, wish.chosen)
    wanted = [choice for choice in choices_for(session, entry) if choice.key in wish.chosen]
    new = [choice for choice in wanted if not choice.chosen]
    session.add_all(_new_share(entry, choice, now) for choice in new)
    session.flush()
    readers = {choice.reader for choice in (*before, *new) if choice.reader and choice.audience != TALK}
    tell_readers(session, entry, sorted(readers), now)
    redraw_saved(session, entry, now)
    return len(wanted) == len(set(wish.chosen))


def end_shares(session: Session, entry: Entry, now: datetime) -> None:
    """Nobody else reads it any more."""
    readers = {share.reader for share in stored.find_shares(session, entry) if share.reader}
    _take_back(session, entry, ())
    tell_readers(session, entry, sorted(readers), now)


def end_with(session: Session, workspace: str, reader: str, now: datetime) -> None:
    """Somebody is gone or left out: nothing is shared with them, or brought to a talk with them, any more."""
    ended = {entry.id for entry in stored.end_shares_with(session, workspace, reader)}
    for number in sorted(ended | set(talks.stop_bringing_to(session, workspace, reader))):
        entry = stored.find_entry(session, workspace, number)
        if entry is not None:
            redraw_saved(session, entry, now)


def tell_readers(session: Session, entry: Entry, readers: Sequence[str], now: datetime) -> None:
    """Each who may read it has one card that says so; each who may no longer, finds that on the card."""
    for reader in readers:
        _tell(session, entry, reader, now)


def redraw_saved(session: Session, entry: Entry, now: datetime) -> None:
    """The answer under the message says what holds now."""
    card = blocks.taken_out() if entry.deleted else blocks.saved(entry.id, reader_lines(session, entry))
    outbox_cards.redraw(session, entry.workspace, about_entry(entry.id), card.payload(), now)


def about_entry(entry: int) -> str:
    """What the answer "Saved in your journal" is filed under."""
    return f"entry:{entry}"


def about_reader(entry: Entry, reader: str) -> str:
    """What the card of somebody who may read it is filed under."""
    return f"entry_share:{entry.id}:{reader}"


def _tell(session: Session, entry: Entry, reader: str, now: datetime) -> None:
    about = about_reader(entry, reader)
    name = name_of(session, entry.workspace, entry.person)
    if not may_read(session, entry, reader):
        if outbox_cards.take_back(session, entry.workspace, about):
            return
        outbox_cards.redraw(session, entry.workspace, about, blocks.no_longer(name).payload(), now)
        return
    card = blocks.shared(entry.id, name)
    if outbox_cards.redraw(session, entry.workspace, about, card.payload(), now):
        return
    line = blocks.SHARED_LINE.format(name=escape(name))
    asked = Request(entry.workspace, reader, Started.ENTRY, about, line, entry.person, about)
    request(session, asked, card, now)


def _take_back(session: Session, entry: Entry, kept: Collection[str]) -> None:
    """End what is shared, but for the choices of these keys; also what is shared with somebody who is not here now."""
    standing = {choice.audience: choice.key for choice in choices_for(session, entry) if choice.chosen}
    for share in stored.find_shares(session, entry):
        if standing.get(share.audience) not in kept:
            session.delete(share)
    stays = {choice.talk for choice in choices_for(session, entry) if choice.key in kept}
    for talk in talks.find_talks_with(session, entry.workspace, entry.id):
        if talk.id not in stays:
            talks.stop_bringing(session, talk, entry.id)
    session.flush()


def _new_share(entry: Entry, choice: Choice, now: datetime) -> EntryShare:
    return EntryShare(
        workspace=entry.workspace,
        entry=entry.id,
        audience=choice.audience,
        reader=choice.reader,
        cohort=choice.cohort,
        shared_at=now,
    )
