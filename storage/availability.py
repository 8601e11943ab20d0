"""Availability: the days on which somebody is away, as their Slack status or their own settings say."""

from sqlalchemy import Index
from sqlalchemy.orm import Mapped

from storage.base import Base, Day, Instant, Name, RowId, SlackId, SlackTs, in_workspace, of_person


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
    source: Mapped[Name]  # "status" or "own"
    first_on: Mapped[Day]
    last_on: Mapped[Day | None]
    heard_ts: Mapped[SlackTs | None]  # the event that told it
    noted_at: Mapped[Instant]
