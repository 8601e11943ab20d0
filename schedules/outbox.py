"""The outbox forgets what nothing will ask for any more."""

from datetime import datetime

from storage.outbox_forgetting import forget_letters
from storage.session import Session

NEVER = None


def forget(session: Session, workspace: str, now: datetime) -> None:
    """Drop some of what was said long ago."""
    forget_letters(session, workspace, now)


def next_forgetting(session: Session, workspace: str) -> datetime | None:
    """Nobody waits for this, so it never keeps the clock."""
    del session, workspace
    return NEVER
