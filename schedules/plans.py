"""What comes due in plans: invitations, weekly taps, closings; nudges to helpers, and items a month past their day."""

from datetime import datetime

from bot.rules import plans_due
from storage.plans_due import next_item_due, next_plan_due
from storage.session import Session


def run_plans(session: Session, workspace: str, now: datetime) -> bool:
    """Invite, remind, ask how the week went, ask for the last look, close."""
    return plans_due.run_plans(session, workspace, now)


def next_plan(session: Session, workspace: str) -> datetime | None:
    """When the next of these comes."""
    return next_plan_due(session, workspace)


def run_items(session: Session, workspace: str, now: datetime) -> bool:
    """Nudge helpers, and close what is long past its day, after a word."""
    return plans_due.run_items(session, workspace, now)


def next_item(session: Session, workspace: str) -> datetime | None:
    """When the next of these comes."""
    return next_item_due(session, workspace)
