"""Settings of a workspace and of each person, by key; what is not stored has its default in the rules."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy import PrimaryKeyConstraint, select
from sqlalchemy.orm import Mapped, Session

from storage.base import Base, Json, Name, SlackId, in_workspace

_REMEMBERED = "settings"
WORKSPACE = ""  # the owner of a setting that holds for everybody


class Setting(Base):
    """One choice that differs from its default."""

    __tablename__ = "settings"
    __table_args__ = (PrimaryKeyConstraint("workspace", "owner", "key"), in_workspace())

    workspace: Mapped[SlackId]
    owner: Mapped[SlackId]
    key: Mapped[Name]
    value: Mapped[Json]


def read_settings(session: Session, workspace: str, owner: str = WORKSPACE) -> dict[str, Any]:
    """All choices of this owner that differ from their defaults."""
    remembered: dict[tuple[str, str], dict[str, Any]] = session.info.get(_REMEMBERED, {})
    if (workspace, owner) not in remembered:
        query = select(Setting.key, Setting.value).where(
            Setting.workspace == workspace, Setting.owner == owner
        )
        remembered[workspace, owner] = {row.key: row.value for row in session.execute(query)}
    return dict(remembered[workspace, owner])


@contextmanager
def remembering(session: Session) -> Iterator[None]:
    """Read each owner's settings once in what follows: for work on many people whose locks are held."""
    session.info[_REMEMBERED] = {}
    try:
        yield
    finally:
        del session.info[_REMEMBERED]


def store_setting(session: Session, workspace: str, owner: str, key: str, value: object) -> None:
    """Keep a choice; None puts the default back."""
    session.info.get(_REMEMBERED, {}).pop((workspace, owner), None)
    kept = session.get(Setting, (workspace, owner, key))
    if value is None:
        if kept is not None:
            session.delete(kept)
    elif kept is None:
        session.add(Setting(workspace=workspace, owner=owner, key=key, value=value))
    else:
        kept.value = value
