"""Check-ins: planned when a programme ends, planned again when a person's days change, called off with it."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from bot.blocks import check_ins as blocks
from bot.rules import check_in_cards as cards
from bot.rules.attention import Started
from bot.rules.availability import calendar_of
from bot.rules.budget import hold_person, room_of
from bot.rules.check_in_plan import Fate, Situation, Wanted, is_humane, plan
from bot.rules.choices import read_choices
from bot.rules.working_time import Calendar
from storage import check_ins as stored
from storage.check_ins import OPEN, Prompt, PromptKind, PromptState, StillUsed
from storage.plans_due import find_origin
from storage.programmes import Enrolment
from storage.session import Session

CALLED_OFF = "the programme was called off or left"
GONE = "the person is not part of this any more"
WAITS = "check-ins are paused"
HALF_A_YEAR = (
    170  # about; from here on programmes without questions of their own ask whether it is still used
)
LONGEST_LEAVE_LOOK = timedelta(days=60)


def plan_for(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """Plan the check-ins after the end of a programme; safe to repeat, also with a corrected day of the end.

    The days are the programme's own, else the workspace's (`Choices.check_in_days`, with their sources there).
    """
    if enrolment.completed_on is None:
        return
    hold_person(session, enrolment.workspace, enrolment.person)
    known = {
        prompt.once: prompt for prompt in stored.find_of_enrolment(session, enrolment.workspace, enrolment.id)
    }
    for prompt in _prompts(session, enrolment):
        before = known.get(prompt.once)
        if before is None:
            session.add(prompt)
        elif before.sent_at is None and before.planned_on != prompt.planned_on:
            before.planned_on = before.due_on = prompt.planned_on
            before.state = PromptState.SCHEDULED
        elif before.state == PromptState.CALLED_OFF and before.sent_at is None:
            before.state = PromptState.SCHEDULED
    session.flush()
    replan(session, enrolment.workspace, enrolment.person, now)


def replan(
    session: Session,
    workspace: str,
    person: str,
    now: datetime,
    *,
    late: bool = False,
    calendar: Calendar | None = None,
) -> list[Prompt]:
    """Plan anew what was not sent to this person, and return it; what was sent stays sent.

    With `late`, what is due already may still come today. `calendar` is the person's, where it is known already.
    Safe to repeat.
    """
    hold_person(session, workspace, person)
    unsent = stored.find_unsent(session, workspace, person)
    calendar = calendar or calendar_of(session, workspace, person, now)
    _move_reminders(session, workspace, person, calendar, now)
    going = {prompt.id: prompt for prompt, paused in unsent if paused is None}
    for prompt, paused in unsent:
        if paused is not None:
            _rest(prompt, calendar)
    if going:
        at = _situation(session, workspace, person, calendar, now, late=late)
        wanted = [Wanted(one.id, one.planned_on, one.due_on) for one in going.values()]
        _apply(going, plan(wanted, at))
    session.flush()
    return [prompt for prompt in going.values() if prompt.state == PromptState.SCHEDULED]


def call_off(session: Session, enrolment: Enrolment, now: datetime) -> None:
    """The person left the programme: nothing more is asked about it; what they write to it is still kept."""
    workspace, person = enrolment.workspace, enrolment.person
    hold_person(session, workspace, person)
    for prompt in stored.find_of_enrolment(session, workspace, enrolment.id):
        if prompt.state in OPEN:
            _end(prompt, PromptState.CALLED_OFF)
            cards.redraw(session, prompt, now, blocks.CALLED_OFF)
        elif prompt.sent_at is None and prompt.state in (PromptState.SCHEDULED, PromptState.MERGED):
            _end(prompt, PromptState.CALLED_OFF)
    session.flush()
    replan(session, workspace, person, now)


def person_left(session: Session, workspace: str, person: str, now: datetime) -> None:
    """The person was deactivated or left out: whatever could still come does not; safe to repeat."""
    del now
    hold_person(session, workspace, person)
    unsent = [prompt for prompt, _ in stored.find_unsent(session, workspace, person)]
    asked = [one for one in stored.find_open(session, workspace, person) if one.kind == PromptKind.CHECK_IN]
    for prompt in (*unsent, *asked):
        _end(prompt, PromptState.CALLED_OFF, GONE)
    session.flush()


def find_open_prompts(session: Session, workspace: str, person: str) -> list[Prompt]:
    """Prompts of every kind that were sent and are neither answered nor skipped nor over, the latest first."""
    return stored.find_open(session, workspace, person)


def record_answered(session: Session, prompt: Prompt, now: datetime) -> None:
    """An entry answers this prompt, whatever had become of it; answering again changes nothing.

    Whoever answers after a silence is asked again as planned.
    """
    hold_person(session, prompt.workspace, prompt.person)
    session.refresh(prompt)
    first = prompt.answered_at is None
    prompt.state, prompt.due_at = PromptState.ANSWERED, None
    prompt.answered_at = prompt.answered_at or now
    session.flush()
    if prompt.kind != PromptKind.CHECK_IN:
        return
    resume(session, prompt, now)
    if first:
        cards.redraw(session, prompt, now, blocks.ANSWERED)


def record_unanswered(session: Session, prompt: Prompt, now: datetime) -> None:
    """What looked like an answer was none: the question is open as before, without further reminders."""
    if prompt.state != PromptState.ANSWERED or prompt.sent_at is None:
        return
    prompt.state, prompt.answered_at = PromptState.SENT, None
    session.flush()
    if prompt.kind == PromptKind.CHECK_IN:
        cards.redraw(session, prompt, now, "")


def resume(session: Session, prompt: Prompt, now: datetime) -> None:
    """The check-ins of this prompt's programme go on, if silence had paused them."""
    enrolment = session.get(Enrolment, prompt.enrolment) if prompt.enrolment is not None else None
    if enrolment is None or enrolment.check_ins_paused is None:
        return
    enrolment.check_ins_paused = None
    session.flush()
    replan(session, prompt.workspace, prompt.person, now)
    cards.say_resumed(session, prompt, now)


def upcoming(session: Session, prompt: Prompt) -> Prompt | None:
    """The next check-in of the same programme that is still to come."""
    if prompt.enrolment is None:
        return None
    coming = stored.find_of_enrolment(session, prompt.workspace, prompt.enrolment)
    waiting = (one for one in coming if one.state == PromptState.SCHEDULED and one.due_at is not None)
    return min(waiting, key=lambda one: one.due_on, default=None)


def _end(prompt: Prompt, state: PromptState, why: str = CALLED_OFF) -> None:
    prompt.state, prompt.due_at, prompt.why = state, None, why


def _prompts(session: Session, enrolment: Enrolment) -> list[Prompt]:
    origin = find_origin(session, enrolment.workspace, enrolment.id)
    if origin is None or enrolment.completed_on is None:
        return []
    given: Sequence[Mapping[str, Any]] = origin.programme.check_ins or _defaults(
        read_choices(session, enrolment.workspace).check_in_days, origin.programme.title
    )
    return [_prompt(enrolment, enrolment.completed_on, check_in) for check_in in given]


def _defaults(days: Sequence[int], title: str) -> list[dict[str, Any]]:
    asked = zip(days, blocks.default_questions(days, title), strict=True)
    return [{"day": day, "question": question, "still_used": day >= HALF_A_YEAR} for day, question in asked]


def _prompt(enrolment: Enrolment, ended_on: date, check_in: Mapping[str, Any]) -> Prompt:
    day = int(check_in["day"])
    planned_on = ended_on + timedelta(days=day)
    return Prompt(
        workspace=enrolment.workspace,
        once=f"check_in:{enrolment.id}:{day}",
        person=enrolment.person,
        kind=PromptKind.CHECK_IN.value,
        enrolment=enrolment.id,
        day=day,
        question=str(check_in["question"]),
        planned_on=planned_on,
        due_on=planned_on,
        state=PromptState.SCHEDULED.value,
        still_used=StillUsed.ASKED.value if check_in.get("still_used") else None,
    )


def _situation(
    session: Session, workspace: str, person: str, calendar: Calendar, now: datetime, *, late: bool
) -> Situation:
    last = stored.last_sent_on(session, workspace, person)
    room = room_of(session, workspace, person, calendar, now, kind=Started.CHECK_IN)
    gap = read_choices(session, workspace).check_in_gap
    return Situation(calendar, now, last, gap, room.is_free, late)


def _apply(prompts: Mapping[int, Prompt], fates: Sequence[Fate]) -> None:
    for fate in fates:
        prompt = prompts[fate.key]
        prompt.due_on, prompt.due_at = fate.due_on, fate.due_at
        prompt.merged_into, prompt.why = fate.into, fate.why.value
        prompt.state = _state(fate)


def _state(fate: Fate) -> PromptState:
    if fate.into is not None:
        return PromptState.MERGED
    return PromptState.MISSED if fate.due_at is None else PromptState.SCHEDULED


def _rest(prompt: Prompt, calendar: Calendar) -> None:
    """While check-ins are paused each keeps its day, so that it is noted as missed when that has come."""
    prompt.due_on = calendar.next_working_day(prompt.planned_on)
    prompt.due_at, prompt.merged_into = calendar.at(prompt.due_on), None
    prompt.state, prompt.why = PromptState.SCHEDULED, WAITS


def _move_reminders(session: Session, workspace: str, person: str, calendar: Calendar, now: datetime) -> None:
    known = calendar.as_far_as_known()
    for prompt in stored.find_open(session, workspace, person):
        if prompt.due_at is not None and prompt.due_at > now and not is_humane(known, prompt.due_at):
            prompt.due_at = known.next_time(prompt.due_at)
