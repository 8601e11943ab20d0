"""Weekly taps: done, some or not yet, one tap a week, none in a week that has a check-in; the learner's alone."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks import plans as blocks
from bot.blocks import plans_forms as forms
from bot.blocks.kit import Modal
from bot.interactions import Submission
from bot.rules.availability import calendar_of
from bot.rules.plans import Ask, NoSuchPlan, plan_next_week, running_plan, title_of
from bot.rules.plans_calendar import end_of, monday_of
from bot.rules.plans_letters import Said, redraw, remind
from storage.plans import Plan, PlanState, Tapped, WeekTap, find_week
from storage.plans_due import has_check_in
from storage.sealing import seal, unseal
from storage.session import Session

SUNDAY = timedelta(days=6)


@dataclass(frozen=True, slots=True)
class Tap:
    """A person taps how the week that began on this Monday went."""

    workspace: str
    person: str
    plan: int
    week_of: date
    answer: Tapped


def ask_week(session: Session, plan: Plan, now: datetime) -> None:
    """Ask for the tap of this week, unless a check-in asks already or the week that was meant is over."""
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    today = calendar.today(now)
    monday = monday_of(today)
    planned = plan.due_at.astimezone(calendar.zone).date() if plan.due_at is not None else today
    late = monday_of(planned) != monday
    if not late and plan.state == PlanState.ACTIVE and not _is_taken(session, plan, monday):
        _week(session, plan, monday, now)
        card = blocks.week(title_of(session, plan), plan.id, monday)
        about = about_week(plan, monday)
        said = Said(plan.person, about, blocks.WEEK_LINE, card, about)
        not_after = end_of(calendar, monday + SUNDAY)
        remind(session, plan.workspace, said, now, not_after=not_after)
    plan_next_week(session, plan, calendar, now, skip=0 if late else 1)


def _is_taken(session: Session, plan: Plan, monday: date) -> bool:
    asked = find_week(session, plan, monday)
    if asked is not None:
        return True
    return has_check_in(session, plan.workspace, plan.person, monday, monday + SUNDAY)


def tap(session: Session, given: Tap, now: datetime) -> Plan:
    """Keep the tap; another one changes it. Raises as `running_plan` does."""
    plan = running_plan(session, Ask(given.workspace, given.person, given.plan))
    _check_week(session, plan, given.week_of, now)
    week = _week(session, plan, given.week_of, now)
    week.answer, week.answered_at = given.answer.value, now
    session.flush()
    card = blocks.week(title_of(session, plan), plan.id, given.week_of, week.answer)
    redraw(session, plan.workspace, about_week(plan, given.week_of), card, now)
    return plan


def _check_week(session: Session, plan: Plan, week_of: date, now: datetime) -> None:
    """A week of the plan that has begun; what a form or button says otherwise is not ours."""
    calendar = calendar_of(session, plan.workspace, plan.person, now)
    first, last = monday_of(calendar.today(plan.made_at)), monday_of(calendar.today(now))
    if week_of.weekday() != 0 or not first <= week_of <= last:
        raise NoSuchPlan


def open_line(session: Session, ask: Ask, week_of: date) -> Modal:
    """The form for a line about a week, with what is there already. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    week = find_week(session, plan, week_of)
    sealed = week.sealed_line if week is not None else None
    line = unseal(session, plan.workspace, sealed) if sealed else ""
    return forms.week_form(plan.id, week_of, line)


def keep_line(session: Session, form: Submission, ask: Ask, week_of: date, now: datetime) -> Plan:
    """Seal the line; an empty one takes it away. Raises as `running_plan` does."""
    plan = running_plan(session, ask)
    _check_week(session, plan, week_of, now)
    line = form.words("line")
    _week(session, plan, week_of, now).sealed_line = seal(session, plan.workspace, line) if line else None
    session.flush()
    return plan


def _week(session: Session, plan: Plan, monday: date, now: datetime) -> WeekTap:
    week = find_week(session, plan, monday)
    if week is None:
        week = WeekTap(workspace=plan.workspace, plan=plan.id, week_of=monday, asked_at=now)
        session.add(week)
        session.flush()
    return week


def about_week(plan: Plan, monday: date) -> str:
    """What the card of a week is filed under."""
    return f"plan_week:{plan.id}:{monday.isoformat()}"
