"""Changing a plan that runs: its items, their days and helpers, the buddy; and saying that something is done."""

from datetime import datetime, timedelta

from bot.blocks import plans_forms as forms
from bot.blocks.kit import Modal
from bot.blocks.plans_forms import Row
from bot.interactions import Submission
from bot.rules.availability import calendar_of
from bot.rules.managers import manager_of
from bot.rules.naming import name_of
from bot.rules.plans import Ask, NoSuchPlan, PlanOver, origin_of, own_item, running_plan
from bot.rules.plans_buddies import propose_buddy
from bot.rules.plans_items import Done, record_done, schedule_item, settle_plan, show_on_cards
from bot.rules.plans_letters import stale_home
from bot.rules.plans_making import USUAL_DAYS, new_item
from bot.rules.plans_people import ask_buddy, ask_helpers, show_buddy_gone, show_help
from bot.rules.plans_reading import Wrong, buddy_in, check_buddy, check_row, read_row
from storage.inbox import heard_before, was_heard
from storage.plans import HelpState, Item, ItemStep, Plan, PlanState, find_items
from storage.session import Session


def open_item(session: Session, workspace: str, person: str, item: int) -> Modal:
    """The form that changes an item. Raises as `own_item` does."""
    plan, found = own_item(session, workspace, person, item)
    helper = found.helper if found.helper_state in (HelpState.ASKED, HelpState.ACCEPTED) else None
    row = Row(0, found.cue, found.action, found.due_on, helper)
    return forms.item_form(plan.id, row, found.id, _manager(session, plan))


def open_new_item(session: Session, ask: Ask, now: datetime) -> Modal:
    """The form that adds an item. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    due = calendar.next_working_day(calendar.today(now) + timedelta(days=USUAL_DAYS))
    return forms.item_form(plan.id, Row(0, due=min(due, plan.ends_on)), None, _manager(session, plan))


def _manager(session: Session, plan: Plan) -> str | None:
    manager = manager_of(session, plan.workspace, plan.person)
    return name_of(session, plan.workspace, manager) if manager else None


def change_item(
    session: Session, form: Submission, ask: Ask, item: int | None, now: datetime
) -> Plan | Wrong:
    """Change an item or (`item` None) add one; a new helper is asked. Raises as `own_item` does."""
    plan = running_plan(session, ask)
    row = read_row(form.values, 0)
    today = calendar_of(session, plan.workspace, plan.person, now).today(now)
    found = own_item(session, ask.workspace, ask.person, item)[1] if item is not None else None
    if found is not None and found.plan != plan.id:
        raise NoSuchPlan
    wrong = check_row(session, plan, row, today, plan.ends_on)
    if found is not None and row.due == found.due_on:
        wrong.pop("due:0", None)  # a day that has passed may stay while the words change
    if wrong:
        return Wrong(wrong)
    if found is None:
        return _add(session, plan, form, row, now)
    _change(session, plan, found, row, form.view, now)
    return plan


def _add(session: Session, plan: Plan, form: Submission, row: Row, now: datetime) -> Plan | Wrong:
    if was_heard(session, plan.workspace, form.key):
        return plan
    items = find_items(session, plan)
    if len(items) >= forms.MOST_ITEMS:
        return Wrong({"cue:0": forms.FULL})
    if plan.state != PlanState.ACTIVE:
        raise PlanOver
    heard_before(session, plan.workspace, form.key, now)
    item = new_item(plan, max((one.number for one in items), default=0) + 1, row)
    session.add(item)
    session.flush()
    _settle(session, plan, item, form.view, now)
    return plan


def _change(session: Session, plan: Plan, item: Item, row: Row, key: str, now: datetime) -> None:
    item.cue, item.action = row.cue, row.action
    if row.due is not None and row.due != item.due_on:
        item.due_on, item.step = row.due, ItemStep.NOTHING
    before = item.helper
    stays = row.helper == before and item.helper_state in (HelpState.ASKED, HelpState.ACCEPTED)
    if not stays:
        item.helper = row.helper
        item.helper_state = HelpState.ASKED if row.helper else HelpState.NONE
    session.flush()
    if before is not None:
        show_help(session, plan, before, now)
    if stays:
        key = ""
    _settle(session, plan, item, key, now)


def _settle(session: Session, plan: Plan, item: Item, key: str, now: datetime) -> None:
    """What follows from a new or changed item; without a `key` its helper was asked before."""
    schedule_item(session, plan, item, now)
    settle_plan(session, plan, now)
    show_on_cards(session, plan, now)
    if key:
        ask_helpers(session, plan, [item], key, now)
    stale_home(session, plan.workspace, plan.person, now)
    session.flush()


def open_done(session: Session, workspace: str, person: str, item: int) -> Modal:
    """The form that says that an item is done. Raises as `own_item` does."""
    plan, found = own_item(session, workspace, person, item)
    return forms.done_form(plan.id, found.id, found.cue, found.action)


def finish_item(session: Session, form: Submission, item: int, now: datetime) -> Plan | Wrong:
    """An item is done, with what was given; too long a line is said. Raises as `own_item` does."""
    line = form.words("line")
    if len(line) > forms.MOST_LINE:
        return Wrong({"line": forms.LINE_TOO_LONG.format(most=forms.MOST_LINE)})
    file = next(iter(form.files("file")), None)
    done = Done(form.workspace, form.person, item, line, file.id if file is not None else None)
    return record_done(session, done, now)


def open_buddy(session: Session, ask: Ask, now: datetime) -> Modal:
    """The form that changes the buddy, proposing one. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    if plan.buddy_state in (HelpState.ASKED, HelpState.ACCEPTED):
        return forms.buddy_form(plan.id, plan.buddy)
    return forms.buddy_form(plan.id, propose_buddy(session, plan, origin_of(session, plan), now))


def change_buddy(session: Session, form: Submission, ask: Ask, now: datetime) -> Plan | Wrong:
    """Another buddy is asked, or there is none any more. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    buddy, before = buddy_in(form.values), plan.buddy
    sentence = check_buddy(session, plan, buddy)
    if sentence:
        return Wrong({"buddy": sentence})
    if buddy == before and plan.buddy_state in (HelpState.ASKED, HelpState.ACCEPTED):
        return plan
    if before is not None and buddy != before:
        show_buddy_gone(session, plan, before, now)
    plan.buddy = buddy
    plan.buddy_state = HelpState.ASKED if buddy else HelpState.NONE
    session.flush()
    ask_buddy(session, plan, form.view, now)
    stale_home(session, plan.workspace, plan.person, now)
    return plan
