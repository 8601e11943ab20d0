"""Managers: who manages whom, from which source, since when and until when; nothing is overwritten."""

from enum import StrEnum

from sqlalchemy import Index, select, text
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, RowId, SlackId, in_workspace, of_person

_STANDING = text("until IS NULL")


class Source(StrEnum):
    """Who says so; the first beats the second, and so on."""

    ROSTER = "roster"  # a list that an admin or an HR system gave
    FIELD = "field"  # a field of the Slack profile
    WORD = "word"  # the person's own word, with the manager's yes
    ASKED = "asked"  # the person's own word, which the manager has not answered; counts for nothing


STRENGTH = tuple(Source)


class Management(Base):
    """One person was (or is) the manager of another, as one source says; `until` is empty while it says so."""

    __tablename__ = "managements"
    __table_args__ = (
        in_workspace(),
        of_person(),
        of_person("manager"),
        Index(
            "one_manager_per_source",
            "workspace",
            "person",
            "source",
            unique=True,
            sqlite_where=_STANDING,
            postgresql_where=_STANDING,
        ),
        Index("ix_managements_manager", "workspace", "manager"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    person: Mapped[SlackId]
    manager: Mapped[SlackId]
    source: Mapped[Name]  # Source
    agreed: Mapped[bool] = mapped_column(default=True)  # what only the person says needs the manager's yes
    since: Mapped[Instant]
    until: Mapped[Instant | None]
    told_by: Mapped[SlackId | None]


def find_standing(session: Session, workspace: str, person: str) -> list[Management]:
    """What the sources say now about this person's manager, the strongest first, agreed or not."""
    query = select(Management).where(
        Management.workspace == workspace, Management.person == person, Management.until.is_(None)
    )
    return sorted(session.scalars(query), key=lambda row: STRENGTH.index(Source(row.source)))


def find_standing_of(session: Session, workspace: str, manager: str) -> list[Management]:
    """Where a source says now that this person is the manager, agreed or not."""
    query = select(Management).where(
        Management.workspace == workspace, Management.manager == manager, Management.until.is_(None)
    )
    return list(session.scalars(query.order_by(Management.person, Management.id)))


def find_history(session: Session, workspace: str, person: str) -> list[Management]:
    """Who was said to manage this person, from the first on."""
    query = select(Management).where(Management.workspace == workspace, Management.person == person)
    return list(session.scalars(query.order_by(Management.since, Management.id)))


def find_management(session: Session, workspace: str, management: int) -> Management | None:
    """One of these rows."""
    found = session.get(Management, management)
    return found if found is not None and found.workspace == workspace else None
