"""What is due in plans: taken in small portions, each step once, what was missed while we were down not piled up."""

from collections.abc import Callable
from datetime import datetime
from itertools import groupby

from bot.rules.plans import send_reminder, stop_clock
from bot.rules.plans_closing import ask_closing, expire
from bot.rules.plans_items import close_item, warn
from bot.rules.plans_people import nudge
from bot.rules.plans_weeks import ask_week
from storage.plans import RUNNING, Item, ItemState, ItemStep, Plan, PlanState, PlanStep
from storage.plans_due import find_due_items, find_due_plans
from storage.session import Session

AT_ONCE = 25  # a fifth of a second: so long events that come meanwhile wait

_INVITED, _ACTIVE, _CLOSING = (PlanState.INVITED,), (PlanState.ACTIVE,), (PlanState.CLOSING,)
# What a step does, and in which states of the plan it still makes sense.
_STEPS: dict[str, tuple[tuple[PlanState, ...], Callable[[Session, Plan, datetime], None]]] = {
    PlanStep.REMIND: (_INVITED, send_reminder),
    PlanStep.WEEK: (_ACTIVE, ask_week),
    PlanStep.ASK_CLOSING: (_ACTIVE, ask_closing),
    PlanStep.EXPIRE: (_CLOSING, expire),
}


def run_plans(session: Session, workspace: str, now: datetime) -> bool:
    """Take the next step of the plans whose time has come; True when there are more."""
    due = find_due_plans(session, workspace, now, AT_ONCE)
    for plan in due:
        states, take = _STEPS.get(plan.step, ((), _nothing))
        if plan.state in states:
            take(session, plan, now)
        else:
            stop_clock(plan)
        session.flush()
    return len(due) == AT_ONCE


def run_items(session: Session, workspace: str, now: datetime) -> bool:
    """Take the next step of the items whose time has come; True when there are more.

    Those of one plan that close soon are one message.
    """
    due = find_due_items(session, workspace, now, AT_ONCE)
    for _, rows in groupby(sorted(due, key=lambda row: row[0].id), key=lambda row: row[0].id):
        pairs = list(rows)
        _run_items_of(session, pairs[0][0], [item for _, item in pairs], now)
    return len(due) == AT_ONCE


def _run_items_of(session: Session, plan: Plan, items: list[Item], now: datetime) -> None:
    waiting = [item for item in items if item.state == ItemState.OPEN and plan.state in RUNNING]
    for item in items:
        if item not in waiting:
            item.step, item.due_at = ItemStep.NOTHING, None
    closing = [item for item in waiting if item.step == ItemStep.CLOSE]
    warned = [item for item in waiting if item.step == ItemStep.WARN]
    for item in waiting:
        if item.step == ItemStep.NUDGE:
            nudge(session, plan, item, now)
    if warned:
        warn(session, plan, warned, now)
    for item in closing:
        close_item(session, plan, item, now)
    session.flush()


def _nothing(session: Session, plan: Plan, now: datetime) -> None:
    del session, plan, now
