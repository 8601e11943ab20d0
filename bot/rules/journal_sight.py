"""Who sees an entry: its person, and those they chose, for as long as they choose; one rule for every way in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import journal as blocks
from bot.blocks.kit import escape
from bot.errors import NotFound
from bot.rules import managers
from bot.rules.attention import Started
from bot.rules.budget import Request, request
from bot.rules.naming import name_of
from storage import journal as stored
from storage import journal_people, outbox_cards
from storage.journal import Audience, Entry, EntryShare
from storage.people import find_person
from storage.session import Session
from storage.talks import is_brought_to


class NotYours(NotFound):
    """This entry is not in your journal (any more)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may be chosen to read an entry; a person, or the others of a cohort."""

    audience: Audience
    name: str
    reader: str | None = None
    cohort: int | None = None
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Sharing:
    """A person chose who sees their entry, all of them anew; the others do not see it from now on."""

    workspace: str
    person: str
    entry: int
    audiences: tuple[str, ...]

    @property
    def subjects(self) -> tuple[str, ...]:
        """The entry."""
        return (f"{self.workspace}/entry/{self.entry}",)


def may_read(session: Session, entry: Entry, reader: str) -> bool:
    """Whether this person may read the entry now: the one rule, asked on every way to its words.

    Its own person may. Others may while it is shared with them by name (who was buddy or manager when it was shared),
    with a cohort that both are in, or while it is brought to a talk with them; and while both are part of this.
    """
    if entry.deleted:
        return False
    if entry.person == reader:
        return True
    if not (is_here(session, entry.workspace, entry.person) and is_here(session, entry.workspace, reader)):
        return False
    if any(_reaches(session, share, entry, reader) for share in stored.find_shares(session, entry)):
        return True
    return is_brought_to(session, entry.workspace, entry.id, reader)


def is_here(session: Session, workspace: str, person: str) -> bool:
    """Whether this person is still here and part of it."""
    known = find_person(session, workspace, person)
    return known is not None and not (known.is_deactivated or known.left_out or known.is_bot)


def choices_for(session: Session, entry: Entry) -> list[Choice]:
    """Who may be offered an entry: only those who exist; whoever was chosen before stays that very person."""
    standing = {share.audience: share for share in stored.find_shares(session, entry)}
    found = []
    for audience in Audience:
        share = standing.get(audience)
        choice = _chosen(session, share) if share is not None else None
        choice = choice or _possible(session, entry, audience)
        if choice is not None:
            found.append(choice)
    return found


def reader_lines(session: Session, entry: Entry) -> list[str]:
    """Who reads it besides its person, one line each."""
    return [
        blocks.reader_line(choice.audience, choice.name)
        for choice in choices_for(session, entry)
        if choice.chosen
    ]


def share(session: Session, wish: Sharing, now: datetime) -> None:
    """Let exactly these read the entry from now on; others are offered nothing. Raises NotYours."""
    entry = own_entry(session, wish.workspace, wish.person, wish.entry)
    before = {share.audience: share for share in stored.find_shares(session, entry)}
    for audience, share in before.items():
        if audience not in wish.audiences:
            session.delete(share)
    session.flush()
    wanted = [choice for choice in choices_for(session, entry) if choice.audience in wish.audiences]
    for choice in wanted:
        if choice.audience not in before:
            session.add(_new_share(entry, choice, now))
    session.flush()
    readers = {share.reader for share in before.values()} | {choice.reader for choice in wanted}
    tell_readers(session, entry, sorted(reader for reader in readers if reader), now)
    redraw_saved(session, entry, now)


def own_entry(session: Session, workspace: str, person: str, number: int) -> Entry:
    """An entry in this person's own journal; raises NotYours."""
    entry = stored.find_entry(session, workspace, number)
    if entry is None or entry.deleted or entry.person != person:
        raise NotYours
    return entry


def end_shares(session: Session, entry: Entry, now: datetime) -> None:
    """Nobody else reads it any more."""
    shares = stored.find_shares(session, entry)
    for share in shares:
        session.delete(share)
    session.flush()
    tell_readers(session, entry, sorted(share.reader for share in shares if share.reader), now)


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


def _reaches(session: Session, share: EntryShare, entry: Entry, reader: str) -> bool:
    if share.cohort is not None:
        return journal_people.are_together(session, share.workspace, share.cohort, (entry.person, reader))
    return share.reader == reader


def _chosen(session: Session, share: EntryShare) -> Choice | None:
    audience = Audience(share.audience)
    if share.cohort is not None:
        name = journal_people.cohort_name(session, share.workspace, share.cohort)
        return Choice(audience, name, cohort=share.cohort, chosen=True) if name else None
    if share.reader is None or not is_here(session, share.workspace, share.reader):
        return None
    return Choice(audience, name_of(session, share.workspace, share.reader), share.reader, chosen=True)


def _possible(session: Session, entry: Entry, audience: Audience) -> Choice | None:
    if audience is Audience.COHORT:
        return _cohort(session, entry)
    reader = (
        managers.manager_of(session, entry.workspace, entry.person)
        if audience is Audience.MANAGER
        else journal_people.find_buddy(session, entry)
    )
    if reader is None or not is_here(session, entry.workspace, reader):
        return None
    return Choice(audience, name_of(session, entry.workspace, reader), reader)


def _cohort(session: Session, entry: Entry) -> Choice | None:
    cohort = journal_people.find_cohort_of(session, entry)
    name = journal_people.cohort_name(session, entry.workspace, cohort) if cohort is not None else ""
    return Choice(Audience.COHORT, name, cohort=cohort) if name else None


def _new_share(entry: Entry, choice: Choice, now: datetime) -> EntryShare:
    return EntryShare(
        workspace=entry.workspace,
        entry=entry.id,
        audience=choice.audience.value,
        reader=choice.reader,
        cohort=choice.cohort,
        shared_at=now,
    )
