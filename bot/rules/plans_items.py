"""Items of a plan: done, not done after all, kept another month, let go, closed kindly a month past their day."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks import plans as blocks
from bot.rules.availability import calendar_of
from bot.rules.choices import read_choices
from bot.rules.plans import own_item, plan_next_week, title_of
from bot.rules.plans_calendar import WARN_BEFORE, day_before, end_of, moved
from bot.rules.plans_letters import Said, mention, redraw, remind, stale_home
from storage.plans import (
    RUNNING,
    HelpState,
    Item,
    ItemState,
    ItemStep,
    Plan,
    PlanState,
    PlanStep,
    find_items,
    find_running_of,
)
from storage.plans_due import find_nudges_of
from storage.sealing import seal
from storage.session import Session

AT_LEAST = timedelta(days=7)  # that an item taken up again stays open


@dataclass(frozen=True, slots=True)
class Step:
    """A person does something with an item of their own plan."""

    workspace: str
    person: str
    item: int


@dataclass(frozen=True, slots=True)
class Done:
    """An item is done, with a line or a file if the person likes."""

    workspace: str
    person: str
    item: int
    line: str = ""
    file: str | None = None


def record_done(session: Session, done: Done, now: datetime) -> Plan:
    """The item is done, on the person's own word; doing it twice keeps the newer line. Raises as `own_item` does."""
    plan, item = own_item(session, done.workspace, done.person, done.item)
    if item.state != ItemState.DONE:
        item.state, item.done_at = ItemState.DONE, now
    if done.line:
        item.sealed_evidence = seal(session, plan.workspace, done.line)
    item.evidence_file = done.file or item.evidence_file
    _changed(session, plan, item, now)
    return plan


def take_up_again(session: Session, step: Step, now: datetime) -> Plan:
    """The item is open again; what was given as evidence stays with it. Raises as `own_item` does."""
    plan, item = own_item(session, step.workspace, step.person, step.item)
    if item.state != ItemState.OPEN:
        today = calendar_of(session, plan.workspace, plan.person, now).today(now)
        item.state, item.done_at = ItemState.OPEN, None
        item.due_on = max(item.due_on, min(today + AT_LEAST, plan.ends_on))
        _changed(session, plan, item, now)
    return plan


def give_another_month(session: Session, step: Step, now: datetime) -> Plan:
    """The item stays, due a month from today or at the plan's end; pressed twice on a day it changes nothing."""
    plan, item = own_item(session, step.workspace, step.person, step.item)
    today = calendar_of(session, plan.workspace, plan.person, now).today(now)
    item.due_on = max(item.due_on, min(today + _days(session, plan), plan.ends_on))
    item.state = ItemState.OPEN if item.state == ItemState.CLOSED else item.state
    _changed(session, plan, item, now)
    return plan


def let_go(session: Session, step: Step, now: datetime) -> Plan:
    """The person no longer wants the item: it closes, and nobody is told. Raises as `own_item` does."""
    plan, item = own_item(session, step.workspace, step.person, step.item)
    if item.state == ItemState.OPEN:
        item.state = ItemState.CLOSED
        _changed(session, plan, item, now)
    return plan


def _changed(session: Session, plan: Plan, item: Item, now: datetime) -> None:
    item.step = ItemStep.NOTHING
    schedule_item(session, plan, item, now)
    settle_plan(session, plan, now)
    show_on_cards(session, plan, now)
    for person in {plan.person, item.helper} - {None}:
        stale_home(session, plan.workspace, str(person), now)
    session.flush()


def schedule_item(session: Session, plan: Plan, item: Item, now: datetime) -> None:
    """What comes next for this item: the nudge to its helper, the word that it closes soon, the closing."""
    if item.state != ItemState.OPEN or plan.state not in RUNNING:
        item.step, item.due_at = ItemStep.NOTHING, None
        return
    nudge = _nudge_at(session, plan, item, now)
    if nudge is not None:
        item.step, item.due_at = ItemStep.NUDGE, nudge
        return
    if item.step == ItemStep.CLOSE and item.due_at is not None:
        return  # its person was told the day, and it stays that day
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    warns = calendar.at(calendar.next_working_day(closes_on(session, plan, item) - WARN_BEFORE))
    item.step, item.due_at = ItemStep.WARN, max(warns, now)


def _nudge_at(session: Session, plan: Plan, item: Item, now: datetime) -> datetime | None:
    """When to nudge the helper; never twice for one due date, nor when the day before has passed already."""
    if item.helper is None or item.helper_state != HelpState.ACCEPTED or item.nudged_for == item.due_on:
        return None
    calendar = calendar_of(session, plan.workspace, item.helper, now, heeds_pause=False)
    day = day_before(calendar, item.due_on)
    due = calendar.at(day) if day is not None else None
    return due if due is not None and due > now else None


def closes_on(session: Session, plan: Plan, item: Item) -> date:
    """The day on which the item closes by itself."""
    return item.due_on + _days(session, plan)


def _days(session: Session, plan: Plan) -> timedelta:
    return timedelta(days=read_choices(session, plan.workspace).item_days)


def settle_plan(session: Session, plan: Plan, now: datetime) -> None:
    """With nothing open any more the plan comes to its closing; with something open again it goes on."""
    session.flush()
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    waits = any(item.state == ItemState.OPEN for item in find_items(session, plan))
    over = calendar.today(now) >= plan.ends_on
    if plan.state == PlanState.ACTIVE and not waits:
        plan.step, plan.due_at = PlanStep.ASK_CLOSING, calendar.next_time(now)
    elif waits and not over and (plan.state == PlanState.CLOSING or plan.step == PlanStep.ASK_CLOSING):
        plan.state = PlanState.ACTIVE
        plan_next_week(session, plan, calendar, now, skip=1)


def warn(session: Session, plan: Plan, items: Sequence[Item], now: datetime) -> None:
    """Say once that these items close soon, in one message; each then has its week."""
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    earliest = calendar.today(now) + WARN_BEFORE
    for item in items:
        item.step = ItemStep.CLOSE
        closes = calendar.next_working_day(max(closes_on(session, plan, item), earliest))
        item.due_at = calendar.at(closes)
    session.flush()
    last = max(item.due_at for item in items if item.due_at is not None)
    once = f"plan_warn:{items[0].id}:{items[0].due_on.isoformat()}"
    line = blocks.WARN_LINE.format(item=thing_of(items[0]).words)
    said = Said(plan.person, once, line, _warning(session, plan, items, now), about_warning(plan))
    remind(session, plan.workspace, said, now, not_after=end_of(calendar, calendar.today(last)))


def close_item(session: Session, plan: Plan, item: Item, now: datetime) -> None:
    """A month past its day: closed kindly, with a line in the morning note."""
    item.state = ItemState.CLOSED
    line = blocks.CLOSED_LINE.format(item=thing_of(item).words)
    mention(session, plan.workspace, plan.person, f"plan_closed:{item.id}:{item.due_on}", line, now, by=None)
    _changed(session, plan, item, now)


def replan_items(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Their days or hour changed: nudges to them, and what is due about their own items, move along."""
    for plan, item in find_nudges_of(session, workspace, person):
        if item.step == ItemStep.NUDGE and item.due_at is not None and item.due_at > now:
            schedule_item(session, plan, item, now)
    calendar = calendar_of(session, workspace, person, now).as_far_as_known()
    for plan in find_running_of(session, workspace, [person]):
        for item in find_items(session, plan):
            if item.step in (ItemStep.WARN, ItemStep.CLOSE) and item.due_at is not None and item.due_at > now:
                item.due_at = moved(calendar, item.due_at, now)
    session.flush()


def show_on_cards(session: Session, plan: Plan, now: datetime) -> None:
    """The card about items that close soon shows what became of them."""
    items = [item for item in find_items(session, plan) if item.step == ItemStep.CLOSE]
    card = _warning(session, plan, items, now) if items else blocks.sentence(blocks.ALL_SETTLED)
    redraw(session, plan.workspace, about_warning(plan), card, now)


def about_warning(plan: Plan) -> str:
    """What the card about items that close soon is filed under."""
    return f"plan_warning:{plan.id}"


def _warning(session: Session, plan: Plan, items: Sequence[Item], now: datetime) -> blocks.Card:
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    lines = [(thing_of(item), calendar.today(item.due_at)) for item in items if item.due_at is not None]
    return blocks.warn(title_of(session, plan), lines)


def thing_of(item: Item, state: str | None = None) -> blocks.Thing:
    """The item as a card shows it; `state` is its own unless another is given."""
    return blocks.Thing(item.id, item.cue, item.action, item.due_on, item.state if state is None else state)
