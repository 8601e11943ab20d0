"""Check-ins come due: asked once, reminded of once the same day and once later, then paused until they are resumed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import structlog

from bot.blocks import check_ins as blocks
from bot.blocks.kit import Message
from bot.rules import check_in_cards as cards
from bot.rules import journal_messages
from bot.rules.attention import Started, reason_against
from bot.rules.availability import calendar_of
from bot.rules.budget import Outcome, Wish, first_day_with_room, person_key, wish
from bot.rules.check_in_plan import is_humane
from bot.rules.check_ins import WAITS, replan, upcoming
from bot.rules.choices import Choices, read_choices
from bot.rules.letters import Refused, Sent
from bot.rules.working_time import LAST_HOUR, Calendar
from storage import check_ins as stored
from storage import outbox
from storage.attention import find_started
from storage.check_ins import OPEN, Prompt, PromptKind, PromptState
from storage.failures import is_away, is_worth_repeating
from storage.locks import lock_free
from storage.outbox_cards import find_card
from storage.people import find_people, find_person
from storage.programmes import Enrolment
from storage.session import Session
from storage.settings import remembering

AT_ONCE = 25  # check-ins in one transaction: it should not keep what people do waiting
AN_HOUR = timedelta(hours=1)
OVERTAKEN = "the next check-in came"
NO_ANSWER = "nobody answered"
NOT_TAKEN = "Slack did not take it: {reason}"

log = structlog.get_logger(__name__)


def send_due(session: Session, workspace: str, now: datetime) -> bool:
    """Do what is due with some check-ins, whose time came first; whether there may be more to do now."""
    taken = stored.take_due(session, workspace, now, AT_ONCE)
    if not taken:
        return False
    keys = {person_key(workspace, one.person): one.person for one in taken}
    people = [keys[key] for key in sorted(lock_free(session, keys))]
    due = stored.find_due_of(session, workspace, people, now)
    # While these are at hand nobody asks the database for them again, person by person.
    at_hand = (find_people(session, workspace, people), stored.find_origins(session, workspace, due))
    with remembering(session):
        for person in people:
            _attend_apart(session, workspace, person, [one for one in due if one.person == person], now)
    del at_hand
    return bool(people)


def attend(session: Session, workspace: str, person: str, due: Sequence[Prompt], now: datetime) -> None:
    """Do what is due for this person; afterwards nothing of theirs is due any more."""
    calendar, choices = calendar_of(session, workspace, person, now), read_choices(session, workspace)
    planned = [prompt for prompt in due if prompt.state == PromptState.SCHEDULED]
    if planned:
        _miss_paused(session, planned)
        _send_planned(session, workspace, person, calendar, choices, now)
    for prompt in due:
        if prompt.due_at is None or prompt.due_at > now:
            continue
        if prompt.state in OPEN:
            _follow_up(session, prompt, calendar, choices, now)
        else:
            # It was planned and could not come: never twice in one go.
            prompt.due_at = calendar.next_time(now) if prompt.state == PromptState.SCHEDULED else None
    session.flush()


def record_sent(session: Session, sent: Sent, now: datetime) -> None:
    """The question arrived: from now on answers in its thread are understood, and its reminders are counted."""
    prompt = _prompt_of(session, sent.workspace, sent.about)
    if prompt is None:
        return
    prompt.channel, prompt.ts, prompt.sent_at = sent.channel, sent.ts, now
    if prompt.kind == PromptKind.CHECK_IN and prompt.state == PromptState.SENT and not prompt.reminders:
        calendar = calendar_of(session, prompt.workspace, prompt.person, now)
        _expect(prompt, calendar, read_choices(session, prompt.workspace), now)
    session.flush()
    journal_messages.settle_sent(session, sent.workspace, sent.channel, sent.ts, now)


def record_refused(session: Session, refused: Refused, now: datetime) -> None:
    """The question will never arrive: that is noted, and the others are planned without it."""
    prompt = _prompt_of(session, refused.workspace, refused.about)
    if prompt is None or prompt.state not in OPEN:
        return
    prompt.state, prompt.due_at, prompt.sent_at = PromptState.MISSED, None, None
    prompt.why = NOT_TAKEN.format(reason=refused.reason)
    session.flush()
    replan(session, prompt.workspace, prompt.person, now)


def _prompt_of(session: Session, workspace: str, about: str) -> Prompt | None:
    number = about.partition(":")[2]
    return stored.find_prompt(session, workspace, int(number)) if number.isdecimal() else None


def _attend_apart(
    session: Session, workspace: str, person: str, due: Sequence[Prompt], now: datetime
) -> None:
    """One person whose check-ins we stumble over must not stop everybody else's."""
    try:
        with session.begin_nested():
            attend(session, workspace, person, due, now)
    except Exception as error:
        if is_away(error) or is_worth_repeating(error):
            raise
        log.exception("check-in failed", workspace=workspace, person=person)
        for prompt in stored.find_due_of(session, workspace, [person], now):
            prompt.due_at = now + AN_HOUR
        session.flush()


def _miss_paused(session: Session, due: Sequence[Prompt]) -> None:
    for prompt in due:
        if _enrolment(session, prompt).check_ins_paused is not None:
            prompt.state, prompt.due_at, prompt.why = PromptState.MISSED, None, WAITS
    session.flush()


def _send_planned(
    session: Session, workspace: str, person: str, calendar: Calendar, choices: Choices, now: datetime
) -> None:
    for prompt in replan(session, workspace, person, now, late=True, calendar=calendar):
        if prompt.due_at is not None and prompt.due_at <= now:
            _send(session, prompt, calendar, choices, now)


def _send(session: Session, prompt: Prompt, calendar: Calendar, choices: Choices, now: datetime) -> None:
    card, line = cards.draw(session, prompt), blocks.line(cards.question_of(session, prompt))
    outcome = _start(session, prompt, cards.about(prompt), card, line, now)
    if outcome is Outcome.DROPPED:
        decided = find_started(session, prompt.workspace, cards.about(prompt))
        prompt.state, prompt.due_at = PromptState.MISSED, None
        prompt.why = decided.why if decided is not None else ""
        return
    prompt.state, prompt.sent_at, prompt.due_on = PromptState.SENT, now, calendar.today(now)
    _expect(prompt, calendar, choices, now)
    for earlier in stored.find_open(session, prompt.workspace, prompt.person):
        if earlier.enrolment == prompt.enrolment and earlier.id != prompt.id:
            earlier.state, earlier.due_at, earlier.why = PromptState.SILENT, None, OVERTAKEN
            cards.redraw(session, earlier, now, blocks.OVERTAKEN)


def _start(
    session: Session, prompt: Prompt, about: str, card: Message, line: str, now: datetime, *, once: str = ""
) -> Outcome:
    """Through the budget, like every message that the app starts."""
    letter = _letter(session, prompt, about, card)
    wanted = Wish(prompt.workspace, prompt.person, Started.CHECK_IN, once or about, line, letter)
    return wish(session, wanted, now)


def _letter(session: Session, prompt: Prompt, about: str, card: Message) -> outbox.Letter:
    known = find_person(session, prompt.workspace, prompt.person)
    dm = known.dm if known is not None else None
    return outbox.post_to_person(prompt.workspace, prompt.person, card.payload(), dm=dm, about=about)


def _expect(prompt: Prompt, calendar: Calendar, choices: Choices, now: datetime) -> None:
    """When to remind: some hours later on the same day while it is day, else some working days later."""
    reminder = now + timedelta(hours=choices.same_day_reminder)
    today_ends = calendar.at(calendar.today(now), LAST_HOUR)
    if min(reminder, today_ends) - now >= AN_HOUR:
        prompt.reminders, prompt.due_at = 0, min(reminder, today_ends)
    else:
        prompt.reminders, prompt.due_at = 1, _later(prompt, calendar, choices, now)


def _later(prompt: Prompt, calendar: Calendar, choices: Choices, now: datetime) -> datetime:
    due = calendar.at(calendar.add_working_days(prompt.due_on, choices.later_reminder))
    return due if due > now else calendar.next_time(now)


def _follow_up(session: Session, prompt: Prompt, calendar: Calendar, choices: Choices, now: datetime) -> None:
    """Nobody answered until now, or they asked us to come back."""
    if reason_against(session, prompt.workspace, prompt.person, Started.CHECK_IN) is not None:
        prompt.due_at = None
    elif not is_humane(calendar, now) or not _has_arrived(session, prompt):
        prompt.due_at = calendar.as_far_as_known().next_time(now)
    elif prompt.state == PromptState.SNOOZED:
        _come_back(session, prompt, calendar, choices, now)
    elif prompt.reminders == 0:
        _remind_today(session, prompt, calendar, choices, now)
    elif prompt.reminders == 1:
        _remind_later(session, prompt, calendar, now)
    else:
        _fall_silent(session, prompt, now)


def _has_arrived(session: Session, prompt: Prompt) -> bool:
    """Whether the question left at all: nobody is silent who was not asked."""
    letter = find_card(session, prompt.workspace, cards.about(prompt))
    is_asked = prompt.ts is not None or prompt.state == PromptState.SNOOZED
    return is_asked or letter is None or letter.state != outbox.LetterState.WAITING


def _come_back(session: Session, prompt: Prompt, calendar: Calendar, choices: Choices, now: datetime) -> None:
    prompt.state, prompt.due_on = PromptState.SENT, calendar.today(now)
    prompt.reminders, prompt.due_at = 1, _later(prompt, calendar, choices, now)
    _ask_again(session, prompt, blocks.CAME_BACK, now)


def _remind_today(
    session: Session, prompt: Prompt, calendar: Calendar, choices: Choices, now: datetime
) -> None:
    """It belongs to the check-in that it reminds of, so it takes no room of its own."""
    if calendar.today(now) == prompt.due_on:
        _ask_again(session, prompt, blocks.REMINDED, now)
    prompt.reminders, prompt.due_at = 1, _later(prompt, calendar, choices, now)


def _remind_later(session: Session, prompt: Prompt, calendar: Calendar, now: datetime) -> None:
    workspace, person, today = prompt.workspace, prompt.person, calendar.today(now)
    day = first_day_with_room(session, workspace, person, Started.CHECK_IN, today, calendar, now)
    if day > today:
        prompt.due_at = calendar.at(day)
        return
    card = cards.draw(session, prompt, opening=blocks.REMINDED_LATER)
    line = blocks.line(cards.question_of(session, prompt))
    _start(session, prompt, cards.about_again(prompt), card, line, now, once=_again_once(prompt, now))
    prompt.reminders = 2
    prompt.due_at = calendar.at(calendar.add_working_days(today, 1))


def _fall_silent(session: Session, prompt: Prompt, now: datetime) -> None:
    prompt.state, prompt.due_at, prompt.why = PromptState.SILENT, None, NO_ANSWER
    session.flush()
    enrolment = _enrolment(session, prompt)
    if upcoming(session, prompt) is not None:
        enrolment.check_ins_paused = "silence"
        session.flush()
        replan(session, prompt.workspace, prompt.person, now)
        programme = cards.question_of(session, prompt).programme
        said = blocks.paused(prompt.id, programme)
        _start(session, prompt, cards.about_pause(prompt), said, blocks.paused_line(programme), now)
    cards.redraw(session, prompt, now, blocks.SILENT)


def _ask_again(session: Session, prompt: Prompt, opening: str, now: datetime) -> None:
    card = cards.draw(session, prompt, opening=opening)
    once = _again_once(prompt, now)
    letter = _letter(session, prompt, cards.about_again(prompt), card)
    outbox.enqueue(session, replace(letter, once=once, started=True, reminder=True), now)


def _again_once(prompt: Prompt, now: datetime) -> str:
    return f"{cards.about_again(prompt)}:{now:%Y%m%dT%H%M}"


def _enrolment(session: Session, prompt: Prompt) -> Enrolment:
    return session.get_one(Enrolment, prompt.enrolment)
