"""Plans: invited at the end of a programme, made by their person, running twelve weeks at most.

"If this happens, I will do that" helps people to do what they mean to do (Gollwitzer & Sheeran 2006).
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks import plans as blocks
from bot.blocks.plans_words import plain_item
from bot.errors import NotAllowed, NotFound
from bot.rules.attention import may_answer
from bot.rules.availability import calendar_of
from bot.rules.choices import read_choices
from bot.rules.plans_buddies import propose_buddy
from bot.rules.plans_calendar import REMIND_AFTER, monday_of, moved, next_tap
from bot.rules.plans_letters import Said, redraw, remind, stale_home
from bot.rules.working_time import Calendar
from storage.outbox_cards import take_back
from storage.plans import (
    RUNNING,
    HelpState,
    Item,
    ItemState,
    ItemStep,
    Plan,
    PlanState,
    PlanStep,
    find_item,
    find_items,
    find_plan,
    find_plan_of,
    find_plans_by,
)
from storage.plans_due import Origin, find_origin
from storage.programmes import Enrolment
from storage.session import Session

RUNNING_OR_INVITED = (PlanState.INVITED, *RUNNING)


class NoSuchPlan(NotFound):
    """This plan is not there any more, so nothing changed."""


class NotYourPlan(NotAllowed):
    """This belongs to somebody else's plan, so nothing changed."""


class PlanOver(NotFound):
    """This plan is over, so it stays as it is. `/learn plan` still shows it."""


class ProgrammeLeft(NotFound):
    """You left this programme, so its plan was called off. What you wrote in your journal stays yours."""


@dataclass(frozen=True, slots=True)
class Ask:
    """A person does something with their own plan."""

    workspace: str
    person: str
    plan: int


def invite(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """The programme is over for this person: they are asked for a plan as soon as it is their day; safe to repeat.

    Who left the programme and came back finds in the form what was planned before.
    """
    workspace, person = enrolment.workspace, enrolment.person
    known = find_plan_of(session, workspace, enrolment.id)
    origin = find_origin(session, workspace, enrolment.id)
    if origin is None or not may_answer(session, workspace, person):
        return
    if known is None:
        known = Plan(workspace=workspace, enrolment=enrolment.id, person=person)
    elif known.state != PlanState.CALLED_OFF:
        return
    calendar = calendar_of(session, workspace, person, now)
    weeks = read_choices(session, workspace).plan_weeks
    known.state, known.made_at, known.closed_at = PlanState.INVITED, now, None
    known.ends_on = calendar.today(now) + timedelta(weeks=weeks)
    known.buddy, known.buddy_state = None, HelpState.NONE
    session.add(known)
    session.flush()
    known.buddy = propose_buddy(session, known, origin, now)
    known.buddy_state = HelpState.PROPOSED if known.buddy else HelpState.NONE
    stale_home(session, workspace, person, now)
    session.flush()
    send_invitation(session, known, now)  # before whatever else the end of a programme brings


def call_off(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """The person left the programme: nothing more is asked about the plan; safe to repeat."""
    plan = find_plan_of(session, enrolment.workspace, enrolment.id)
    if plan is not None:
        call_off_plan(session, plan, now)


def call_off_plan(session: Session, plan: Plan, now: datetime) -> None:
    """End a plan that is not over, quietly; its helpers and buddy no longer see it."""
    if plan.state not in RUNNING_OR_INVITED:
        return
    plan.state, plan.closed_at = PlanState.CALLED_OFF, now
    retire(session, plan, now)


def retire(session: Session, plan: Plan, now: datetime) -> None:
    """A plan that is over asks nobody anything any more: what was not sent is not sent, the rest says so."""
    stop_clock(plan)
    items = find_items(session, plan)
    for item in items:
        item.step, item.due_at = ItemStep.NOTHING, None
    people = {plan.person, plan.buddy, *(item.helper for item in items)} - {None}
    asking = {f"help:{plan.id}:{item.helper}" for item in items if item.helper_state == HelpState.ASKED}
    if plan.buddy_state == HelpState.ASKED:
        asking.add(f"buddy:{plan.id}:{plan.buddy}")
    for about in sorted(
        {
            about_plan(plan),
            f"plan_remind:{plan.id}",
            f"plan_warning:{plan.id}",
            f"plan_closing:{plan.id}",
            *asking,
        }
    ):
        if not take_back(session, plan.workspace, about):
            redraw(session, plan.workspace, about, blocks.sentence(blocks.OVER), now)
    for person in sorted(str(person) for person in people):
        stale_home(session, plan.workspace, person, now)
    session.flush()


def plan_of(session: Session, enrolment: Enrolment) -> Plan | None:
    """The plan that goes with this enrolment, once the person was invited to make one."""
    return find_plan_of(session, enrolment.workspace, enrolment.id)


def item_to_quote(session: Session, enrolment: Enrolment) -> str | None:
    """What the person means to do next, as plain words (escape them): the open item that is due first."""
    plan = plan_of(session, enrolment)
    if plan is None or plan.state not in RUNNING:
        return None
    waiting = [item for item in find_items(session, plan) if item.state == ItemState.OPEN]
    first = min(waiting, key=lambda item: (item.due_on, item.number), default=None)
    return plain_item(first.cue, first.action) if first is not None else None


def own_plan(session: Session, ask: Ask) -> Plan:
    """The person's own plan; raises NoSuchPlan, NotYourPlan, and ProgrammeLeft when it was called off."""
    plan = find_plan(session, ask.workspace, ask.plan)
    if plan is None:
        raise NoSuchPlan
    if plan.person != ask.person:
        raise NotYourPlan
    if plan.state == PlanState.CALLED_OFF:
        raise ProgrammeLeft
    return plan


def running_plan(session: Session, ask: Ask) -> Plan:
    """The person's own plan while it can be changed; raises PlanOver besides what `own_plan` raises."""
    plan = own_plan(session, ask)
    if plan.state not in RUNNING:
        raise PlanOver
    return plan


def own_item(session: Session, workspace: str, person: str, item: int) -> tuple[Plan, Item]:
    """An item of the person's own running plan; raises as `running_plan` does."""
    found = find_item(session, workspace, item)
    if found is None:
        raise NoSuchPlan
    running_plan(session, Ask(workspace, person, found[0].id))
    return found


def title_of(session: Session, plan: Plan) -> str:
    """What the plan comes after, as plain words."""
    origin = find_origin(session, plan.workspace, plan.enrolment)
    return origin.programme.title if origin is not None else ""


def origin_of(session: Session, plan: Plan) -> Origin:
    """Enrolment, cohort and programme; raises NoSuchPlan when they are gone."""
    origin = find_origin(session, plan.workspace, plan.enrolment)
    if origin is None:
        raise NoSuchPlan
    return origin


def about_plan(plan: Plan) -> str:
    """What the invitation is filed under."""
    return f"plan:{plan.id}"


def stop_clock(plan: Plan) -> None:
    """Nothing of the plan itself is due any more."""
    plan.step, plan.due_at = PlanStep.NOTHING, None


def plan_next_week(session: Session, plan: Plan, calendar: Calendar, now: datetime, *, skip: int) -> None:
    """The next weekly tap, `skip` weeks from this one at the earliest; after the last comes the closing."""
    del session
    first = monday_of(calendar.today(now)) + timedelta(weeks=skip)
    due = next_tap(calendar, first, now, plan.ends_on)
    if due is not None:
        plan.step, plan.due_at = PlanStep.WEEK, due
    else:
        end = calendar.at(calendar.next_working_day(plan.ends_on))
        plan.step, plan.due_at = PlanStep.ASK_CLOSING, max(end, calendar.next_time(now))


def send_invitation(session: Session, plan: Plan, now: datetime) -> None:
    """Ask for the plan, and look again some working days later."""
    title = title_of(session, plan)
    card = blocks.invitation(title, plan.id)
    line = blocks.INVITE_LINE.format(title=blocks.escaped(title))
    remind(
        session,
        plan.workspace,
        Said(plan.person, f"plan_invite:{plan.id}", line, card, about_plan(plan)),
        now,
    )
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    again = calendar.add_working_days(calendar.today(now), REMIND_AFTER)
    plan.step, plan.due_at = PlanStep.REMIND, calendar.at(again)


def send_reminder(session: Session, plan: Plan, now: datetime) -> None:
    """Remind once; after that the plan waits in `/learn plan` for whoever wants it."""
    title = title_of(session, plan)
    card = blocks.reminder(title, plan.id)
    line = blocks.INVITE_LINE.format(title=blocks.escaped(title))
    said = Said(plan.person, f"plan_remind:{plan.id}", line, card, f"plan_remind:{plan.id}")
    remind(session, plan.workspace, said, now)
    stop_clock(plan)


def replan(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Their days or hour changed: what is due in their plans moves along, and is neither doubled nor lost."""
    calendar = calendar_of(session, workspace, person, now).as_far_as_known()
    for plan in find_plans_by(session, workspace, person):
        if plan.due_at is None or plan.due_at <= now:
            continue
        if plan.step == PlanStep.WEEK:
            this_week = monday_of(calendar.today(now))
            planned = monday_of(plan.due_at.astimezone(calendar.zone).date())
            weeks = (planned - this_week).days // 7
            plan_next_week(session, plan, calendar, now, skip=max(weeks, 0))
        else:
            plan.due_at = moved(calendar, plan.due_at, now)
    session.flush()
