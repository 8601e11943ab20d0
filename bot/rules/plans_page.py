"""What `/learn plan` shows: one's own plan, what others ask of one, and whose plans one may see."""

from datetime import datetime

from bot.blocks import plans_page as blocks
from bot.blocks.kit import Modal
from bot.rules import check_in_overview, circle_overview, talk_overview
from bot.rules.availability import calendar_of
from bot.rules.managers import asked_of, manager_of
from bot.rules.naming import name_of
from bot.rules.plans import RUNNING_OR_INVITED, title_of
from bot.rules.plans_calendar import monday_of
from bot.rules.plans_closing import closing_answers
from bot.rules.plans_items import thing_of
from bot.rules.plans_sight import Thing, Viewer, items_seen_by, may_see, plans_seen_by, viewers
from storage.plans import (
    HelpState,
    Item,
    ItemState,
    Plan,
    PlanState,
    WeekTap,
    find_helped,
    find_items,
    find_plan,
    find_plans_by,
    find_running_of_buddy,
    find_weeks,
)
from storage.sealing import unseal
from storage.session import Session


def open_page(
    session: Session, workspace: str, person: str, now: datetime, plan: int | None = None, notice: str = ""
) -> Modal:
    """The page with this plan of the person's own, else with the newest that is not over."""
    mine = [one for one in find_plans_by(session, workspace, person) if one.state != PlanState.CALLED_OFF]
    shown = next((one for one in mine if one.id == plan), None) or _newest(mine)
    return blocks.page(
        blocks.Page(
            own_plan_of(session, shown, now) if shown is not None else None,
            asks=asks_of(session, workspace, person),
            others=[_other(session, one, person) for one in plans_seen_by(session, workspace, person)],
            earlier=[blocks.Other(one.id, "", title_of(session, one)) for one in mine if one is not shown],
            notice=notice,
            beside=[
                *check_in_overview.plan_lines(session, workspace, person, now),
                *talk_overview.plan_lines(session, workspace, person, now),
                *circle_overview.plan_lines(session, workspace, person),
            ],
        )
    )


def _newest(plans: list[Plan]) -> Plan | None:
    going = (plan for plan in plans if plan.state in RUNNING_OR_INVITED)
    return next(going, None) or next(iter(plans), None)


def own_plan_of(session: Session, plan: Plan, now: datetime) -> blocks.Own:
    """A plan as its own person sees it."""
    workspace, person = plan.workspace, plan.person
    calendar = calendar_of(session, workspace, person, now)
    monday = monday_of(calendar.today(now))
    weeks = [_week(session, week) for week in find_weeks(session, plan)]
    this_week = next((week for week in weeks if week.week_of == monday), blocks.Week(monday, None))
    manager, asked = manager_of(session, workspace, person), asked_of(session, workspace, person)
    return blocks.Own(
        id=plan.id,
        title=title_of(session, plan),
        state=plan.state,
        ends_on=plan.ends_on,
        items=[_item(session, item) for item in find_items(session, plan)],
        buddy=name_of(session, workspace, plan.buddy or ""),
        buddy_state=plan.buddy_state if plan.buddy else HelpState.NONE,
        manager=name_of(session, workspace, manager) if manager else None,
        asked_manager=name_of(session, workspace, asked) if asked else None,
        before=plan.rating_before,
        after=plan.rating_after,
        this_week=this_week if plan.state == PlanState.ACTIVE else None,
        weeks=weeks,
        answers=closing_answers(session, plan),
        closed_on=calendar.today(plan.closed_at) if plan.closed_at else None,
    )


def _item(session: Session, item: Item) -> blocks.Item:
    return blocks.Item(
        thing_of(item),
        name_of(session, item.workspace, item.helper) if item.helper else "",
        item.helper_state if item.helper else HelpState.NONE,
        unseal(session, item.workspace, item.sealed_evidence) if item.sealed_evidence else "",
        has_file=item.evidence_file is not None,
    )


def _week(session: Session, week: WeekTap) -> blocks.Week:
    line = unseal(session, week.workspace, week.sealed_line) if week.sealed_line else ""
    return blocks.Week(week.week_of, week.answer, line)


def asks_of(session: Session, workspace: str, person: str) -> list[blocks.Asked]:
    """What others ask of this person and wait for: to help with an item, to be a buddy."""
    helped = [
        blocks.Asked(item.id, *_whose(session, plan), thing_of(item))
        for plan, item in find_helped(session, workspace, person)
        if item.helper_state == HelpState.ASKED and item.state == ItemState.OPEN
    ]
    buddied = [
        blocks.Asked(plan.id, *_whose(session, plan))
        for plan in find_running_of_buddy(session, workspace, person)
        if plan.buddy_state == HelpState.ASKED
    ]
    return [*buddied, *helped]


def _whose(session: Session, plan: Plan) -> tuple[str, str]:
    return name_of(session, plan.workspace, plan.person), title_of(session, plan)


def _other(session: Session, plan: Plan, person: str) -> blocks.Other:
    return blocks.Other(plan.id, *_whose(session, plan), how=_how(session, plan, person))


def _how(session: Session, plan: Plan, person: str) -> str:
    found = viewers(session, plan, person)
    order = (Viewer.MANAGER, Viewer.BUDDY)
    return next((viewer.value for viewer in order if viewer in found), Viewer.HELPER.value)


def look(session: Session, workspace: str, person: str, plan: int) -> Modal:
    """Somebody else's plan as this person may see it at this moment; a stranger sees nothing of it."""
    found = find_plan(session, workspace, plan)
    if found is None:
        return blocks.other(blocks.Other(0, "", ""), [])
    seen = [
        thing_of(item)
        for item in items_seen_by(session, found, person)
        if may_see(session, found, person, Thing.STATE, item)
    ]
    return blocks.other(_other(session, found, person), seen)
