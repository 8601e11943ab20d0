"""What comes due about circles: forming them, their weekly questions, their end."""

from datetime import datetime

from bot.rules import circles
from storage.circles import next_circle
from storage.session import Session


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do what is due now; True when some is left for another transaction."""
    return circles.run_due(session, workspace, now)


def next_due(session: Session, workspace: str) -> datetime | None:
    """When the next thing is due."""
    return next_circle(session, workspace)
