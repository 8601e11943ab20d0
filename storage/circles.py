"""Circles: small groups of a cohort that meet for some weeks, each week with a question."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from itertools import combinations

from sqlalchemy import Index, PrimaryKeyConstraint, func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Day, Instant, Name, RowId, RowRef, SlackId, in_workspace, of_person, of_row
from storage.programmes import Cohort, Enrolment


class CircleState(StrEnum):
    """Where a circle stands."""

    OPENING = "opening"  # its group conversation is being opened
    MEETING = "meeting"
    ENDED = "ended"


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
    state: Mapped[Name]  # CircleState
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


def find_circle(session: Session, workspace: str, circle: int) -> Circle | None:
    """The circle, for whoever may change it."""
    query = select(Circle).where(Circle.workspace == workspace, Circle.id == circle).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def find_members(session: Session, circle: Circle) -> list[str]:
    """Who is in the circle now."""
    query = select(CircleMember.person).where(
        CircleMember.circle == circle.id, CircleMember.left_at.is_(None)
    )
    return list(session.scalars(query.order_by(CircleMember.person)))


def was_in(session: Session, circle: Circle, person: str) -> bool:
    """Whether the person is in the circle, or was."""
    return session.get(CircleMember, (circle.id, person)) is not None


def find_circle_of(session: Session, workspace: str, cohort: int, person: str) -> Circle | None:
    """The circle of this cohort in which the person is now."""
    query = (
        select(Circle)
        .join(CircleMember, CircleMember.circle == Circle.id)
        .where(Circle.workspace == workspace, Circle.cohort == cohort, Circle.state != CircleState.ENDED)
        .where(CircleMember.person == person, CircleMember.left_at.is_(None))
    )
    return session.scalars(query).first()


def find_all_of(session: Session, workspace: str, person: str) -> list[Circle]:
    """Every circle in which the person is now."""
    query = (
        select(Circle)
        .join(CircleMember, CircleMember.circle == Circle.id)
        .where(Circle.workspace == workspace, Circle.state != CircleState.ENDED)
        .where(CircleMember.person == person, CircleMember.left_at.is_(None))
    )
    return list(session.scalars(query.order_by(Circle.id)))


def find_circles(session: Session, workspace: str, cohort: int) -> list[Circle]:
    """The circles of a cohort that go on."""
    query = select(Circle).where(
        Circle.workspace == workspace, Circle.cohort == cohort, Circle.state != CircleState.ENDED
    )
    return list(session.scalars(query.order_by(Circle.id)))


def find_pairs(session: Session, workspace: str, people: Iterable[str]) -> set[frozenset[str]]:
    """Who of these was ever in a circle with whom, in any programme."""
    wanted = sorted(set(people))
    mine = select(CircleMember.circle).where(
        CircleMember.workspace == workspace, CircleMember.person.in_(wanted)
    )
    query = select(CircleMember.circle, CircleMember.person).where(CircleMember.circle.in_(mine))
    circles: dict[int, list[str]] = {}
    for circle, person in session.execute(query):
        circles.setdefault(circle, []).append(person)
    return {frozenset(pair) for members in circles.values() for pair in combinations(members, 2)}


def find_unplaced(session: Session, workspace: str, cohort: int) -> list[Enrolment]:
    """Who wished for a circle of this cohort and is in none."""
    placed = (
        select(CircleMember.person)
        .join(Circle, Circle.id == CircleMember.circle)
        .where(Circle.cohort == cohort, CircleMember.left_at.is_(None))
    )
    query = select(Enrolment).where(
        Enrolment.workspace == workspace,
        Enrolment.cohort == cohort,
        Enrolment.wants_circle.is_(True),
        Enrolment.state != "left",
        Enrolment.person.not_in(placed),
    )
    return list(session.scalars(query.order_by(Enrolment.id)))


def find_enrolments(session: Session, circle: Circle, person: str) -> list[Enrolment]:
    """Somebody's place in the cohort that the circle comes from."""
    query = select(Enrolment).where(
        Enrolment.workspace == circle.workspace,
        Enrolment.cohort == circle.cohort,
        Enrolment.person == person,
    )
    return list(session.scalars(query))


def find_due_circles(session: Session, workspace: str, now: datetime, most: int) -> list[Circle]:
    """Circles for which a question or the end is due, nobody else working on them."""
    query = select(Circle).where(Circle.workspace == workspace, Circle.due_at <= now)
    return list(session.scalars(query.order_by(Circle.due_at).limit(most).with_for_update(skip_locked=True)))


def find_due_cohorts(session: Session, workspace: str, now: datetime, most: int) -> list[Cohort]:
    """Cohorts whose circles are to be formed now."""
    query = select(Cohort).where(Cohort.workspace == workspace, Cohort.circles_at <= now)
    return list(
        session.scalars(query.order_by(Cohort.circles_at).limit(most).with_for_update(skip_locked=True))
    )


def next_circle(session: Session, workspace: str) -> datetime | None:
    """When the next thing about circles is due."""
    circle = session.scalar(select(func.min(Circle.due_at)).where(Circle.workspace == workspace))
    cohort = session.scalar(select(func.min(Cohort.circles_at)).where(Cohort.workspace == workspace))
    return min((due for due in (circle, cohort) if due is not None), default=None)


def place(session: Session, circle: Circle, person: str, now: datetime) -> None:
    """The person is in the circle from now on."""
    known = session.get(CircleMember, (circle.id, person))
    if known is None:
        session.add(CircleMember(workspace=circle.workspace, circle=circle.id, person=person, joined_at=now))
    else:
        known.left_at = None
    session.flush()


def take_out(session: Session, circle: Circle, person: str, now: datetime) -> bool:
    """The person is in the circle no more; False when they were not."""
    known = session.get(CircleMember, (circle.id, person))
    if known is None or known.left_at is not None:
        return False
    known.left_at = now
    session.flush()
    return True


def store_week(
    session: Session, circle: Circle, question: int, person: str, met: bool, now: datetime
) -> None:
    """What a member said to "did you meet?"; the last word counts."""
    known = session.get(CircleWeek, (circle.id, question, person))
    if known is None:
        known = CircleWeek(workspace=circle.workspace, circle=circle.id, question=question, person=person)
        session.add(known)
    known.met, known.said_at = met, now
    session.flush()
