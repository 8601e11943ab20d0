"""The journal: entries sealed with the workspace's key, who may read them, and who did."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, false, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import (
    Base,
    Instant,
    Name,
    RowId,
    RowRef,
    SlackId,
    SlackTs,
    Words,
    in_workspace,
    of_person,
    of_row,
)


class Way(StrEnum):
    """How an entry came in."""

    THREAD = "thread"  # a reply to a question
    DIRECT = "direct"  # a message to the app
    FORM = "form"


class Audience(StrEnum):
    """Who else may read an entry, chosen one by one; none implies another."""

    BUDDY = "buddy"
    MANAGER = "manager"
    COHORT = "cohort"


class Entry(Base):
    """Something a person wrote for themselves; its words are sealed, a deleted one has none."""

    __tablename__ = "entries"
    __table_args__ = (
        UniqueConstraint("workspace", "form", name="one_entry_per_form"),
        of_row("prompt", "prompts.id", ondelete="SET NULL"),
        in_workspace(),
        of_person(),
        Index("ix_entries_person", "workspace", "person", "written_at"),
        Index("ix_entries_prompt", "prompt"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    person: Mapped[SlackId]
    prompt: Mapped[RowRef | None]
    way: Mapped[Name]  # Way
    form: Mapped[SlackId | None]  # the view it was written in
    sealed: Mapped[Words]
    written_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]
    deleted: Mapped[bool] = mapped_column(default=False, server_default=false())


class PartState(StrEnum):
    """What became of a direct message that may belong to an entry."""

    KEPT = "kept"  # it is part of an entry
    WAITING = (
        "waiting"  # its person is asked where it belongs, or whether to keep it; a day, then it is forgotten
    )
    HELD = "held"  # it answers a message of ours that has not been marked as sent yet
    EARLY = "early"  # an edit that came before the message itself
    GONE = "gone"  # deleted, or its person said "Not this"; it has no words
    APART = "apart"  # its entry was edited in the journal and no longer follows the message


class EntryPart(Base):
    """A direct message that is part of an entry or may become one; its words follow its edits and deletion."""

    __tablename__ = "entry_parts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "ts"),
        of_row("entry", "entries.id"),
        in_workspace(),
        Index("ix_entry_parts_entry", "entry"),
        Index("ix_entry_parts_person", "workspace", "person", "state"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    person: Mapped[SlackId | None]
    root: Mapped[SlackTs | None]  # the thread it was written in
    state: Mapped[Name] = mapped_column(default=PartState.KEPT, server_default="kept")
    entry: Mapped[RowRef | None]  # only while it is kept or apart
    sealed: Mapped[Words]
    changed_ts: Mapped[SlackTs | None]  # of the newest edit


class EntryShare(Base):
    """Who else may read an entry: the one who was buddy or manager when it was shared, or a cohort."""

    __tablename__ = "entry_shares"
    __table_args__ = (
        PrimaryKeyConstraint("entry", "audience"),
        of_row("entry", "entries.id"),
        of_row("cohort", "cohorts.id"),
        in_workspace(),
        Index("ix_entry_shares_reader", "workspace", "reader"),
        Index("ix_entry_shares_cohort", "cohort"),
    )

    workspace: Mapped[SlackId]
    entry: Mapped[RowRef]
    audience: Mapped[Name]  # Audience
    reader: Mapped[SlackId | None]  # the person, for buddy and manager
    cohort: Mapped[RowRef | None]
    shared_at: Mapped[Instant]


class EntryLook(Base):
    """Somebody opened an entry that was shared with them."""

    __tablename__ = "entry_looks"
    __table_args__ = (
        PrimaryKeyConstraint("entry", "reader"),
        of_row("entry", "entries.id"),
        in_workspace(),
    )

    workspace: Mapped[SlackId]
    entry: Mapped[RowRef]
    reader: Mapped[SlackId]
    first_at: Mapped[Instant]


def find_entry(session: Session, workspace: str, entry: int) -> Entry | None:
    """One entry, also a deleted one."""
    found = session.get(Entry, entry)
    return found if found is not None and found.workspace == workspace else None


def find_by_form(session: Session, workspace: str, form: str) -> Entry | None:
    """The entry that was written in this form."""
    query = select(Entry).where(Entry.workspace == workspace, Entry.form == form)
    return session.scalars(query).first()


def find_entries(session: Session, workspace: str, person: str) -> list[Entry]:
    """What this person's journal holds, the newest first."""
    query = select(Entry).where(Entry.workspace == workspace, Entry.person == person, ~Entry.deleted)
    return list(session.scalars(query.order_by(Entry.written_at.desc(), Entry.id.desc())))


def is_answered(session: Session, workspace: str, prompt: int) -> bool:
    """Whether an entry answers this prompt."""
    query = select(Entry.id).where(Entry.workspace == workspace, Entry.prompt == prompt, ~Entry.deleted)
    return session.execute(query.limit(1)).first() is not None


def find_answer(session: Session, workspace: str, prompt: int) -> Entry | None:
    """The newest entry that answers this prompt."""
    query = select(Entry).where(Entry.workspace == workspace, Entry.prompt == prompt, ~Entry.deleted)
    return session.scalars(query.order_by(Entry.id.desc()).limit(1)).first()


def find_last_part_of(session: Session, entry: Entry) -> EntryPart | None:
    """The newest message of an entry."""
    parts = find_parts(session, entry)
    return parts[-1] if parts else None


def count_entries(session: Session, workspace: str, person: str) -> int:
    """How many entries this person's journal holds."""
    query = select(func.count()).select_from(Entry)
    found = session.scalar(query.where(Entry.workspace == workspace, Entry.person == person, ~Entry.deleted))
    return found or 0


def find_part(session: Session, workspace: str, channel: str, ts: str) -> EntryPart | None:
    """The direct message at this place, if it has to do with the journal."""
    return session.get(EntryPart, (workspace, channel, ts))


def find_parts(session: Session, entry: Entry) -> list[EntryPart]:
    """The messages of an entry whose words it has, as they were written."""
    query = select(EntryPart).where(
        EntryPart.workspace == entry.workspace,
        EntryPart.entry == entry.id,
        EntryPart.state == PartState.KEPT,
    )
    return list(session.scalars(query.order_by(EntryPart.ts)))


def find_parts_in(session: Session, workspace: str, person: str, *states: PartState) -> list[EntryPart]:
    """This person's messages in one of these states, as they were written."""
    query = select(EntryPart).where(
        EntryPart.workspace == workspace, EntryPart.person == person, EntryPart.state.in_(states)
    )
    return list(session.scalars(query.order_by(EntryPart.ts)))


def find_held(session: Session, workspace: str, channel: str, root: str) -> list[EntryPart]:
    """The replies that came before we knew which message of ours they answer."""
    query = select(EntryPart).where(
        EntryPart.workspace == workspace,
        EntryPart.channel == channel,
        EntryPart.root == root,
        EntryPart.state == PartState.HELD,
    )
    return list(session.scalars(query.order_by(EntryPart.ts)))


def find_last_part(session: Session, workspace: str, person: str) -> EntryPart | None:
    """The newest message that this person's journal kept."""
    query = select(EntryPart).where(
        EntryPart.workspace == workspace, EntryPart.person == person, EntryPart.state == PartState.KEPT
    )
    return session.scalars(query.order_by(EntryPart.ts.desc()).limit(1)).first()


UNDECIDED = (PartState.WAITING, PartState.HELD, PartState.EARLY)


def find_overdue(session: Session, workspace: str, held_before: str, before: str) -> list[EntryPart]:
    """Messages that are held since `held_before`, and those undecided since `before` (both ts)."""
    query = select(EntryPart).where(
        EntryPart.workspace == workspace,
        or_(
            (EntryPart.state == PartState.HELD) & (EntryPart.ts <= held_before),
            EntryPart.state.in_(UNDECIDED) & (EntryPart.ts <= before),
        ),
    )
    return list(session.scalars(query.order_by(EntryPart.ts)))


def first_undecided(session: Session, workspace: str, *states: PartState) -> str | None:
    """The ts of the oldest message in one of these states."""
    query = select(func.min(EntryPart.ts)).where(
        EntryPart.workspace == workspace, EntryPart.state.in_(states)
    )
    return session.scalar(query)


def forget_undecided(session: Session, workspace: str, person: str) -> None:
    """Forget what this person wrote and did not decide about."""
    for part in find_parts_in(session, workspace, person, *UNDECIDED):
        part.state, part.sealed = PartState.GONE, ""


def find_shares(session: Session, entry: Entry) -> list[EntryShare]:
    """Who else may read this entry, as far as its person chose."""
    query = select(EntryShare).where(EntryShare.workspace == entry.workspace, EntryShare.entry == entry.id)
    return list(session.scalars(query.order_by(EntryShare.audience)))


def find_shares_by(session: Session, workspace: str, person: str) -> list[EntryShare]:
    """Everything this person shares."""
    query = select(EntryShare).join(Entry, Entry.id == EntryShare.entry)
    return list(session.scalars(query.where(Entry.workspace == workspace, Entry.person == person)))


def find_shared_with(session: Session, workspace: str, reader: str, cohorts: Sequence[int]) -> list[Entry]:
    """Entries of others that name this reader or one of these cohorts, the latest shared first."""
    theirs = or_(EntryShare.reader == reader, EntryShare.cohort.in_(cohorts))
    query = (
        select(Entry)
        .join(EntryShare, EntryShare.entry == Entry.id)
        .where(Entry.workspace == workspace, Entry.person != reader, ~Entry.deleted, theirs)
        .group_by(Entry.id)
    )
    return list(session.scalars(query.order_by(func.max(EntryShare.shared_at).desc(), Entry.id.desc())))


def end_shares_with(session: Session, workspace: str, reader: str) -> list[Entry]:
    """Nothing is shared with this person any more; returns what was."""
    query = select(EntryShare).where(EntryShare.workspace == workspace, EntryShare.reader == reader)
    shares = list(session.scalars(query.order_by(EntryShare.entry)))
    entries = [session.get_one(Entry, share.entry) for share in shares]
    for share in shares:
        session.delete(share)
    session.flush()
    return entries


def has_looked(session: Session, entry: int, reader: str) -> bool:
    """Whether this person opened the entry."""
    return session.get(EntryLook, (entry, reader)) is not None


def add_look(session: Session, workspace: str, entry: int, reader: str, now: datetime) -> None:
    """This person opened the entry; only the first time is kept."""
    if not has_looked(session, entry, reader):
        session.add(EntryLook(workspace=workspace, entry=entry, reader=reader, first_at=now))
        session.flush()
