"""The tick: do what is due; the database decides what that is, so a missed tick only means a later one."""

from dataclasses import dataclass
from datetime import datetime

from schedules import SCHEDULES
from storage.session import Session

RHYTHM_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Tick:
    """It is time to look what is due in one workspace."""

    workspace: str


def run_due(session: Session, tick: Tick, now: datetime) -> None:
    """Do everything that is due by `now`; safe to repeat."""
    for schedule in SCHEDULES:
        schedule.run_due(session, tick.workspace, now)


def next_due(session: Session, workspace: str) -> datetime | None:
    """The earliest instant at which something will be due in this workspace."""
    due = [schedule.next_due(session, workspace) for schedule in SCHEDULES]
    return min((instant for instant in due if instant is not None), default=None)
