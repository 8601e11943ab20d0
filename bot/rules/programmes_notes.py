"""What the morning note says to whoever runs programmes: weeks that have no colleague's voice yet."""

from datetime import datetime, timedelta

from bot.blocks import programmes_words as words
from bot.blocks.kit import escape
from bot.blocks.notes import NoteLine
from bot.rules.programmes import silent_weeks, standing_of
from storage.programmes import CohortState, Programme
from storage.programmes_finding import find_cohorts_of_facilitator
from storage.session import Session

AHEAD = timedelta(days=14)


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """Runs of theirs that are on, or begin in two weeks, with weeks to come in which no colleague is heard."""
    lines = []
    for cohort in find_cohorts_of_facilitator(session, workspace, person, now.date()):
        soon = cohort.starts_on <= now.date() + AHEAD
        if not soon or standing_of(cohort, now) not in (CohortState.PLANNED, CohortState.RUNNING):
            continue
        programme = session.get_one(Programme, cohort.programme)
        current = max((now.date() - cohort.starts_on).days // 7 + 1, 1)
        silent = [number for number in silent_weeks(session, programme) if number >= current]
        if silent:
            text = words.ONE_WEEK if len(silent) == 1 else words.WEEKS
            weeks = text.format(numbers=", ".join(map(str, silent)))
            title, run = escape(programme.title), escape(cohort.name)
            lines.append(NoteLine(words.SILENT_LINE.format(title=title, run=run, weeks=weeks)))
    return lines
