"""Attention: every message the app wished to start, and whether it was said, waits, went into a note or was dropped."""

from datetime import date, datetime
from enum import StrEnum

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, delete, func, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Day, Instant, Json, Name, RowId, SlackId, Words, in_workspace, of_person

MOST_AT_ONCE = 200  # rows that one tick takes


class Standing(StrEnum):
    """What became of a message that the app wished to start."""

    SAID = "said"
    WAITING = "waiting"  # for room, or for the end of a pause or leave
    NOTED = "noted"  # a line of the next morning note
    LISTED = "listed"  # was such a line
    DROPPED = "dropped"


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
    letter: Mapped[
        Json | None
    ]  # "row": the letter that the outbox keeps until it may go; "asked_by": who asked
    state: Mapped[Name]  # Standing
    why: Mapped[Words] = mapped_column(default="", server_default="")
    wished_at: Mapped[Instant]
    said_on: Mapped[Day | None]  # the day where the person lives
    due_at: Mapped[Instant | None]  # when a waiting one is looked at again
    not_after: Mapped[Instant | None]  # later it makes no sense any more


class MorningNote(Base):
    """When somebody's next morning note is due, the day of the last, and what was in it."""

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
    said: Mapped[Json] = mapped_column(default=list, server_default="[]")  # the last note's lines, as digests
    news_on: Mapped[Day | None]  # the day of the last note that said something new


def find_started(session: Session, workspace: str, once: str) -> StartedMessage | None:
    """What was decided about this message."""
    query = select(StartedMessage).where(StartedMessage.workspace == workspace, StartedMessage.once == once)
    return session.scalars(query).first()


def count_said(session: Session, workspace: str, person: str, since: date) -> dict[date, int]:
    """How many messages the app started on each day from `since` on."""
    query = (
        select(StartedMessage.said_on, func.count().label("number"))
        .where(
            StartedMessage.workspace == workspace,
            StartedMessage.person == person,
            StartedMessage.state == Standing.SAID,
            StartedMessage.said_on >= since,
        )
        .group_by(StartedMessage.said_on)
    )
    return {row.said_on: row.number for row in session.execute(query)}


def count_said_of(session: Session, workspace: str, person: str, urgency: str, day: date) -> int:
    """How many of this urgency were started on a day."""
    query = select(func.count()).where(
        StartedMessage.workspace == workspace,
        StartedMessage.person == person,
        StartedMessage.state == Standing.SAID,
        StartedMessage.said_on == day,
        StartedMessage.urgency == urgency,
    )
    return session.scalar(query) or 0


def find_in(session: Session, workspace: str, person: str, *states: Standing) -> list[StartedMessage]:
    """This person's messages in these states, in the order in which they were wished."""
    query = select(StartedMessage).where(
        StartedMessage.workspace == workspace,
        StartedMessage.person == person,
        StartedMessage.state.in_(states),
    )
    return list(session.scalars(query.order_by(StartedMessage.id)))


def find_held_since(session: Session, workspace: str, person: str, since: datetime) -> list[StartedMessage]:
    """What waits, was noted or was dropped since then, the newest first."""
    held = (Standing.WAITING, Standing.NOTED, Standing.LISTED, Standing.DROPPED)
    query = select(StartedMessage).where(
        StartedMessage.workspace == workspace,
        StartedMessage.person == person,
        StartedMessage.state.in_(held),
        StartedMessage.wished_at >= since,
    )
    return list(session.scalars(query.order_by(StartedMessage.id.desc())))


def find_to_look_at(session: Session, workspace: str, now: datetime) -> list[StartedMessage]:
    """Waiting messages that are to be looked at again, the earliest first."""
    query = select(StartedMessage).where(StartedMessage.workspace == workspace, StartedMessage.due_at <= now)
    return list(session.scalars(query.order_by(StartedMessage.due_at, StartedMessage.id).limit(MOST_AT_ONCE)))


def next_look(session: Session, workspace: str) -> datetime | None:
    """When the next waiting message is looked at."""
    return session.scalar(
        select(func.min(StartedMessage.due_at)).where(StartedMessage.workspace == workspace)
    )


def forget_attention(session: Session, workspace: str, person: str) -> None:
    """Forget what was or would be said to this person; that something was, and when, stays for the count."""
    here = (StartedMessage.workspace == workspace, StartedMessage.person == person)
    session.execute(update(StartedMessage).where(*here).values(line="", letter=None))
    waiting = StartedMessage.state.in_((Standing.WAITING, Standing.NOTED))
    session.execute(delete(StartedMessage).where(*here, waiting))
    note = (MorningNote.workspace == workspace, MorningNote.person == person)
    session.execute(delete(MorningNote).where(*note))
