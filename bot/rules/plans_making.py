"""Making a plan: the form adapted from the programme's items, and what becomes of it when it is sent."""

from datetime import date, datetime, timedelta
from typing import Any

from bot.blocks import plans as blocks
from bot.blocks import plans_forms as forms
from bot.blocks.kit import Modal
from bot.blocks.plans_forms import Offer, Row
from bot.interactions import Press, Submission
from bot.rules.attention import has_acted
from bot.rules.availability import calendar_of
from bot.rules.choices import read_choices
from bot.rules.managers import manager_of
from bot.rules.naming import name_of
from bot.rules.plans import Ask, about_plan, origin_of, own_plan, plan_next_week, title_of
from bot.rules.plans_buddies import propose_buddy
from bot.rules.plans_items import schedule_item
from bot.rules.plans_letters import redraw, stale_home
from bot.rules.plans_people import ask_buddy, ask_helpers
from bot.rules.plans_reading import (
    Wrong,
    buddy_in,
    check_buddy,
    check_row,
    read_rating,
    rows_in,
    wants_no_buddy,
    words_in,
)
from bot.rules.working_time import Calendar
from storage.inbox import heard_before, was_heard
from storage.outbox_cards import take_back
from storage.plans import HelpState, Item, ItemState, Plan, PlanState, find_items
from storage.programmes import Programme
from storage.session import Session

USUAL_DAYS = 14


def open_make(session: Session, ask: Ask, now: datetime) -> Modal | None:
    """The form that makes the plan, with the programme's items to adapt; None once it is made.

    Raises as `own_plan` does.
    """
    plan = own_plan(session, ask)
    if plan.state != PlanState.INVITED:
        return None
    origin = origin_of(session, plan)
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    rows = _suggested(session, plan, origin.programme, calendar, now)
    buddy = plan.buddy
    if buddy is None or check_buddy(session, plan, buddy):
        buddy = propose_buddy(session, plan, origin, now)
    return forms.make_form(_offer(session, plan, rows, buddy))


def _suggested(
    session: Session, plan: Plan, programme: Programme, calendar: Calendar, now: datetime
) -> list[Row]:
    today, last = calendar.today(now), _end(session, plan, calendar, now)
    before = [item for item in find_items(session, plan) if item.state != ItemState.DONE and item.cue]
    if before:
        return [Row(n, one.cue, one.action, max(one.due_on, today)) for n, one in enumerate(before)]
    given = [item for item in programme.items if isinstance(item, dict)][: forms.MOST_ITEMS]
    rows = [
        Row(
            n,
            str(item.get("when") or ""),
            str(item.get("then") or ""),
            min(calendar.next_working_day(today + timedelta(days=_days(item))), last),
        )
        for n, item in enumerate(given)
    ]
    first_due = min(calendar.next_working_day(today + timedelta(days=USUAL_DAYS)), last)
    return rows or [Row(0, due=first_due)]


def _days(item: dict[str, Any]) -> int:
    days = item.get("days")
    return days if isinstance(days, int) and days > 0 else USUAL_DAYS


def _end(session: Session, plan: Plan, calendar: Calendar, now: datetime) -> date:
    """The last day of a plan that is made today."""
    return calendar.today(now) + timedelta(weeks=read_choices(session, plan.workspace).plan_weeks)


def _offer(session: Session, plan: Plan, rows: list[Row], buddy: str | None, **more: Any) -> Offer:
    manager = manager_of(session, plan.workspace, plan.person)
    name = name_of(session, plan.workspace, manager) if manager else None
    kept = {"no_buddy": False, "rating": None, **more}
    return Offer(plan.id, title_of(session, plan), rows, buddy, manager=name, **kept)


def redraw_make(session: Session, ask: Ask, press: Press, *, add: bool, now: datetime) -> Modal:
    """The form with one row more, or without the one that the button names; all that was typed stays."""
    plan = own_plan(session, ask)
    rows = rows_in(press.values)
    if add and len(rows) < forms.MOST_ITEMS:
        calendar = calendar_of(session, plan.workspace, plan.person, now)
        due = calendar.next_working_day(calendar.today(now) + timedelta(days=USUAL_DAYS))
        nth = max((row.n for row in rows), default=-1) + 1
        rows.append(Row(nth, due=min(due, _end(session, plan, calendar, now))))
    elif not add and len(rows) > 1:
        rows = [row for row in rows if str(row.n) != press.value]
    values = press.values
    kept = {"no_buddy": wants_no_buddy(values), "rating": words_in(values, "rating") or None}
    return forms.make_form(_offer(session, plan, rows, words_in(values, "buddy") or None, **kept))


def make(session: Session, form: Submission, ask: Ask, now: datetime) -> Plan | Wrong:
    """Make the plan and ask its people; everything that is wrong is said at once, the same form twice is one plan.

    Raises as `own_plan` does.
    """
    plan = own_plan(session, ask)
    if plan.state != PlanState.INVITED:
        return (
            plan
            if was_heard(session, plan.workspace, form.key)
            else Wrong({_first(form): forms.MADE_MEANWHILE})
        )
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    ends_on = _end(session, plan, calendar, now)
    rows = rows_in(form.values)
    wrong = _mistakes(session, plan, form, rows, calendar.today(now), ends_on)
    if wrong:
        return Wrong(wrong)
    heard_before(session, plan.workspace, form.key, now)
    _start(session, plan, form, ends_on, now)
    first = _forget_suggested(session, plan) + 1
    items = [new_item(plan, number, row) for number, row in enumerate(rows, first)]
    session.add_all(items)
    session.flush()
    for item in items:
        schedule_item(session, plan, item, now)
    plan_next_week(session, plan, calendar, now, skip=1)
    ask_buddy(session, plan, form.view, now)
    ask_helpers(session, plan, items, form.view, now)
    _say_made(session, plan, now)
    return plan


def _forget_suggested(session: Session, plan: Plan) -> int:
    """Items from before the person left and came back were in the form; what was done stays. The last number taken."""
    for item in find_items(session, plan):
        if item.state != ItemState.DONE:
            session.delete(item)
    session.flush()
    return max((item.number for item in find_items(session, plan)), default=0)


def _first(form: Submission) -> str:
    return next((block for block in form.values if block.startswith("cue:")), "rating")


def _mistakes(
    session: Session, plan: Plan, form: Submission, rows: list[Row], today: date, ends_on: date
) -> dict[str, str]:
    wrong: dict[str, str] = {}
    for row in rows:
        wrong |= check_row(session, plan, row, today, ends_on)
    buddy = check_buddy(session, plan, buddy_in(form.values))
    wrong |= {"buddy": buddy} if buddy else {}
    wrong |= {"rating": forms.RATING_MISSING} if read_rating(form) is None else {}
    return wrong


def _start(session: Session, plan: Plan, form: Submission, ends_on: date, now: datetime) -> None:
    plan.state, plan.made_at, plan.ends_on = PlanState.ACTIVE, now, ends_on
    plan.buddy = buddy_in(form.values)
    plan.buddy_state = HelpState.ASKED if plan.buddy else HelpState.NONE
    plan.rating_before = read_rating(form)
    has_acted(session, plan.workspace, plan.person, "made a plan")


def new_item(plan: Plan, number: int, row: Row) -> Item:
    """An item as a checked row of a form says; its helper is still to be asked."""
    return Item(
        workspace=plan.workspace,
        plan=plan.id,
        number=number,
        cue=row.cue,
        action=row.action,
        due_on=row.due,
        state=ItemState.OPEN.value,
        helper=row.helper,
        helper_state=(HelpState.ASKED if row.helper else HelpState.NONE).value,
    )


def _say_made(session: Session, plan: Plan, now: datetime) -> None:
    card = blocks.made(title_of(session, plan))
    for about in (about_plan(plan), f"plan_remind:{plan.id}"):
        if not take_back(session, plan.workspace, about):
            redraw(session, plan.workspace, about, card, now)
    stale_home(session, plan.workspace, plan.person, now)
    session.flush()
