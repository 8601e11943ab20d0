"""Attention: every message the app wished to start, and whether it was said, waits, went into a note or was dropped."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Day, Instant, Json, Name, RowId, SlackId, Words, in_workspace, of_person


class StartedMessage(Base):
    """One message that the app would start, with what was decided and why; none is dropped without a row."""

    __tablename__ = "started_messages"
    __table_args__ = (
        UniqueConstraint("workspace", "once", name="one_started_message_once"),
        in_workspace(),
        of_person(),
        Index("ix_started_messages_person", "workspace", "person", "state", "said_on"),
        Index("ix_started_messages_due", "workspace", "due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    person: Mapped[SlackId]
    kind: Mapped[Name]  # rules.attention.Started
    urgency: Mapped[Name]
    once: Mapped[Name]
    line: Mapped[
        Words
    ]  # what it is about, in one line of the morning note and of the list of what was held back
    letter: Mapped[Json | None]  # the finished letter while it waits
    state: Mapped[Name]  # said, waiting, noted, dropped
    why: Mapped[Words] = mapped_column(default="", server_default="")
    wished_at: Mapped[Instant]
    said_on: Mapped[Day | None]  # the day where the person lives
    due_at: Mapped[Instant | None]  # when a waiting one is looked at again
    not_after: Mapped[Instant | None]  # later it makes no sense any more


class MorningNote(Base):
    """When somebody's next morning note is due, and the day of the last."""

    __tablename__ = "morning_notes"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person"),
        in_workspace(),
        of_person(),
        Index("ix_morning_notes_due", "workspace", "due_at"),
    )

    workspace: Mapped[SlackId]
    person: Mapped[SlackId]
    due_at: Mapped[Instant | None]
    last_on: Mapped[Day | None]
