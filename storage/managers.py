"""Managers: who manages whom, from which source, since when and until when; nothing is overwritten."""

from sqlalchemy import Index, text
from sqlalchemy.orm import Mapped, mapped_column

from storage.base import Base, Instant, Name, RowId, SlackId, in_workspace, of_person

_STANDING = text("until IS NULL")


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
    source: Mapped[Name]
    agreed: Mapped[bool] = mapped_column(default=True)  # what only the person says needs the manager's yes
    since: Mapped[Instant]
    until: Mapped[Instant | None]
    told_by: Mapped[SlackId | None]
