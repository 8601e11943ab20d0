"""What the budget held back is looked at again, and morning notes are written, each at its person's hour."""

from datetime import datetime

from bot.rules import held_back, notes, replanning
from storage.attention import next_look
from storage.notes import AWAKE, next_note
from storage.session import Session


def look_again(session: Session, workspace: str, now: datetime) -> None:
    """Say what waited and has room now."""
    held_back.look_again(session, workspace, now)


def next_waiting(session: Session, workspace: str) -> datetime | None:
    """When the next message that waits is looked at."""
    return next_look(session, workspace)


def write_notes(session: Session, workspace: str, now: datetime) -> None:
    """Write the morning notes that are due."""
    notes.write_due(session, workspace, now)


def next_morning(session: Session, workspace: str) -> datetime | None:
    """When the next morning note is due."""
    return next_note(session, workspace)


def plan_again(session: Session, workspace: str, now: datetime) -> None:
    """Plan anew for some of everybody, after the working week or the holidays of all changed."""
    replanning.plan_some_again(session, workspace, now)


def next_planning(session: Session, workspace: str) -> datetime | None:
    """At once, while some people are still to come."""
    return AWAKE if replanning.is_under_way(session, workspace) else None
