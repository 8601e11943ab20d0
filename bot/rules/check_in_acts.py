"""What people do with a check-in: put it off, skip it, pause, resume, say whether they still use what they learned."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.blocks import check_ins as blocks
from bot.errors import BotError, NotFound
from bot.rules import availability, preferences
from bot.rules import check_in_cards as cards
from bot.rules.availability import calendar_of
from bot.rules.budget import hold_person
from bot.rules.check_in_plan import is_humane
from bot.rules.check_ins import replan, resume, upcoming
from bot.rules.working_time import Calendar
from storage.check_ins import OPEN, Prompt, PromptKind, PromptState, StillUsed, find_open, find_prompt
from storage.session import Session

FURTHEST = timedelta(days=366)
HOURS = timedelta(hours=3)


class NoCheckIn(NotFound):
    """This check-in is not there any more, so nothing changed."""


class NothingToPutOff(BotError):
    """This check-in is settled already. You can still write to it."""


class NotADayToCome(BotError):
    """Choose a day after today, within the next year."""


class Snooze(StrEnum):
    """When a check-in is to come again."""

    HOURS = "hours"
    DAY = "day"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class Act:
    """A person does something with a check-in of theirs; `choice` is a Snooze or a StillUsed where one is chosen."""

    workspace: str
    person: str
    prompt: int
    choice: str = ""


@dataclass(frozen=True, slots=True)
class Pause:
    """A person wishes no message that the app starts before this day."""

    workspace: str
    person: str
    until: date


def put_off(session: Session, act: Act, now: datetime) -> None:
    """The check-in comes again in three hours, on the next working day or next week, always at a humane hour.

    One that would come again on or after the day of the next check-in stays as it is, and says so.
    Raises NoCheckIn and NothingToPutOff.
    """
    prompt = _own(session, act)
    if prompt.state not in OPEN:
        raise NothingToPutOff
    calendar = calendar_of(session, act.workspace, act.person, now)
    again = _again(Snooze(act.choice), calendar, now)
    following = upcoming(session, prompt)
    if following is not None and following.due_on <= calendar.today(again):
        prompt.state, prompt.due_at = PromptState.SENT, None
        status = blocks.NEXT_FIRST.format(day=blocks.day_words(following.due_on))
    else:
        prompt.state, prompt.due_at, prompt.due_on = PromptState.SNOOZED, again, calendar.today(again)
        status = blocks.SNOOZED.format(day=_moment(again, calendar))
    session.flush()
    replan(session, act.workspace, act.person, now)
    cards.redraw(session, prompt, now, status)


def skip(session: Session, act: Act, now: datetime) -> None:
    """Nothing more is asked about this one; the next comes as planned. Raises NoCheckIn."""
    prompt = _own(session, act)
    if prompt.state in OPEN:
        prompt.state, prompt.due_at = PromptState.SKIPPED, None
        session.flush()
    if prompt.state == PromptState.SKIPPED:
        cards.redraw(session, prompt, now, f"{blocks.SKIPPED} {_next(session, prompt)}")


def go_on(session: Session, act: Act, now: datetime) -> None:
    """The check-ins that paused themselves go on; pressed again it changes nothing. Raises NoCheckIn."""
    resume(session, _own(session, act), now)


def say_still_used(session: Session, act: Act, now: datetime) -> None:
    """Whether they still use what they learned; another press changes it. It needs no reminder any more.

    Raises NoCheckIn.
    """
    prompt = _own(session, act)
    for asked in cards.asks_still_used(session, prompt):
        asked.still_used = StillUsed(act.choice).value
    if prompt.state == PromptState.SENT:
        prompt.due_at = None
    session.flush()
    cards.redraw(session, prompt, now, _status(session, prompt))


def pause(session: Session, wish: Pause, now: datetime) -> None:
    """No message is started before this day; what was due comes afterwards. Raises NotADayToCome."""
    calendar = calendar_of(session, wish.workspace, wish.person, now, heeds_pause=False)
    today = calendar.today(now)
    if not today < wish.until <= today + FURTHEST:
        raise NotADayToCome
    chosen = preferences.read_preferences(session, wish.workspace, wish.person)
    preferences.store_preferences(
        session, wish.workspace, wish.person, replace(chosen, pause_until=wish.until)
    )
    availability.changed(session, wish.workspace, wish.person, now)
    replan(session, wish.workspace, wish.person, now)
    for prompt in find_open(session, wish.workspace, wish.person):
        if prompt.kind != PromptKind.CHECK_IN:
            continue
        status = blocks.PAUSE_SET.format(day=blocks.day_words(wish.until))
        cards.redraw(session, prompt, now, status)


def _own(session: Session, act: Act) -> Prompt:
    hold_person(session, act.workspace, act.person)
    prompt = find_prompt(session, act.workspace, act.prompt)
    is_theirs = prompt is not None and prompt.person == act.person and prompt.kind == PromptKind.CHECK_IN
    if prompt is None or not is_theirs or prompt.sent_at is None:
        raise NoCheckIn
    session.refresh(prompt)
    return prompt


def _again(choice: Snooze, calendar: Calendar, now: datetime) -> datetime:
    today = calendar.today(now)
    if choice is Snooze.HOURS:
        soon = now + HOURS
        return soon if is_humane(calendar, soon) else calendar.next_time(now)
    first = today + timedelta(days=1 if choice is Snooze.DAY else 7 - today.weekday())
    return calendar.at(calendar.next_working_day(first))


def _moment(instant: datetime, calendar: Calendar) -> str:
    local = instant.astimezone(calendar.zone)
    return f"{blocks.day_words(local.date())}, {local:%H:%M}"


def _next(session: Session, prompt: Prompt) -> str:
    following = upcoming(session, prompt)
    return blocks.next_words(following.due_on if following is not None else None)


def _status(session: Session, prompt: Prompt) -> str:
    if prompt.state == PromptState.ANSWERED:
        return blocks.ANSWERED
    if prompt.state == PromptState.SKIPPED:
        return f"{blocks.SKIPPED} {_next(session, prompt)}"
    return blocks.SILENT if prompt.state == PromptState.SILENT else ""
