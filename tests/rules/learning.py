"""People who finished a programme, for tests of what comes after it."""

from datetime import UTC, date, datetime
from itertools import count

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.rules import check_ins
from bot.rules.check_in_sending import attend, send_due
from storage.check_ins import Prompt, find_of_enrolment
from storage.people import get_person
from storage.programmes import Cohort, Enrolment, Programme
from tests.rules.nouns import NOW, T

DAYS = (2, 7, 16, 35, 70, 182, 365)
_numbers = count(1)


def at(text: str) -> datetime:
    """An instant of 2027 in UTC: "03-26 09:00"."""
    return datetime.strptime(f"2027-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)


def programme(
    session: Session, days: tuple[int, ...] = DAYS, title: str = "Bread for beginners"
) -> Programme:
    """A programme with a question for each day; from half a year on it asks whether it is still used."""
    number = next(_numbers)
    made = Programme(
        workspace=T,
        key=f"bread-{number}",
        title=title,
        check_ins=[
            {"day": day, "question": f"What about your dough on day {day}?", "still_used": day > 100}
            for day in days
        ],
        items=[],
        closing=[],
        circle_questions=[],
        made_at=NOW,
    )
    session.add(made)
    session.flush()
    return made


def finished(
    session: Session,
    person: str,
    on: date,
    *,
    days: tuple[int, ...] = DAYS,
    zone: str = "UTC",
    now: datetime | None = None,
    title: str = "Bread for beginners",
) -> Enrolment:
    """This person has finished a programme, and its check-ins are planned."""
    known = get_person(session, T, person)
    known.tz, known.welcome_because = zone, "was enrolled"
    of = programme(session, days, title)
    cohort = Cohort(
        workspace=T, programme=of.id, name="spring", starts_on=on, ends_on=on, state="ended", made_at=NOW
    )
    session.add(cohort)
    session.flush()
    enrolment = Enrolment(
        workspace=T,
        cohort=cohort.id,
        person=person,
        state="completed",
        enrolled_at=NOW,
        step="done",
        completed_on=on,
    )
    session.add(enrolment)
    session.flush()
    check_ins.plan_for(session, enrolment, now or datetime(on.year, on.month, on.day, 22, tzinfo=UTC))
    session.flush()
    return enrolment


def ticks(session: Session, now: datetime) -> None:
    """Everything that is due is done, in as many goes as it takes."""
    while send_due(session, T, now):
        session.flush()


def prompts(session: Session, enrolment: Enrolment) -> list[Prompt]:
    """The check-ins of an enrolment, by day."""
    session.flush()
    return find_of_enrolment(session, T, enrolment.id)


def prompt(session: Session, enrolment: Enrolment, day: int) -> Prompt:
    """The check-in of one day."""
    return next(one for one in prompts(session, enrolment) if one.day == day)


def next_instant(session: Session) -> datetime | None:
    """When something is due next."""
    session.flush()
    query = select(Prompt.due_at).where(Prompt.due_at.is_not(None)).order_by(Prompt.due_at).limit(1)
    return session.scalars(query).first()


__all__ = ["DAYS", "at", "attend", "finished", "next_instant", "programme", "prompt", "prompts", "ticks"]
