"""The weekly reflection comes, and what was written to the app and not decided about is forgotten."""

from datetime import datetime

from bot.rules import journal_choice, journal_reflection
from storage.check_ins_reflections import next_reflection
from storage.session import Session


def send_reflections(session: Session, workspace: str, now: datetime) -> bool:
    """Ask what is due."""
    return journal_reflection.send_due(session, workspace, now)


def next_due_reflection(session: Session, workspace: str) -> datetime | None:
    """When the next one is due."""
    return next_reflection(session, workspace)


def forget_undecided(session: Session, workspace: str, now: datetime) -> None:
    """Forget what nobody decided about for a day."""
    journal_choice.lapse(session, workspace, now)


def next_forgetting(session: Session, workspace: str) -> datetime | None:
    """When the next one is forgotten."""
    return journal_choice.next_lapse(session, workspace)
