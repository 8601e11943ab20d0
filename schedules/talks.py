"""What comes due about talks: asking for one, looking for an answer, asking how it went."""

from datetime import datetime

from bot.rules import talks
from storage.session import Session
from storage.talks import next_talk


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do what is due now; True when some is left for another transaction."""
    return talks.run_due(session, workspace, now)


def next_due(session: Session, workspace: str) -> datetime | None:
    """When the next thing is due."""
    return next_talk(session, workspace)
