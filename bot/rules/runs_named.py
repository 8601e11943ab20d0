"""Who is named for a run hears of it: its sponsor, who stands behind it, and its facilitator, who looks after it."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import programmes_cards as cards
from bot.blocks.kit import escape
from bot.rules.attention import Started
from bot.rules.budget import Request, request
from bot.rules.naming import name_of
from storage.people import log_act
from storage.programmes import Cohort, Programme
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Named:
    """The people of a run."""

    sponsor: str | None = None
    facilitator: str | None = None


def named(cohort: Cohort) -> Named:
    """Who they are now."""
    return Named(cohort.sponsor, cohort.facilitator)


def say_named(session: Session, cohort: Cohort, before: Named, by: str | None, now: datetime) -> None:
    """Log who is new among them, and tell whom somebody else named; the same name again changes nothing."""
    _say_one(session, cohort, "sponsor", cohort.sponsor, before.sponsor, by, now)
    _say_one(session, cohort, "facilitator", cohort.facilitator, before.facilitator, by, now)


def _say_one(
    session: Session,
    cohort: Cohort,
    duty: str,
    person: str | None,
    before: str | None,
    by: str | None,
    now: datetime,
) -> None:
    if person == before:
        return
    log_act(session, cohort.workspace, by, f"run {duty}", f"{cohort.id} {person or 'nobody'}", now)
    if person is None or by is None or person == by:
        return
    title, name = session.get_one(Programme, cohort.programme).title, name_of(session, cohort.workspace, by)
    card = cards.named_for_run(name, title, cohort.name, duty)
    about = f"run_{duty}:{cohort.id}:{person}"
    line = cards.NAMED_LINE.format(name=escape(name), duty=duty, title=escape(title))
    request(session, Request(cohort.workspace, person, Started.PROGRAMME, about, line, by, about), card, now)
