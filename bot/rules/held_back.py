"""What was held back: looked at again when there is room, shown on a press, and listed with its reason."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks.check_ins import line
from bot.rules.availability import calendar_of
from bot.rules.budget import hold_person, settle
from bot.rules.check_in_cards import question_of
from storage import attention as stored
from storage.attention import Standing, StartedMessage
from storage.check_ins import PromptState, find_kept_back
from storage.notes import wake
from storage.outbox_held import is_there, release
from storage.session import Session

LISTED_FOR = timedelta(days=30)
CHECK_INS_LISTED_FOR = timedelta(
    days=90
)  # by their day: the decision that it is too late comes a month after it
BECAME = {
    PromptState.SCHEDULED: Standing.WAITING.value,
    PromptState.MERGED: "merged",
    PromptState.MISSED: Standing.DROPPED.value,
}


@dataclass(frozen=True, slots=True)
class Held:
    """A message that was held back, for the list."""

    line: str
    standing: str  # Standing, or "merged" of a check-in that comes with another
    why: str
    wished_at: datetime


@dataclass(frozen=True, slots=True)
class Showing:
    """Somebody wants to see the message behind a line of their morning note."""

    workspace: str
    person: str
    row: int


def look_again(session: Session, workspace: str, now: datetime) -> None:
    """Say what waits and has room now, and drop what makes no sense any more, with its reason."""
    due = stored.find_to_look_at(session, workspace, now)
    for row in sorted(due, key=lambda one: (one.person, one.id)):
        hold_person(session, workspace, row.person)
        session.refresh(row)
        if row.state == Standing.WAITING and row.due_at is not None and row.due_at <= now:
            asked_by = (row.letter or {}).get("asked_by")
            settle(session, row, None, asked_by, now)


def plan_again(session: Session, workspace: str, person: str, now: datetime) -> None:
    """The person's days or hour changed: what waits is looked at by the next tick, and the note planned anew."""
    for row in stored.find_in(session, workspace, person, Standing.WAITING):
        row.due_at = now
    wake(session, workspace, person, anew=True)
    session.flush()


def find_held_back(session: Session, workspace: str, person: str, now: datetime) -> list[Held]:
    """What was held back from this person in the last 30 days, the newest first."""
    rows = stored.find_held_since(session, workspace, person, now - LISTED_FOR)
    messages = [
        Held(row.line, row.state, row.why, row.wished_at)
        for row in rows
        if row.line and _stands(session, row)
    ]
    check_ins = _check_ins(session, workspace, person, now)
    return sorted([*messages, *check_ins], key=lambda one: one.wished_at, reverse=True)


def _check_ins(session: Session, workspace: str, person: str, now: datetime) -> list[Held]:
    """Check-ins that came later than planned, with another one, or not at all."""
    calendar = calendar_of(session, workspace, person, now)
    first, today = calendar.today(now - CHECK_INS_LISTED_FOR), calendar.today(now)
    return [
        Held(
            line(question_of(session, one)),
            BECAME[PromptState(one.state)],
            one.why,
            calendar.at(one.planned_on),
        )
        for one in find_kept_back(session, workspace, person, first, today)
    ]


def _stands(session: Session, row: StartedMessage) -> bool:
    """What was taken back meanwhile is nobody's business any more."""
    kept = (row.letter or {}).get("row")
    return kept is None or is_there(session, row.workspace, kept)


def show(session: Session, wanted: Showing, now: datetime) -> bool:
    """Send the message behind a line of this person's note; False when it is not there any more.

    It is an answer to their own press and counts no more than the line did.
    """
    hold_person(session, wanted.workspace, wanted.person)
    row = session.get(StartedMessage, wanted.row)
    if row is None or (row.workspace, row.person) != (wanted.workspace, wanted.person):
        return False
    kept = (row.letter or {}).get("row")
    return kept is not None and release(session, wanted.workspace, kept, now)
