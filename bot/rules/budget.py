"""The budget: every message the app starts passes here, and each decision is kept with its reason.

A learner gets 3 a week and 1 a day, anyone with a role 5 and 2 (users of other tools left over 62 notices in a week);
what colleagues ask for always goes, and counts. Days and weeks are those of the place where the person lives.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from bot.blocks.attention import TAKEN_BACK
from bot.blocks.kit import Message
from bot.rules.attention import Started, has_acted, reason_against
from bot.rules.availability import calendar_of
from bot.rules.budget_decision import Decision, Outcome, Room, Situation, Urgency, decide
from bot.rules.cards import letter_to
from bot.rules.choices import Choices, read_choices
from bot.rules.preferences import Preferences, Rhythm, read_preferences
from bot.rules.working_time import Calendar
from storage import attention as stored
from storage import outbox, outbox_held
from storage.attention import Standing, StartedMessage
from storage.check_ins import find_days_ahead
from storage.locks import lock
from storage.managers import find_standing_of
from storage.notes import wake
from storage.outbox import Letter
from storage.people import find_person, get_person, roles_of
from storage.session import Session

__all__ = [
    "Outcome",
    "Request",
    "Urgency",
    "Wish",
    "first_day_with_room",
    "hold_person",
    "request",
    "spend",
    "wants",
    "wish",
]
LONGEST_KEY = 255
REMEMBERED = timedelta(days=30)  # the outbox surely remembers a letter for so long


@dataclass(frozen=True, slots=True)
class Wish:
    """A message that the app would start.

    `once` is its key in the workspace; `line` says in one line of mrkdwn what it is about, for the morning note and
    the list of what was held back, and holds nothing private. `asked_by` is the person because of whom it is written.
    """

    workspace: str
    person: str
    kind: Started
    once: str
    line: str
    letter: Letter | None
    urgency: Urgency = Urgency.STARTED
    asked_by: str | None = None
    not_after: datetime | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """What a named person (`by`) asks of somebody, as `wish` takes it; `about` is the thing its card shows."""

    workspace: str
    person: str
    kind: Started
    once: str
    line: str
    by: str
    about: str | None = None


def wish(session: Session, wanted: Wish, now: datetime) -> Outcome:
    """Say this, or keep it until there is room, or note it, or drop it; whatever it is, a row says why.

    The same wish again changes nothing, unless it was dropped or taken back: then it is decided anew.
    """
    hold_person(session, wanted.workspace, wanted.person)
    known = stored.find_started(session, wanted.workspace, wanted.once)
    if known is not None and known.state != Standing.DROPPED and not _is_taken_back(session, known, now):
        return Outcome.ALREADY
    row = known or _new_row(session, wanted, now)
    row.line, row.wished_at, row.not_after = _line(session, wanted), now, wanted.not_after
    outcome = settle(session, row, wanted.letter, wanted.asked_by, now)
    if wanted.asked_by is not None and outcome is not Outcome.DROPPED:
        _was_asked(session, wanted)
    return outcome


def request(session: Session, asked: Request, card: Message, now: datetime) -> Outcome:
    """Tell somebody what a named person asks of them, or what that person did about a wish of theirs."""
    letter = letter_to(session, asked.workspace, asked.person, card, about=asked.about)
    wanted = Wish(
        asked.workspace,
        asked.person,
        asked.kind,
        asked.once[:LONGEST_KEY],
        asked.line,
        letter,
        Urgency.REQUEST,
        asked_by=asked.by,
    )
    return wish(session, wanted, now)


def settle(
    session: Session, row: StartedMessage, letter: Letter | None, asked_by: str | None, now: datetime
) -> Outcome:
    """Decide about a row that is new, waits, or was dropped; the person is held."""
    at = situation(session, row, asked_by, now)
    decision = decide(Urgency(row.urgency), at, now, row.not_after)
    _store(session, row, decision, at.calendar.today(now))
    if decision.outcome is not Outcome.DROPPED:
        wake(session, row.workspace, row.person, anew=decision.outcome is Outcome.NOTED)
    _keep_letter(session, row, letter, asked_by, now)
    session.flush()
    return decision.outcome


def spend(
    session: Session, workspace: str, person: str, kind: Started, once: str, line: str, now: datetime
) -> None:
    """Count a started message whose letter the caller sends by itself; the same `once` counts once."""
    hold_person(session, workspace, person)
    if stored.find_started(session, workspace, once) is None:
        row = _new_row(session, Wish(workspace, person, kind, once, line, None), now)
        today = calendar_of(session, workspace, person, now).today(now)
        row.line, row.state, row.said_on = line, Standing.SAID.value, today
        wake(session, workspace, person)
        session.flush()


def wants(session: Session, workspace: str, person: str, kind: Started, now: datetime) -> bool:
    """Whether this person may be written to today at all: is here, did not stop this kind, and asked for no pause."""
    chosen = read_preferences(session, workspace, person)
    today = calendar_of(session, workspace, person, now).today(now)
    return not is_paused(chosen, today) and reason_against(session, workspace, person, kind) is None


def first_day_with_room(
    session: Session, workspace: str, person: str, kind: Started, day: date, calendar: Calendar, now: datetime
) -> date:
    """The first working day from `day` on on which one more message fits into the budget, as far as is known now."""
    room = room_of(session, workspace, person, calendar, now, kind=kind)
    return room.first_day(max(day, calendar.today(now)), calendar)


def hold_person(session: Session, workspace: str, person: str) -> None:
    """Two transactions must not both find the last room of a day: one waits for the other."""
    lock(session, [person_key(workspace, person)])


def person_key(workspace: str, person: str) -> str:
    """What is locked while it is decided what this person is sent."""
    return f"{workspace}/attention/{person}"


def situation(session: Session, row: StartedMessage, asked_by: str | None, now: datetime) -> Situation:
    """All that the decision about this message depends on."""
    workspace, person = row.workspace, row.person
    choices, chosen = read_choices(session, workspace), read_preferences(session, workspace, person)
    calendar, duty = calendar_of(session, workspace, person, now), has_duty(session, workspace, person)
    today = calendar.today(now)
    return Situation(
        calendar,
        room_of(session, workspace, person, calendar, now, kind=Started(row.kind), before=row.id, duty=duty),
        reason_against(session, workspace, person, Started(row.kind), asked_by=asked_by),
        paused=is_paused(chosen, today),
        gets_notes=rhythm_of(session, workspace, person, choices, chosen, duty=duty) is not Rhythm.NEVER
        and Started.NOTE not in chosen.stopped,
        requests_today=stored.count_said_of(session, workspace, person, Urgency.REQUEST, today),
        noted_request=choices.noted_request,
    )


def is_paused(chosen: Preferences, today: date) -> bool:
    """Whether the person asked not to be written to today."""
    return chosen.pause_until is not None and today < chosen.pause_until


def room_of(
    session: Session,
    workspace: str,
    person: str,
    calendar: Calendar,
    now: datetime,
    *,
    kind: Started,
    before: int | None = None,
    duty: bool | None = None,
) -> Room:
    """How much this person may be written to, and how much they were or will be; `duty` where it is known already.

    A check-in that is planned has its day: another kind leaves room for it. Of what waits only that counts which was
    wished before the row `before`: the earlier one has the right of way.
    """
    choices, today = read_choices(session, workspace), calendar.today(now)
    taken = Counter(stored.count_said(session, workspace, person, today - timedelta(days=today.weekday())))
    for row in stored.find_in(session, workspace, person, Standing.WAITING):
        if row.due_at is not None and (before is None or row.id < before):
            taken[max(today, calendar.today(row.due_at))] += 1
    if kind is not Started.CHECK_IN:
        taken.update(find_days_ahead(session, workspace, person, today))
    has = has_duty(session, workspace, person) if duty is None else duty
    return _room(choices, taken, has_duty=has)


def _room(choices: Choices, taken: Mapping[date, int], *, has_duty: bool) -> Room:
    if has_duty:
        return Room(choices.duty_day, choices.duty_week, taken)
    return Room(choices.learner_day, choices.learner_week, taken)


def has_duty(session: Session, workspace: str, person: str) -> bool:
    """Whether this person has a role, or manages somebody."""
    if any(role.accepted for role in roles_of(session, workspace, person)):
        return True
    return any(standing.agreed for standing in find_standing_of(session, workspace, person))


def rhythm_of(
    session: Session,
    workspace: str,
    person: str,
    choices: Choices,
    chosen: Preferences,
    *,
    duty: bool | None = None,
) -> Rhythm:
    """How often this person gets a morning note: as they chose, else by whether they have a duty."""
    if chosen.note_rhythm is not None:
        return chosen.note_rhythm
    has = has_duty(session, workspace, person) if duty is None else duty
    return Rhythm(choices.duty_note if has else choices.learner_note)


def _new_row(session: Session, wanted: Wish, now: datetime) -> StartedMessage:
    get_person(session, wanted.workspace, wanted.person)
    row = StartedMessage(
        workspace=wanted.workspace,
        person=wanted.person,
        kind=wanted.kind.value,
        urgency=wanted.urgency.value,
        once=wanted.once,
        line="",
        state=Standing.DROPPED.value,
        wished_at=now,
        not_after=wanted.not_after,
    )
    session.add(row)
    session.flush()
    return row


def _was_asked(session: Session, wanted: Wish) -> None:
    """Whom a colleague asked may be written to from now on, or a request that waits could never come."""
    known = find_person(session, wanted.workspace, wanted.person)
    if known is not None and not known.is_external:
        has_acted(session, wanted.workspace, wanted.person, "was asked by a colleague")


def _line(session: Session, wanted: Wish) -> str:
    """Of somebody who is left out nothing but ids is kept."""
    known = find_person(session, wanted.workspace, wanted.person)
    return "" if known is None or known.left_out else wanted.line


def _store(session: Session, row: StartedMessage, decision: Decision, today: date) -> None:
    row.state, row.why, row.due_at = decision.outcome.value, decision.why, decision.look_at
    row.said_on = today if decision.outcome is Outcome.SAID else None
    session.flush()


def _keep_letter(
    session: Session, row: StartedMessage, letter: Letter | None, asked_by: str | None, now: datetime
) -> None:
    """Send the letter now, or have the outbox keep it: there it is redrawn and taken back like any other."""
    kept = (row.letter or {}).get("row")
    if row.state == Standing.DROPPED:
        row.letter = None
        if kept is not None:
            outbox_held.drop_held(session, row.workspace, kept)
    elif kept is not None:
        if row.state == Standing.SAID and not outbox_held.release(session, row.workspace, kept, now):
            _was_taken_back(row)
    elif letter is not None:
        due = now if row.state == Standing.SAID else outbox_held.UNTIL_RELEASED
        finished = replace(letter, started=True, once=letter.once or row.once, due_at=due)
        row.letter = {"row": outbox.enqueue(session, finished, now), "asked_by": asked_by}


def _is_taken_back(session: Session, row: StartedMessage, now: datetime) -> bool:
    """Whether its letter was withdrawn before it left; it may then be wished anew."""
    kept = (row.letter or {}).get("row")
    # Later the outbox may have forgotten a letter that was sent, which is not the same.
    if kept is None or now - row.wished_at > REMEMBERED or outbox_held.is_there(session, row.workspace, kept):
        return False
    _was_taken_back(row)
    session.flush()
    return True


def _was_taken_back(row: StartedMessage) -> None:
    row.state, row.why, row.said_on, row.letter = Standing.DROPPED.value, TAKEN_BACK, None, None
