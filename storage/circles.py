"""Circles: small groups of a cohort that meet for some weeks, each week with a question."""

from sqlalchemy import Index, PrimaryKeyConstraint
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Day, Instant, Name, RowId, RowRef, SlackId, in_workspace, of_person, of_row


class Circle(Base):
    """Three people (at most five), a group DM of their own that we never read, or introductions."""

    __tablename__ = "circles"
    __table_args__ = (
        of_row("cohort", "cohorts.id"),
        in_workspace(),
        Index("ix_circles_due", "workspace", "due_at"),
        Index("ix_circles_cohort", "cohort"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    cohort: Mapped[RowRef]
    channel: Mapped[SlackId | None]
    state: Mapped[Name]  # meeting, ended
    starts_on: Mapped[Day]
    ends_on: Mapped[Day]
    question: Mapped[int] = mapped_column(default=0, server_default="0")  # how many were asked
    due_at: Mapped[Instant | None]  # when the next question or "did you meet?" comes


class CircleMember(Base):
    """Somebody in a circle; who leaves stays known, so that nobody is brought together twice."""

    __tablename__ = "circle_members"
    __table_args__ = (
        PrimaryKeyConstraint("circle", "person"),
        of_row("circle", "circles.id"),
        in_workspace(),
        of_person(),
        Index("ix_circle_members_person", "workspace", "person"),
    )

    workspace: Mapped[SlackId]
    circle: Mapped[RowRef]
    person: Mapped[SlackId]
    joined_at: Mapped[Instant]
    left_at: Mapped[Instant | None]


class CircleWeek(Base):
    """What one member said to "did you meet?" about one question's week."""

    __tablename__ = "circle_weeks"
    __table_args__ = (
        PrimaryKeyConstraint("circle", "question", "person"),
        of_row("circle", "circles.id"),
        in_workspace(),
    )

    workspace: Mapped[SlackId]
    circle: Mapped[RowRef]
    question: Mapped[int]
    person: Mapped[SlackId]
    met: Mapped[bool]
    said_at: Mapped[Instant]
