"""The inbox: which commands, presses and forms were already heard, and the facts that failed for a reason of ours."""

from datetime import datetime, timedelta

from sqlalchemy import Index, PrimaryKeyConstraint, delete, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, SlackId, Words, in_workspace
from storage.bulk import insert_or_ignore

KEEP_SEEN = timedelta(hours=26)  # Slack's longest retry plan is 24 hours
KEEP_FAILED = timedelta(days=7)


class Seen(Base):
    """A key that was heard; its presence is the proof, messages and reactions have a natural one and need none."""

    __tablename__ = "inbox"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "key", name="heard_once"),
        in_workspace(),
        Index("ix_inbox_seen_at", "seen_at"),
    )

    workspace: Mapped[SlackId]
    key: Mapped[Name]
    seen_at: Mapped[Instant]


class FailedFact(Base):
    """A fact that our own code could not take in, encrypted; `replay` runs it again."""

    __tablename__ = "failed_facts"
    __table_args__ = (in_workspace(),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[SlackId]
    rule: Mapped[Name]
    fact: Mapped[Words]
    error: Mapped[Words]
    failed_at: Mapped[Instant]
    whose: Mapped[SlackId | None]  # the person whose words it holds
    wordless: Mapped[Words | None]  # the same fact without these words, for when that person is left out


def heard_before(session: Session, workspace: str, key: str, now: datetime) -> bool:
    """Note that `key` was heard, and tell whether it had been heard before."""
    row = {"workspace": workspace, "key": key, "seen_at": now}
    added = session.execute(insert_or_ignore(session, Seen).values(row).returning(Seen.key))
    return added.first() is None


def was_heard(session: Session, workspace: str, key: str) -> bool:
    """Whether `key` was heard, without noting anything."""
    return session.get(Seen, (workspace, key)) is not None


def forget_old(session: Session, workspace: str, now: datetime) -> None:
    """Drop the workspace's keys older than 26 hours and failed facts older than 7 days."""
    session.execute(delete(Seen).where(Seen.workspace == workspace, Seen.seen_at < now - KEEP_SEEN))
    session.execute(
        delete(FailedFact).where(FailedFact.workspace == workspace, FailedFact.failed_at < now - KEEP_FAILED)
    )


def blank_failed(session: Session, workspace: str, person: str) -> None:
    """Of what failed and holds this person's words, keep the ids only: `replay` can still take those in."""
    theirs = update(FailedFact).where(
        FailedFact.workspace == workspace, FailedFact.whose == person, FailedFact.wordless.is_not(None)
    )
    session.execute(theirs.values(fact=FailedFact.wordless, wordless=None))


def find_failed(session: Session) -> list[FailedFact]:
    """The facts that failed, oldest first."""
    return list(session.scalars(select(FailedFact).order_by(FailedFact.id)))


def forget_failed(session: Session, fact: int) -> None:
    """This failed fact was taken in after all."""
    session.execute(delete(FailedFact).where(FailedFact.id == fact))
