"""The people around a journal: buddies and cohorts with whom an entry may be shared."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from storage.check_ins import Prompt
from storage.journal import Entry
from storage.plans import HelpState, Plan
from storage.programmes import Cohort, Enrolment, Programme


def find_enrolment_of(session: Session, entry: Entry) -> int | None:
    """The enrolment whose check-in this entry answers."""
    query = select(Prompt.enrolment).where(Prompt.workspace == entry.workspace, Prompt.id == entry.prompt)
    return session.scalar(query) if entry.prompt is not None else None


def find_buddy(session: Session, entry: Entry) -> str | None:
    """The buddy of the plan that this entry belongs to, else of the newest plan that has one."""
    query = select(Plan.enrolment, Plan.buddy).where(
        Plan.workspace == entry.workspace,
        Plan.person == entry.person,
        Plan.buddy_state == HelpState.ACCEPTED,
        Plan.buddy.is_not(None),
    )
    found = session.execute(query.order_by(Plan.id.desc())).all()
    own = find_enrolment_of(session, entry)
    fitting = [row.buddy for row in found if row.enrolment == own]
    return next(iter([*fitting, *(row.buddy for row in found)]), None)


def find_cohort_of(session: Session, entry: Entry) -> int | None:
    """The cohort that this entry belongs to, else the newest that its person is in with somebody else."""
    query = select(Enrolment.id, Enrolment.cohort).where(
        Enrolment.workspace == entry.workspace,
        Enrolment.person == entry.person,
        Enrolment.state != "left",
        Enrolment.cohort.in_(_with_company(entry.workspace)),
    )
    found = session.execute(query.order_by(Enrolment.id.desc())).all()
    own = find_enrolment_of(session, entry)
    fitting = [row.cohort for row in found if row.id == own]
    return next(iter([*fitting, *(row.cohort for row in found)]), None)


def cohort_name(session: Session, workspace: str, cohort: int) -> str:
    """A cohort and its programme, by name; empty when it is gone."""
    query = (
        select(Cohort.name, Programme.title)
        .join(Programme, Programme.id == Cohort.programme)
        .where(Cohort.workspace == workspace, Cohort.id == cohort)
    )
    found = session.execute(query).first()
    return f"{found.title}, {found.name}" if found is not None else ""


def find_cohorts(session: Session, workspace: str, person: str) -> list[int]:
    """The cohorts that this person is in."""
    query = select(Enrolment.cohort).where(
        Enrolment.workspace == workspace, Enrolment.person == person, Enrolment.state != "left"
    )
    return list(session.scalars(query))


def were_together(session: Session, workspace: str, cohort: int, people: Sequence[str], at: datetime) -> bool:
    """Whether all these people are in this cohort now, and were already then."""
    query = select(func.count(func.distinct(Enrolment.person))).where(
        Enrolment.workspace == workspace,
        Enrolment.cohort == cohort,
        Enrolment.person.in_(people),
        Enrolment.enrolled_at <= at,
        Enrolment.state != "left",
    )
    return session.scalar(query) == len(set(people))


def programme_titles(session: Session, workspace: str, prompts: Sequence[int]) -> dict[int, tuple[str, str]]:
    """The programme (its title, empty for none) and the question of these prompts, by prompt."""
    query = (
        select(Prompt.id, Prompt.question, Programme.title)
        .outerjoin(Enrolment, Enrolment.id == Prompt.enrolment)
        .outerjoin(Cohort, Cohort.id == Enrolment.cohort)
        .outerjoin(Programme, Programme.id == Cohort.programme)
        .where(Prompt.workspace == workspace, Prompt.id.in_(prompts))
    )
    return {row.id: (row.title or "", row.question) for row in session.execute(query)}


def _with_company(workspace: str) -> Select[int]:
    query = select(Enrolment.cohort).where(Enrolment.workspace == workspace, Enrolment.state != "left")
    return query.group_by(Enrolment.cohort).having(func.count() > 1)
