"""Check-ins: prompts with the instant they are due, and what became of each."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import (
    Base,
    Day,
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


class Prompt(Base):
    """One question to one person: a check-in after a programme, or a weekly reflection without one."""

    __tablename__ = "prompts"
    __table_args__ = (
        UniqueConstraint("workspace", "once", name="one_prompt_once"),
        of_row("enrolment", "enrolments.id"),
        of_row("merged_into", "prompts.id", ondelete="SET NULL"),
        in_workspace(),
        of_person(),
        Index("ix_prompts_due", "workspace", "due_at"),
        Index("ix_prompts_person", "workspace", "person", "state"),
        Index("ix_prompts_place", "workspace", "channel", "ts"),
        Index("ix_prompts_enrolment", "enrolment"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    once: Mapped[Name]  # check_in:ENROLMENT:DAY, reflection:PERSON:DATE
    person: Mapped[SlackId]
    kind: Mapped[Name]  # check_in, reflection
    enrolment: Mapped[RowRef | None]
    day: Mapped[int | None]  # counted from the end of the programme
    question: Mapped[Words]
    planned_on: Mapped[Day]  # where the person lives, before leave, holidays and merging
    due_on: Mapped[Day]  # the same after them
    due_at: Mapped[Instant | None]  # the next thing to do with it: send, remind, give up; empty when nothing
    state: Mapped[Name]  # scheduled, sent, answered, skipped, merged, silent, called_off, missed
    why: Mapped[Words] = mapped_column(
        default="", server_default=""
    )  # why it was moved, merged or never sent
    merged_into: Mapped[RowRef | None]
    sent_at: Mapped[Instant | None]
    channel: Mapped[SlackId | None]
    ts: Mapped[SlackTs | None]
    reminders: Mapped[int] = mapped_column(default=0, server_default="0")
    answered_at: Mapped[Instant | None]
    still_used: Mapped[Name | None]  # yes, partly, no; asked at 182 and 365
