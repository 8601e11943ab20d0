"""Programmes: formal learning made of weeks, its runs (cohorts) and the people in them (enrolments)."""

from enum import StrEnum

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import (
    Base,
    Day,
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


class CohortState(StrEnum):
    """Where one run of a programme is."""

    PLANNED = "planned"
    RUNNING = "running"
    ENDED = "ended"
    CALLED_OFF = "called_off"


class EnrolmentState(StrEnum):
    """Where one person is in one run."""

    ENROLLED = "enrolled"
    COMPLETED = "completed"
    LEFT = "left"


class EnrolmentStep(StrEnum):
    """What comes next of the programme itself, at `due_at`."""

    GOAL = "goal"  # a week before the start: one goal
    END = "end"
    DONE = "done"
    LEFT = "left"  # finished, and wants nothing of what comes after


class CompletedHow(StrEnum):
    """Who said that somebody has finished."""

    DATE = "date"
    COMMAND = "command"
    CSV = "csv"
    LMS = "lms"


class Programme(Base):
    """What is learned week by week, and what comes after: questions of the check-ins, items to adapt."""

    __tablename__ = "programmes"
    __table_args__ = (UniqueConstraint("workspace", "key", name="one_programme_per_key"), in_workspace())

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    key: Mapped[Name]  # what commands and files call it: new-manager
    title: Mapped[Words]
    purpose: Mapped[Words] = mapped_column(default="", server_default="")
    subject: Mapped[Name] = mapped_column(default="", server_default="")
    sponsor: Mapped[SlackId | None]
    check_ins: Mapped[Json]  # [{"day": 2, "question": "…", "still_used": false}, …] by day
    items: Mapped[Json]  # [{"when": "…", "then": "…", "days": 14}, …] to adapt in the plan
    closing: Mapped[Json]  # questions at the end of the plan
    circle_questions: Mapped[Json]
    made_by: Mapped[SlackId | None]
    made_at: Mapped[Instant]
    retired: Mapped[bool] = mapped_column(default=False, server_default=false())


class ProgrammeWeek(Base):
    """One week: its title, the lesson it goes with, and what opens the conversation."""

    __tablename__ = "programme_weeks"
    __table_args__ = (
        PrimaryKeyConstraint("programme", "number"),
        of_row("programme", "programmes.id"),
        in_workspace(),
    )

    workspace: Mapped[SlackId]
    programme: Mapped[RowRef]
    number: Mapped[int]
    title: Mapped[Words]
    lesson: Mapped[Words] = mapped_column(default="", server_default="")  # a link, or nothing
    starter: Mapped[Words] = mapped_column(default="", server_default="")


class WeekContribution(Base):
    """A colleague's voice in a week: the link to a contribution, and which one it is where we know it."""

    __tablename__ = "week_contributions"
    __table_args__ = (
        PrimaryKeyConstraint("programme", "number", "link"),
        of_row("programme", "programmes.id"),
        of_row("contribution", "contributions.id"),
        in_workspace(),
    )

    workspace: Mapped[SlackId]
    programme: Mapped[RowRef]
    number: Mapped[int]
    link: Mapped[Name]
    contribution: Mapped[RowRef | None]
    placed_by: Mapped[SlackId | None]


class Cohort(Base):
    """One run of a programme: its people, space, sponsor and dates."""

    __tablename__ = "cohorts"
    __table_args__ = (
        UniqueConstraint("workspace", "programme", "name", name="one_cohort_per_name"),
        of_row("programme", "programmes.id"),
        in_workspace(),
        Index("ix_cohorts_ends_on", "workspace", "state", "ends_on"),
        Index("ix_cohorts_week_due_at", "workspace", "week_due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    programme: Mapped[RowRef]
    name: Mapped[Name]
    space: Mapped[SlackId | None]
    sponsor: Mapped[SlackId | None]
    facilitator: Mapped[SlackId | None]
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    state: Mapped[Name]  # CohortState
    made_at: Mapped[Instant]
    circles_at: Mapped[Instant | None]  # when those who wish for a circle are brought together
    week: Mapped[int] = mapped_column(
        default=0, server_default="0"
    )  # the last one that its space was told of
    week_due_at: Mapped[Instant | None]  # when its space is told of the next one


class Enrolment(Base):
    """One person in one cohort, from enrolling to what is left of it a year later."""

    __tablename__ = "enrolments"
    __table_args__ = (
        UniqueConstraint("workspace", "cohort", "person", name="one_enrolment_per_cohort"),
        of_row("cohort", "cohorts.id"),
        in_workspace(),
        of_person(),
        Index("ix_enrolments_person", "workspace", "person", "state"),
        Index("ix_enrolments_due", "workspace", "due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    cohort: Mapped[RowRef]
    person: Mapped[SlackId]
    state: Mapped[Name]  # EnrolmentState
    enrolled_by: Mapped[SlackId | None]
    enrolled_at: Mapped[Instant]
    step: Mapped[Name]  # EnrolmentStep
    due_at: Mapped[Instant | None]  # when that step comes; empty when nothing of the programme itself is due
    goal: Mapped[Words] = mapped_column(default="", server_default="")
    goal_confirmed_by: Mapped[SlackId | None]
    completed_on: Mapped[Day | None]  # where the person lives
    completed_how: Mapped[Name | None]  # CompletedHow
    check_ins_paused: Mapped[Name | None]  # why no check-in is sent: silence, wish; empty when they come
    wants_circle: Mapped[bool | None]
