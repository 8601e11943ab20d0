"""Weeks of a run: its space, or its people's morning notes, tell of each when it begins; once, or not at all."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.blocks import programmes_weeks as blocks
from bot.programme_specs import Week
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import Urgency, Wish, wish
from bot.rules.programmes import standing_of, weeks_of
from bot.rules.working_time import Calendar
from storage import outbox, outbox_cards
from storage.programmes import Cohort, CohortState, EnrolmentState, Programme
from storage.programmes_finding import find_cohorts, find_due_weeks, find_enrolments
from storage.session import Session
from storage.spaces import find_space

WEEK = timedelta(days=7)
MOST_AT_ONCE = 50


def plan_week(session: Session, cohort: Cohort, now: datetime) -> None:
    """When the space is told of the next week: on its first working day, at the facilitator's hour; safe to repeat."""
    cohort.week_due_at = (
        _next(_calendar(session, cohort, now), cohort, now) if _goes_on(cohort, now) else None
    )
    session.flush()


def run_due(session: Session, workspace: str, now: datetime) -> bool:
    """Tell the spaces whose week has begun; whether there may be more."""
    due = find_due_weeks(session, workspace, now, MOST_AT_ONCE)
    for cohort in due:
        _tell(session, cohort, now)
        plan_week(session, cohort, now)
    return len(due) == MOST_AT_ONCE


def redraw(session: Session, programme: Programme, now: datetime) -> None:
    """The programme was changed: the weeks that spaces were told of show it as it is now."""
    weeks = weeks_of(session, programme)
    for cohort in find_cohorts(session, programme.workspace, programme.id):
        if 0 < cohort.week <= len(weeks):  # what was told before is talked about already, and stays as it was
            card = blocks.told(programme.title, cohort.week, weeks[cohort.week - 1])
            outbox_cards.redraw(session, cohort.workspace, _about(cohort, cohort.week), card.payload(), now)


def can_tell(session: Session, cohort: Cohort) -> bool:
    """Whether the run has a space that the app can write to."""
    space = find_space(session, cohort.workspace, cohort.space) if cohort.space else None
    return space is not None and space.app_is_in and not (space.is_archived or space.is_deleted)


def week_at(cohort: Cohort, day: date) -> int:
    """The number of the week that this day is in; 0 or less before the first."""
    return (day - cohort.starts_on).days // 7 + 1


def _tell(session: Session, cohort: Cohort, now: datetime) -> None:
    """Only of the week that is on: what a downtime swallowed is past."""
    programme = session.get_one(Programme, cohort.programme)
    number = week_at(cohort, _calendar(session, cohort, now).today(now))
    weeks = weeks_of(session, programme)
    if not cohort.week < number <= len(weeks) or not _goes_on(cohort, now):
        return
    week = weeks[number - 1]
    if not blocks.is_worth_telling(week):
        return
    if cohort.space is None:
        _note(session, cohort, programme.title, number, week, now)
    elif can_tell(session, cohort):
        _post(session, cohort, programme.title, number, week, now)


def _note(session: Session, cohort: Cohort, title: str, number: int, week: Week, now: datetime) -> None:
    """A run without a space: its people find the week in their morning note."""
    line = blocks.line(title, number, week)
    for enrolment in find_enrolments(session, cohort):
        if enrolment.state == EnrolmentState.ENROLLED:
            once = f"{_about(cohort, number)}:{enrolment.person}"
            wanted = Wish(
                cohort.workspace, enrolment.person, Started.PROGRAMME, once, line, None, Urgency.NOTE
            )
            wish(session, wanted, now)
    cohort.week = number
    session.flush()


def _post(session: Session, cohort: Cohort, title: str, number: int, week: Week, now: datetime) -> None:
    about, card = _about(cohort, number), blocks.told(title, number, week)
    letter = outbox.post_to_space(
        cohort.workspace, str(cohort.space), card.payload(), once=about, about=about
    )
    outbox.enqueue(session, letter, now)
    cohort.week = number
    session.flush()


def _about(cohort: Cohort, number: int) -> str:
    return f"week:{cohort.id}:{number}"


def _goes_on(cohort: Cohort, now: datetime) -> bool:
    return standing_of(cohort, now) not in (CohortState.ENDED, CohortState.CALLED_OFF)


def _next(calendar: Calendar, cohort: Cohort, now: datetime) -> datetime | None:
    """The week that is on, as long as its space was not told of it, day by day; else the one after."""
    number = max(week_at(cohort, calendar.today(now)), cohort.week + 1, 1)
    first = cohort.starts_on + (number - 1) * WEEK
    due = max(calendar.at(_day(calendar, first)), calendar.next_time(now))
    return due if first <= cohort.ends_on and calendar.today(due) <= cohort.ends_on else None


def _day(calendar: Calendar, first: date) -> date:
    """The first working day of a week; the first day of a week that has none."""
    found = calendar.next_working_day(first)
    return found if found < first + WEEK else first


def _calendar(session: Session, cohort: Cohort, now: datetime) -> Calendar:
    """The days and hour of whoever looks after the run; a space is told also while they are away."""
    keeper = cohort.facilitator or cohort.sponsor
    if keeper is None:
        return Calendar(ZoneInfo("UTC"))
    return replace(calendar_of(session, cohort.workspace, keeper, now), leaves=())
