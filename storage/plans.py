"""Plans: what somebody will do after a programme, who helps, and how it goes."""

from sqlalchemy import Index, UniqueConstraint
from sqlalchemy.orm import Mapped

from storage.base import (
    Base,
    Day,
    Instant,
    Name,
    RowId,
    RowRef,
    SlackId,
    Words,
    in_workspace,
    of_person,
    of_row,
)


class Plan(Base):
    """The if-then items of one person, with a buddy and a rating before and after."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("workspace", "enrolment", name="one_plan_per_enrolment"),
        of_row("enrolment", "enrolments.id"),
        in_workspace(),
        of_person(),
        Index("ix_plans_person", "workspace", "person", "state"),
        Index("ix_plans_buddy", "workspace", "buddy"),
        Index("ix_plans_due", "workspace", "due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    enrolment: Mapped[RowRef]
    person: Mapped[SlackId]
    state: Mapped[Name]  # active, closing, closed, expired
    made_at: Mapped[Instant]
    ends_on: Mapped[Day]  # active 12 weeks at most
    buddy: Mapped[SlackId | None]
    buddy_state: Mapped[Name]  # none, asked, accepted, declined
    rating_before: Mapped[int | None]  # 1 to 10, the learner's alone
    rating_after: Mapped[int | None]
    sealed_closing: Mapped[Words | None]  # the closing answers, the learner's alone
    due_at: Mapped[Instant | None]  # when the next weekly tap, closing question or expiry comes


class Item(Base):
    """One thing to do, "when X happens, I will Y", with the day it is due and a helper who agreed."""

    __tablename__ = "plan_items"
    __table_args__ = (
        UniqueConstraint("plan", "number", name="one_item_per_number"),
        of_row("plan", "plans.id"),
        in_workspace(),
        Index("ix_plan_items_helper", "workspace", "helper", "helper_state"),
        Index("ix_plan_items_due", "workspace", "due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    plan: Mapped[RowRef]
    number: Mapped[int]
    cue: Mapped[Words]  # when this happens
    action: Mapped[Words]  # I will do this
    due_on: Mapped[Day]
    state: Mapped[Name]  # open, done, closed
    done_at: Mapped[Instant | None]
    sealed_evidence: Mapped[Words | None]  # a line for the approver only
    evidence_file: Mapped[SlackId | None]
    helper: Mapped[SlackId | None]
    helper_state: Mapped[Name]  # none, asked, accepted, declined, left
    due_at: Mapped[Instant | None]  # when the helper's nudge or the kind closing comes


class WeekTap(Base):
    """Done, some or not yet: one tap a week, with a line if the learner likes."""

    __tablename__ = "plan_weeks"
    __table_args__ = (
        UniqueConstraint("plan", "week_of", name="one_tap_per_week"),
        of_row("plan", "plans.id"),
        in_workspace(),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    plan: Mapped[RowRef]
    week_of: Mapped[Day]  # its Monday
    asked_at: Mapped[Instant]
    answer: Mapped[Name | None]  # done, some, not_yet
    answered_at: Mapped[Instant | None]
    sealed_line: Mapped[Words | None]
