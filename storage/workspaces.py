"""A workspace: one Slack team, and what we need to speak in it."""

from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, SlackId, Words


class Workspace(Base):
    """One Slack team that the app is installed in, or whose export was imported."""

    __tablename__ = "workspaces"

    id: Mapped[SlackId] = mapped_column(primary_key=True)
    enterprise: Mapped[SlackId | None]
    name: Mapped[Name] = mapped_column(default="")
    url: Mapped[Words] = mapped_column(default="")
    bot_user: Mapped[SlackId | None]
    bot_id: Mapped[SlackId | None]
    app_id: Mapped[SlackId | None]
    token: Mapped[Words | None]  # encrypted; empty for the workspace whose token is in the environment
    scopes: Mapped[Words] = mapped_column(default="")
    installed_by: Mapped[SlackId | None]
    installed_at: Mapped[Instant | None]
    uninstalled_at: Mapped[Instant | None]
    heard_at: Mapped[Instant | None]  # the last moment at which we are sure to have listened


def find_workspace(session: Session, workspace: str) -> Workspace | None:
    """The workspace with this id, if we know it."""
    return session.get(Workspace, workspace)


def get_workspace(session: Session, workspace: str) -> Workspace:
    """The workspace with this id; raises LookupError."""
    found = session.get(Workspace, workspace)
    if found is None:
        raise LookupError(workspace)
    return found


def find_workspaces(session: Session) -> list[Workspace]:
    """Every workspace that is still installed or was imported, oldest id first."""
    query = select(Workspace).where(Workspace.uninstalled_at.is_(None)).order_by(Workspace.id)
    return list(session.scalars(query))


def remember_listening(session: Session, workspace: str, now: datetime) -> None:
    """We are listening at `now`; catch-up begins from here after a downtime."""
    get_workspace(session, workspace).heard_at = now


def find_last_heard(session: Session) -> datetime | None:
    """The latest moment at which some process listened, for any workspace."""
    return session.scalar(select(func.max(Workspace.heard_at)))
