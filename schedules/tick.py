"""The tick: do what is due; the database decides what that is, so a missed tick only means a later one."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from schedules import SCHEDULES, Schedule
from storage.session import Session

RHYTHM_SECONDS = 20


@dataclass(frozen=True, slots=True)
class Tick:
    """It is time to look what is due in one workspace."""

    workspace: str


def rule_for(schedule: Schedule) -> Callable[[Session, Tick, datetime], bool | None]:
    """The rule that does what of this schedule is due by `now`; True when there is more."""

    def run_due(session: Session, tick: Tick, now: datetime) -> bool | None:
        return schedule.run_due(session, tick.workspace, now)

    return run_due


def next_due(session: Session, workspace: str) -> datetime | None:
    """The earliest instant at which something will be due in this workspace."""
    due = [schedule.next_due(session, workspace) for schedule in SCHEDULES]
    return min((instant for instant in due if instant is not None), default=None)
