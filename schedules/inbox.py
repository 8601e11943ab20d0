"""The inbox forgets what Slack will not deliver again."""

from datetime import datetime

from storage.inbox import forget_old
from storage.session import Session

NEVER = None


def forget(session: Session, workspace: str, now: datetime) -> None:
    """Drop what is too old to come again."""
    forget_old(session, workspace, now)


def next_forgetting(session: Session, workspace: str) -> datetime | None:
    """Nobody waits for this, so it never keeps the clock."""
    del session, workspace
    return NEVER
