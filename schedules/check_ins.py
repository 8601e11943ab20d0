"""Check-ins come at their persons' hours, are reminded of, and pause themselves when nobody answers."""

from datetime import datetime

from bot.rules import check_in_sending
from storage.check_ins import next_check_in
from storage.session import Session


def send_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do some of what is due; whether there may be more."""
    return check_in_sending.send_due(session, workspace, now)


def next_due(session: Session, workspace: str) -> datetime | None:
    """When the next check-in or reminder is due."""
    return next_check_in(session, workspace)
