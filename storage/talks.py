"""Talks: the dated conversation between learner and manager about chosen entries."""

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Index, PrimaryKeyConstraint, UniqueConstraint, delete, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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
from storage.programmes import Enrolment


class TalkState(StrEnum):
    """Where a talk stands."""

    PLANNED = "planned"  # its day to ask has not come
    ASKED = "asked"  # the learner may offer times
    OFFERED = "offered"  # one of the two offered times, the other chooses
    AGREED = "agreed"
    HELD = "held"
    NOT_NEEDED = "not_needed"
    LAPSED = "lapsed"  # nobody came back to it
    CALLED_OFF = "called_off"  # the learner left the programme


WITH_BRIEF = (TalkState.AGREED, TalkState.HELD)


class Said(StrEnum):
    """What somebody says about how it went."""

    HAPPENED = "happened"
    MOVED = "moved"
    NOT_NEEDED = "not_needed"


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
    state: Mapped[Name]  # TalkState
    offers: Mapped[Json]  # instants in ISO form, at most three
    offered_by: Mapped[SlackId | None]
    offered_at: Mapped[Instant | None]
    starts_at: Mapped[Instant | None]
    minutes: Mapped[int] = mapped_column(default=30, server_default="30")
    uid: Mapped[Name]  # of the calendar event, for good
    sequence: Mapped[int] = mapped_column(default=0, server_default="0")
    due_at: Mapped[Instant | None]  # when to ask, to remind, or to ask whether it happened
    learner_said: Mapped[Name | None]  # Said
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


def get_talk(session: Session, workspace: str, talk: int) -> Talk | None:
    """The talk of this workspace with this number."""
    found = session.get(Talk, talk)
    return found if found is not None and found.workspace == workspace else None


def lock_talk(session: Session, workspace: str, talk: int) -> Talk | None:
    """The same, for whoever will change it: two people may press at the same moment."""
    query = select(Talk).where(Talk.workspace == workspace, Talk.id == talk).with_for_update()
    return session.scalars(query.execution_options(populate_existing=True)).first()


def find_talk_of(session: Session, workspace: str, enrolment: int) -> Talk | None:
    """The talk that belongs to somebody's time in a programme."""
    query = select(Talk).where(Talk.workspace == workspace, Talk.enrolment == enrolment)
    return session.scalars(query).first()


def find_due_talks(session: Session, workspace: str, now: datetime, most: int) -> list[Talk]:
    """Talks for which something is due, the longest waiting first, nobody else working on them."""
    query = select(Talk).where(Talk.workspace == workspace, Talk.due_at <= now)
    return list(
        session.scalars(query.order_by(Talk.due_at, Talk.id).limit(most).with_for_update(skip_locked=True))
    )


def next_talk(session: Session, workspace: str) -> datetime | None:
    """When the next thing about a talk is due."""
    return session.scalar(select(func.min(Talk.due_at)).where(Talk.workspace == workspace))


def find_talks_of(session: Session, workspace: str, person: str, states: Iterable[TalkState]) -> list[Talk]:
    """The talks that this person is part of, in these states; the next one first."""
    query = select(Talk).where(
        Talk.workspace == workspace,
        or_(Talk.learner == person, Talk.manager == person),
        Talk.state.in_([state.value for state in states]),
    )
    return list(session.scalars(query.order_by(Talk.starts_at, Talk.id)))


def choose_entries(session: Session, talk: Talk, entries: Iterable[int]) -> None:
    """Bring exactly these entries to the talk."""
    session.execute(delete(TalkEntry).where(TalkEntry.talk == talk.id))
    rows = [TalkEntry(workspace=talk.workspace, talk=talk.id, entry=entry) for entry in entries]
    session.add_all(rows)
    session.flush()


def chosen_entries(session: Session, talk: Talk) -> list[int]:
    """The entries that the learner brings."""
    query = select(TalkEntry.entry).where(TalkEntry.workspace == talk.workspace, TalkEntry.talk == talk.id)
    return list(session.scalars(query.order_by(TalkEntry.entry)))


def is_brought_to(session: Session, workspace: str, entry: int, reader: str) -> bool:
    """Whether the entry is part of the brief of a talk with this person that is still on or was held."""
    query = (
        select(TalkEntry.entry)
        .join(Talk, Talk.id == TalkEntry.talk)
        .where(TalkEntry.workspace == workspace, TalkEntry.entry == entry, Talk.manager == reader)
        .where(Talk.state.in_([state.value for state in WITH_BRIEF]))
    )
    return session.scalar(query.limit(1)) is not None


def find_talks_with(session: Session, workspace: str, entry: int) -> list[Talk]:
    """The talks, still on or held, to which this entry is brought."""
    query = (
        select(Talk)
        .join(TalkEntry, TalkEntry.talk == Talk.id)
        .where(TalkEntry.workspace == workspace, TalkEntry.entry == entry)
        .where(Talk.state.in_([state.value for state in WITH_BRIEF]))
    )
    return list(session.scalars(query.order_by(Talk.id)))


def find_brought_by(session: Session, workspace: str, learner: str) -> list[int]:
    """The entries that this person brings to any talk."""
    query = select(TalkEntry.entry).join(Talk, Talk.id == TalkEntry.talk)
    return list(session.scalars(query.where(TalkEntry.workspace == workspace, Talk.learner == learner)))


def stop_bringing(session: Session, talk: Talk, entry: int) -> None:
    """The entry is not brought to this talk any more."""
    session.execute(delete(TalkEntry).where(TalkEntry.talk == talk.id, TalkEntry.entry == entry))


def stop_bringing_to(session: Session, workspace: str, manager: str) -> list[int]:
    """Nothing is brought to talks with this person any more; returns the entries that were."""
    talks = select(Talk.id).where(Talk.workspace == workspace, Talk.manager == manager)
    brought = list(session.scalars(select(TalkEntry.entry).where(TalkEntry.talk.in_(talks))))
    session.execute(delete(TalkEntry).where(TalkEntry.talk.in_(talks)))
    return brought


def count_talks(session: Session, workspace: str, cohort: int, state: TalkState) -> int:
    """How many talks of a cohort stand like this."""
    query = (
        select(func.count())
        .select_from(Talk)
        .join(Enrolment, Enrolment.id == Talk.enrolment)
        .where(Talk.workspace == workspace, Enrolment.cohort == cohort, Talk.state == state.value)
    )
    return session.scalar(query) or 0
