"""The weekly reflection: five minutes at the end of somebody's working week, for whoever switched it on.

It makes room for check-ins: none comes in a week that has one, nor closer to one than check-ins come to each other.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.blocks import journal as blocks
from bot.blocks.journal_questions import question_of_week
from bot.rules import check_in_cards
from bot.rules.attention import Started
from bot.rules.availability import calendar_of, changed
from bot.rules.budget import Outcome, Wish, first_day_with_room, hold_person, wish
from bot.rules.cards import letter_to
from bot.rules.choices import read_choices
from bot.rules.preferences import read_preferences, store_preferences
from bot.rules.working_time import Calendar
from storage import check_ins_reflections as stored
from storage.check_ins import Prompt, PromptKind, PromptState, has_check_in_between
from storage.inbox import heard_before
from storage.people import is_left_out
from storage.session import Session

WEEK = timedelta(days=7)
MOST_WEEKS = 60  # looked ahead for a week that is not all leave
TOO_LATE = timedelta(days=2)
OPEN_FOR = timedelta(days=6)  # then the next one comes
AT_ONCE = 25
MONDAYS = date(1970, 1, 5)
CHECK_IN_NEAR = "a check-in comes that week"
NO_ROOM = "there were enough messages that week"
LATE = "the app was away"
SWITCHED_OFF = "switched off"
GONE = "they are no longer part of this"
NO_ANSWER = "nobody answered"


@dataclass(frozen=True, slots=True)
class Switch:
    """Somebody switches the weekly reflection on or off."""

    workspace: str
    person: str
    key: str  # makes the wish one of a kind
    on: bool | None = None  # None: the other way round


def switch(session: Session, wanted: Switch, now: datetime) -> bool:
    """On or off, as it is wanted; the same wish twice is one. Returns whether it is on now."""
    chosen = read_preferences(session, wanted.workspace, wanted.person)
    is_on = not chosen.reflection if wanted.on is None else wanted.on
    if is_on == chosen.reflection or heard_before(session, wanted.workspace, wanted.key, now):
        return chosen.reflection
    store_preferences(session, wanted.workspace, wanted.person, replace(chosen, reflection=is_on))
    changed(session, wanted.workspace, wanted.person, now)
    return is_on


def replan(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Plan this person's next reflection as their days and their switch are now; safe to repeat."""
    hold_person(session, workspace, person)
    coming = stored.find_coming(session, workspace, person)
    wants = read_preferences(session, workspace, person).reflection
    if not wants or is_left_out(session, workspace, person):
        for prompt in coming:
            _end(prompt, PromptState.CALLED_OFF, SWITCHED_OFF)
        session.flush()
        return
    calendar = calendar_of(session, workspace, person, now)
    planned = _plan(session, workspace, person, calendar, now)
    for prompt in coming:
        if prompt is not planned:
            _end(prompt, PromptState.CALLED_OFF, "")
    session.flush()


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody is gone or left out: nothing more is asked."""
    del now
    coming = stored.find_coming(session, workspace, person)
    for prompt in (*coming, *stored.find_unanswered(session, workspace, person)):
        _end(prompt, PromptState.CALLED_OFF, GONE)
    session.flush()


def send_due(session: Session, workspace: str, now: datetime) -> bool:
    """Ask what is due, and let rest what nobody answered; whether there may be more."""
    due = stored.take_due(session, workspace, now, AT_ONCE)
    for prompt in due:
        hold_person(session, workspace, prompt.person)
        if prompt.state == PromptState.SCHEDULED:
            _ask(session, prompt, now)
            replan(session, workspace, prompt.person, now)
        else:
            _end(prompt, PromptState.SILENT, NO_ANSWER)
        session.flush()
    return len(due) == AT_ONCE


def _plan(session: Session, workspace: str, person: str, calendar: Calendar, now: datetime) -> Prompt | None:
    monday = _monday(calendar.today(now))
    for number in range(MOST_WEEKS):
        week = monday + number * WEEK
        day = _last_working_day(calendar, week)
        if day is None or calendar.at(day) <= now:
            continue
        prompt = stored.find_of_week(session, workspace, person, week)
        if prompt is not None and prompt.state not in (PromptState.SCHEDULED, PromptState.CALLED_OFF):
            continue
        prompt = prompt or _new(session, workspace, person, week)
        prompt.state, prompt.why = PromptState.SCHEDULED.value, ""
        prompt.planned_on = prompt.due_on = day
        prompt.due_at = calendar.at(day)
        session.flush()
        return prompt
    return None


def _new(session: Session, workspace: str, person: str, week: date) -> Prompt:
    prompt = Prompt(
        workspace=workspace,
        once=stored.key_of(person, week),
        person=person,
        kind=PromptKind.REFLECTION.value,
        question=question_of_week((week - MONDAYS).days // 7),
        planned_on=week,
        due_on=week,
        state=PromptState.SCHEDULED.value,
    )
    session.add(prompt)
    return prompt


def _ask(session: Session, prompt: Prompt, now: datetime) -> None:
    workspace, person = prompt.workspace, prompt.person
    calendar = calendar_of(session, workspace, person, now)
    today = calendar.today(now)
    why = _reason_against(session, prompt, calendar, now)
    if why:
        _end(prompt, PromptState.MISSED, why)
        return
    free = first_day_with_room(session, workspace, person, Started.REFLECTION, today, calendar, now)
    if free > today:
        _wait(prompt, free, calendar)
        return
    for earlier in stored.find_unanswered(session, workspace, person):
        _end(earlier, PromptState.SILENT, NO_ANSWER)
    _say(session, prompt, now)


def _say(session: Session, prompt: Prompt, now: datetime) -> None:
    workspace, person = prompt.workspace, prompt.person
    is_first = not stored.was_ever_asked(session, workspace, person)
    card = blocks.reflection(prompt.id, prompt.question, first=is_first, written=False)
    letter = letter_to(session, workspace, person, card, about=check_in_cards.about(prompt))
    wanted = Wish(
        workspace,
        person,
        Started.REFLECTION,
        prompt.once,
        blocks.REFLECTION_LINE,
        letter,
        not_after=now + TOO_LATE,
    )
    outcome = wish(session, wanted, now)
    if outcome in (Outcome.DROPPED, Outcome.NOTED):
        _end(prompt, PromptState.MISSED, outcome.value)
        return
    prompt.state, prompt.due_at, prompt.sent_at = PromptState.SENT.value, now + OPEN_FOR, now


def _wait(prompt: Prompt, day: date, calendar: Calendar) -> None:
    if _monday(day) == _monday(prompt.planned_on):
        prompt.due_on, prompt.due_at = day, calendar.at(day)
    else:
        _end(prompt, PromptState.MISSED, NO_ROOM)


def _reason_against(session: Session, prompt: Prompt, calendar: Calendar, now: datetime) -> str:
    if prompt.due_at is not None and now - prompt.due_at > TOO_LATE:
        return LATE
    gap = read_choices(session, prompt.workspace).check_in_gap
    monday = _monday(prompt.due_on)
    first = min(monday, _working_days_before(calendar, prompt.due_on, gap) + timedelta(days=1))
    last = max(monday + WEEK, calendar.add_working_days(prompt.due_on, gap)) - timedelta(days=1)
    near = has_check_in_between(session, prompt.workspace, prompt.person, first, last)
    return CHECK_IN_NEAR if near else ""


def _working_days_before(calendar: Calendar, day: date, count: int) -> date:
    """The latest day from which on it is `count` working days to `day`."""
    found = day
    while calendar.working_days_between(found, day) < count and day - found < 3 * WEEK:
        found -= timedelta(days=1)
    return found


def _last_working_day(calendar: Calendar, monday: date) -> date | None:
    days = [monday + timedelta(days=number) for number in range(7)]
    return next((day for day in reversed(days) if calendar.works_on(day)), None)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def _end(prompt: Prompt, state: PromptState, why: str) -> None:
    prompt.state, prompt.due_at, prompt.why = state.value, None, why
