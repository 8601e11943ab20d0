"""The morning note: one message holds everything not urgent, and there is none when there is nothing.

Learners get it weekly, people with a role each working day; whatever joined it because there was no room brings it on
the next working day. It is a started message itself and counts. What waits is repeated each working day for a week,
then weekly, and not after four weeks: a note that says the same for ever is read by nobody.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.blocks import notes as blocks
from bot.blocks.kit import first_line, permalink, plain
from bot.blocks.notes import NoteLine, Section
from bot.rules import journal_reading, nominations, plans_notes, programmes_notes, role_changes, talk_overview
from bot.rules.attention import Started, reason_against
from bot.rules.availability import calendar_of
from bot.rules.budget import first_day_with_room, hold_person, rhythm_of, spend
from bot.rules.cards import tell
from bot.rules.choices import Choices, read_choices
from bot.rules.note_days import next_note
from bot.rules.preferences import Preferences, Rhythm, read_preferences
from bot.rules.working_time import Calendar
from bot.slack_ts import ts_of
from storage import notes as stored
from storage.attention import MorningNote, Standing, StartedMessage, find_in
from storage.messages import find_message
from storage.outbox_held import is_there
from storage.session import Session
from storage.workspaces import get_workspace

FOLLOWED = timedelta(days=28)  # so long somebody waits for answers to a question
DAILY_FOR, REPEATED_FOR = timedelta(days=7), timedelta(days=28)  # so long what is no news is said again
WORDS = 80

Lines = Callable[[Session, str, str, datetime], Sequence[NoteLine]]


@dataclass(frozen=True, slots=True)
class _Reader:
    """Who the note is for, and what it depends on."""

    workspace: str
    person: str
    calendar: Calendar
    rhythm: Rhythm
    weekday: int


def answers(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """The person's questions that somebody replied to since the last note."""
    note = stored.find_note(session, workspace, person)
    days = timedelta(days=7)
    if note is not None and note.last_on is not None:
        days = max(timedelta(days=1), min(FOLLOWED, timedelta(days=(now.date() - note.last_on).days)))
    found = stored.find_answered(session, workspace, person, ts_of(now - days))
    url = get_workspace(session, workspace).url
    return [_answer(session, workspace, one, url) for one in found]


# Under each title, what the nouns have to say: the place where a feature adds its lines.
SECTIONS: tuple[tuple[str, tuple[Lines, ...]], ...] = (
    (
        blocks.WAITS,
        (
            nominations.note_lines,
            role_changes.note_lines,
            programmes_notes.note_lines,
            plans_notes.note_lines,
            talk_overview.note_lines,
            journal_reading.note_lines,
        ),
    ),
    (blocks.ANSWERS, (answers,)),
)


def write_due(session: Session, workspace: str, now: datetime) -> None:
    """Write the notes that are due, and plan the next ones; safe to repeat."""
    choices = read_choices(session, workspace)
    for note in sorted(stored.find_due_notes(session, workspace, now), key=lambda one: one.person):
        hold_person(session, workspace, note.person)
        session.refresh(note)
        if note.due_at is not None and note.due_at <= now:
            _write_or_plan(session, note, choices, now)
    session.flush()


def _write_or_plan(session: Session, note: MorningNote, choices: Choices, now: datetime) -> None:
    chosen = read_preferences(session, note.workspace, note.person)
    reader = _reader(session, note, choices, chosen, now)
    if note.due_at == stored.AWAKE or not _is_time(note, reader.calendar, now):
        stored.mark_noted(note, None, _next(session, reader, chosen, now))
        return
    if reason_against(session, note.workspace, note.person, Started.NOTE) is not None:
        stored.mark_noted(note, None, None)
        return
    noted = find_in(session, note.workspace, note.person, Standing.NOTED)
    today = reader.calendar.today(now)
    day = first_day_with_room(
        session, reader.workspace, reader.person, Started.NOTE, today, reader.calendar, now
    )
    if day > today and not noted:
        stored.mark_noted(note, None, reader.calendar.at(day))
        return
    sections = _sections(session, reader, noted, now)
    written = bool(noted or _is_worth_a_note(note, sections, today)) and _write(
        session, reader, note, sections, now
    )
    awake = any(section.lines for section in sections) or stored.has_open_question(
        session, reader.workspace, reader.person, now - FOLLOWED
    )
    due_at = _next(session, reader, chosen, now) if awake else None
    stored.mark_noted(note, today if written else None, due_at)


def _reader(
    session: Session, note: MorningNote, choices: Choices, chosen: Preferences, now: datetime
) -> _Reader:
    workspace, person = note.workspace, note.person
    calendar = calendar_of(session, workspace, person, now)
    rhythm = rhythm_of(session, workspace, person, choices, chosen)
    return _Reader(workspace, person, calendar, rhythm, choices.note_weekday)


def _is_time(note: MorningNote, calendar: Calendar, now: datetime) -> bool:
    """Whether they are at work and today has no note yet; one of the evening would be none of the morning."""
    return note.last_on != calendar.today(now) and calendar.is_at_work(now)


def _next(session: Session, reader: _Reader, chosen: Preferences, now: datetime) -> datetime | None:
    waits = find_in(session, reader.workspace, reader.person, Standing.NOTED)
    # Who chose a rhythm gets that one; else a line that had no room as a message does not wait for a week.
    rhythm = Rhythm.DAILY if waits and chosen.note_rhythm is None else reader.rhythm
    return next_note(rhythm, reader.weekday, reader.calendar, now)


def _sections(
    session: Session, reader: _Reader, noted: Sequence[StartedMessage], now: datetime
) -> list[Section]:
    """All that there is to say; what joined the note is said by it, once."""
    sections = [Section(title, _lines(session, reader, given, now)) for title, given in SECTIONS]
    standing = [row for row in noted if _stands(session, row)]
    for row in noted:
        row.state = Standing.LISTED.value
    return [*sections, Section(blocks.NOTED, [_noted(row) for row in standing])]


def _is_worth_a_note(note: MorningNote, sections: Sequence[Section], today: date) -> bool:
    if stored.is_news(note, _texts(sections)) or note.last_on is None or note.news_on is None:
        return True
    week_over = note.last_on + timedelta(days=7) <= today
    return today < note.news_on + (REPEATED_FOR if week_over else DAILY_FOR)


def _write(
    session: Session, reader: _Reader, note: MorningNote, sections: Sequence[Section], now: datetime
) -> bool:
    """Send the note if there is anything to say."""
    if not any(section.lines for section in sections):
        return False
    workspace, person, today = reader.workspace, reader.person, reader.calendar.today(now)
    rhythm = Rhythm.DAILY if reader.rhythm is Rhythm.NEVER else reader.rhythm
    once = f"note:{person}:{today}"
    tell(session, workspace, person, blocks.note(sections, rhythm), now, once=once, about=once, started=True)
    spend(session, workspace, person, Started.NOTE, once, "", now)
    stored.mark_said(note, _texts(sections), today)
    return True


def _texts(sections: Sequence[Section]) -> list[str]:
    """What may be said again; a line that joined the note is said once."""
    return [line.text for section in sections if section.title != blocks.NOTED for line in section.lines]


def _lines(session: Session, reader: _Reader, given: Sequence[Lines], now: datetime) -> list[NoteLine]:
    return [line for lines in given for line in lines(session, reader.workspace, reader.person, now)]


def _stands(session: Session, row: StartedMessage) -> bool:
    """Whether what the line is about was not taken back meanwhile."""
    kept = (row.letter or {}).get("row")
    return row.letter is None or (kept is not None and is_there(session, row.workspace, kept))


def _noted(row: StartedMessage) -> NoteLine:
    return NoteLine(row.line, held=row.id if row.letter else None)


def _answer(session: Session, workspace: str, one: stored.Answered, url: str) -> NoteLine:
    root = find_message(session, workspace, one.channel, one.ts)
    words = one.text or (root.text if root is not None else "")
    question = first_line(plain(words), WORDS).strip()
    text = blocks.answered(question, one.replies, marked=one.is_answered)
    return NoteLine(text, permalink(url, one.channel, one.ts))
