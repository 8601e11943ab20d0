"""Programmes: goals are asked for a week before, weeks told in their space, ends come, each at its person's hour."""

from datetime import datetime

from bot.rules import programmes_due, programmes_weeks
from storage.programmes_finding import next_enrolment_due, next_week_due
from storage.session import Session


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do some of what is due; whether there may be more."""
    return programmes_due.run_due(session, workspace, now)


def next_due(session: Session, workspace: str) -> datetime | None:
    """When the next goal is asked for, or the next programme ends for somebody."""
    return next_enrolment_due(session, workspace)


def run_weeks(session: Session, workspace: str, now: datetime) -> bool:
    """Tell some of the spaces whose week has begun; whether there may be more."""
    return programmes_weeks.run_due(session, workspace, now)


def next_week(session: Session, workspace: str) -> datetime | None:
    """When the next space is told of a week."""
    return next_week_due(session, workspace)
