"""Times for a talk: what a form offers, and what it proposes to begin with."""

from datetime import UTC, date, datetime, timedelta

from bot.blocks import talk_form as blocks
from bot.interactions import Submission
from bot.rules.availability import calendar_of
from bot.rules.choices import read_choices
from bot.rules.naming import name_of
from bot.rules.working_time import FIRST_HOUR, LAST_HOUR, Calendar
from storage.people import find_person
from storage.programmes import Enrolment
from storage.session import Session
from storage.talks import Talk

MOST_TIMES = 3
FURTHEST = timedelta(days=183)
LONGEST_LOOK = 60  # days; two who never work on the same day begin with an empty form
USUAL_HOURS = range(10, 16)  # of the one who offers, for the times that the form proposes
WORKING = range(9, 17)  # of the other


def read(
    session: Session, workspace: str, form: Submission, other: str, now: datetime
) -> tuple[list[datetime], dict[str, str]]:
    """The times in the form, in order, and what is wrong with which."""
    known = other and find_person(session, workspace, other) is not None
    theirs = calendar_of(session, workspace, other, now) if known else None
    times: list[datetime] = []
    wrong: dict[str, str] = {}
    for block in (f"time_{n}" for n in range(MOST_TIMES)):
        instant = instant_of(form.values.get(block))
        if instant is None:
            continue
        mistake = blocks.TWICE if instant in times else _mistake(instant, now)
        if mistake is None and theirs is not None:
            mistake = _at_night(session, workspace, instant, other, theirs)
        if mistake:
            wrong[block] = mistake
        times.append(instant)
    if not times:
        wrong["time_0"] = blocks.NO_TIME
    return sorted(times), wrong


def _mistake(instant: datetime, now: datetime) -> str | None:
    if instant <= now:
        return blocks.PAST
    return blocks.TOO_FAR if instant > now + FURTHEST else None


def _at_night(
    session: Session, workspace: str, instant: datetime, other: str, theirs: Calendar
) -> str | None:
    there = instant.astimezone(theirs.zone)
    if FIRST_HOUR <= there.hour <= LAST_HOUR:
        return None
    return blocks.AT_NIGHT.format(time=f"{there:%H:%M}", other=name_of(session, workspace, other))


def propose(session: Session, talk: Talk, person: str, other: str | None, now: datetime) -> list[datetime]:
    """Three times about week 5 that fall into the working hours of both, as far as their zones allow."""
    mine = calendar_of(session, talk.workspace, person, now)
    theirs = calendar_of(session, talk.workspace, other, now) if other else mine
    enrolment = session.get_one(Enrolment, talk.enrolment)
    week = timedelta(days=read_choices(session, talk.workspace).talk_day - 2)
    day = max((enrolment.completed_on or mine.today(now)) + week, mine.today(now) + timedelta(days=2))
    proposed: list[datetime] = []
    for _ in range(LONGEST_LOOK):
        day = mine.next_working_day(day)
        instant = _hour_for_both(day, mine, theirs)
        if theirs.works_on(theirs.today(instant)):
            proposed.append(instant)
        day += timedelta(days=1)
        if len(proposed) == MOST_TIMES:
            break
    return proposed


def _hour_for_both(day: date, mine: Calendar, theirs: Calendar) -> datetime:
    instants = [mine.at(day, hour) for hour in USUAL_HOURS]
    both = (instant for instant in instants if instant.astimezone(theirs.zone).hour in WORKING)
    awake = (
        instant for instant in instants if FIRST_HOUR <= instant.astimezone(theirs.zone).hour <= LAST_HOUR
    )
    return next(both, next(awake, instants[0]))


def instant_of(seconds: object) -> datetime | None:
    """The moment that Slack means, or None for anything else."""
    value = str(seconds)
    is_time = value.isascii() and value.isdigit() and len(value) == 10  # noqa: PLR2004  digits of Slack's moments
    return datetime.fromtimestamp(int(value), UTC) if is_time else None
