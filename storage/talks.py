"""Talks: the dated conversation between learner and manager about chosen entries."""

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import (
    Base,
    Instant,
    Json,
    Name,
    RowId,
    RowRef,
    SlackId,
    Words,
    in_workspace,
    of_person,
    of_row,
)


class Talk(Base):
    """One talk: asked for at day 21, agreed for about week 5, then told how it went."""

    __tablename__ = "talks"
    __table_args__ = (
        UniqueConstraint("workspace", "enrolment", name="one_talk_per_enrolment"),
        of_row("enrolment", "enrolments.id"),
        in_workspace(),
        of_person("learner"),
        Index("ix_talks_due", "workspace", "due_at"),
        Index("ix_talks_learner", "workspace", "learner", "state"),
        Index("ix_talks_manager", "workspace", "manager", "state"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    enrolment: Mapped[RowRef]
    learner: Mapped[SlackId]
    manager: Mapped[SlackId | None]
    state: Mapped[Name]  # planned, asked, offered, agreed, held, not_needed, lapsed
    offers: Mapped[Json]  # instants in ISO form, at most three
    offered_by: Mapped[SlackId | None]
    starts_at: Mapped[Instant | None]
    minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    uid: Mapped[Name]  # of the calendar event, for good
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[Instant | None]  # when to ask, to remind, or to ask whether it happened
    learner_said: Mapped[Name | None]  # happened, moved, not_needed
    manager_said: Mapped[Name | None]
    sealed_feedback: Mapped[Words | None]  # the manager's, for the learner


class TalkEntry(Base):
    """An entry that the learner chose for the brief."""

    __tablename__ = "talk_entries"
    __table_args__ = (
        PrimaryKeyConstraint("talk", "entry"),
        of_row("talk", "talks.id"),
        of_row("entry", "entries.id"),
        in_workspace(),
    )

    workspace: Mapped[SlackId]
    talk: Mapped[RowRef]
    entry: Mapped[RowRef]
