"""Availability: the days on which somebody is away, as their Slack status or their own settings say."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Index, delete, or_, select
from sqlalchemy.orm import Mapped, Session

from storage.base import Base, Day, Instant, Name, RowId, SlackId, SlackTs, in_workspace, of_person


class LeaveSource(StrEnum):
    """Who says that somebody is away."""

    STATUS = "status"
    OWN = "own"


class Leave(Base):
    """Days away, both ends included; `last_on` is empty while nobody says when they are back."""

    __tablename__ = "leaves"
    __table_args__ = (
        in_workspace(),
        of_person(),
        Index("ix_leaves_person", "workspace", "person", "source"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    person: Mapped[SlackId]
    source: Mapped[Name]  # LeaveSource
    first_on: Mapped[Day]
    last_on: Mapped[Day | None]
    heard_ts: Mapped[SlackTs | None]  # the event that told it
    noted_at: Mapped[Instant]


def find_leaves(session: Session, workspace: str, person: str, today: date) -> list[Leave]:
    """The leaves of this person that are not over, the earliest first."""
    query = select(Leave).where(
        Leave.workspace == workspace,
        Leave.person == person,
        or_(Leave.last_on.is_(None), Leave.last_on >= today),
    )
    return list(session.scalars(query.order_by(Leave.first_on, Leave.id)))


def find_leave(session: Session, workspace: str, person: str, leave: int) -> Leave | None:
    """One leave of this person."""
    found = session.get(Leave, leave)
    return found if found is not None and (found.workspace, found.person) == (workspace, person) else None


def find_status_leave(session: Session, workspace: str, person: str) -> Leave | None:
    """What the person's status said last; also of one that is over."""
    query = select(Leave).where(
        Leave.workspace == workspace, Leave.person == person, Leave.source == LeaveSource.STATUS
    )
    return session.scalars(query).first()


def find_people_with_status(session: Session, workspace: str, people: set[str]) -> set[str]:
    """Those of these people whose status said once that they are away."""
    query = select(Leave.person).where(
        Leave.workspace == workspace, Leave.source == LeaveSource.STATUS, Leave.person.in_(sorted(people))
    )
    return set(session.scalars(query))


def forget_leaves(session: Session, workspace: str, person: str) -> None:
    """Forget when this person was, is or will be away."""
    session.execute(delete(Leave).where(Leave.workspace == workspace, Leave.person == person))
