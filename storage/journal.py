"""The journal: entries sealed with the workspace's key, who may read them, and who did."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

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
    way: Mapped[Name]  # thread, direct, form
    form: Mapped[SlackId | None]  # the view it was written in
    sealed: Mapped[Words]
    written_at: Mapped[Instant]
    changed_at: Mapped[Instant | None]
    deleted: Mapped[bool] = mapped_column(default=False, server_default=false())


class EntryPart(Base):
    """A direct message that is part of an entry; its words follow the message's edits and deletion."""

    __tablename__ = "entry_parts"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "ts"),
        of_row("entry", "entries.id"),
        in_workspace(),
        Index("ix_entry_parts_entry", "entry"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    entry: Mapped[RowRef | None]  # empty when its person said "Not this"
    sealed: Mapped[Words]
    changed_ts: Mapped[SlackTs | None]


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
    audience: Mapped[Name]  # buddy, manager, cohort
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
