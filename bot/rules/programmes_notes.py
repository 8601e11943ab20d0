"""What the morning note says to whoever runs programmes: weeks without a colleague's voice, a space without us."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.blocks import programmes_words as words
from bot.blocks.kit import escape
from bot.blocks.notes import NoteLine
from bot.rules.programmes import silent_weeks, standing_of
from bot.rules.programmes_weeks import can_tell, week_at
from storage.programmes import Cohort, CohortState, Programme
from storage.programmes_finding import find_cohorts_of_facilitator
from storage.session import Session

AHEAD = timedelta(days=14)


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """Runs of theirs that are on or begin in two weeks: this or the next week without a voice, a space without us."""
    lines: list[NoteLine] = []
    for cohort in find_cohorts_of_facilitator(session, workspace, person, now.date()):
        soon = cohort.starts_on <= now.date() + AHEAD
        if soon and standing_of(cohort, now) in (CohortState.PLANNED, CohortState.RUNNING):
            lines += _lines(session, cohort, now)
    return lines


def _lines(session: Session, cohort: Cohort, now: datetime) -> Iterator[NoteLine]:
    programme = session.get_one(Programme, cohort.programme)
    title, run = escape(programme.title), escape(cohort.name)
    current = max(week_at(cohort, now.date()), 1)
    soon = (current, current + 1)  # for later ones there is time
    silent = [number for number in silent_weeks(session, programme) if number in soon]
    if silent:
        text = words.ONE_WEEK if len(silent) == 1 else words.WEEKS
        weeks = text.format(numbers=", ".join(map(str, silent)))
        yield NoteLine(words.SILENT_LINE.format(title=title, run=run, weeks=weeks))
    if cohort.space is not None and not can_tell(session, cohort):
        yield NoteLine(words.NO_SPACE_LINE.format(title=title, run=run))
