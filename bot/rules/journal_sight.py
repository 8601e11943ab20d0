"""Who sees an entry: its person, and those they chose, for as long as they choose; one rule for every way in."""

from dataclasses import dataclass

from bot.blocks import journal as blocks
from bot.errors import NotFound
from bot.rules import managers
from bot.rules.naming import name_of
from storage import journal as stored
from storage import journal_people
from storage.journal import Audience, Entry, EntryShare
from storage.people import find_person
from storage.session import Session
from storage.talks import Talk, find_talks_with, is_brought_to

TALK = "talk"  # in place of an audience: chosen on the card of the talk, and taken back there or here


class NotYours(NotFound):
    """This entry is not in your journal (any more)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """Somebody who may be chosen to read an entry: a person, the others of a cohort, the other one of a talk."""

    audience: str  # Audience, or TALK
    name: str
    reader: str | None = None
    cohort: int | None = None
    talk: int | None = None
    chosen: bool = False

    @property
    def key(self) -> str:
        """This very choice: another manager than the one who was offered has another key."""
        return f"{self.audience}:{self.reader or ''}:{self.cohort or self.talk or ''}"


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
    return found + [
        Choice(TALK, name_of(session, entry.workspace, talk.manager), talk.manager, talk=talk.id, chosen=True)
        for talk in _talks(session, entry)
        if talk.manager is not None
    ]


def reader_lines(session: Session, entry: Entry) -> list[str]:
    """Who reads it besides its person, one line each."""
    return [
        blocks.reader_line(choice.audience, choice.name)
        for choice in choices_for(session, entry)
        if choice.chosen
    ]


def own_entry(session: Session, workspace: str, person: str, number: int) -> Entry:
    """An entry in this person's own journal; raises NotYours."""
    entry = stored.find_entry(session, workspace, number)
    if entry is None or entry.deleted or entry.person != person:
        raise NotYours
    return entry


def _talks(session: Session, entry: Entry) -> list[Talk]:
    """The talks to which the entry is brought and whose other one could read it."""
    found = find_talks_with(session, entry.workspace, entry.id)
    return [talk for talk in found if talk.manager and is_here(session, entry.workspace, talk.manager)]


def _reaches(session: Session, share: EntryShare, entry: Entry, reader: str) -> bool:
    if share.cohort is not None:
        # Whoever is enrolled later was not among those whom the writer had in mind.
        people = (entry.person, reader)
        return journal_people.were_together(session, share.workspace, share.cohort, people, share.shared_at)
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
