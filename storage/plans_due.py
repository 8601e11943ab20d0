"""What is due in plans, by index, and what deciding about it needs to know."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from storage.check_ins import Prompt
from storage.people import Person
from storage.plans import RUNNING, Item, ItemState, Plan
from storage.programmes import Cohort, Enrolment, Programme

_A_CHECK_IN = ("scheduled", "sent", "snoozed", "answered", "skipped", "silent")


@dataclass(frozen=True, slots=True)
class Origin:
    """What a plan comes from."""

    enrolment: Enrolment
    cohort: Cohort
    programme: Programme


def find_origin(session: Session, workspace: str, enrolment: int) -> Origin | None:
    """The enrolment with its cohort and programme."""
    query = (
        select(Enrolment, Cohort, Programme)
        .join(Cohort, Cohort.id == Enrolment.cohort)
        .join(Programme, Programme.id == Cohort.programme)
        .where(Enrolment.workspace == workspace, Enrolment.id == enrolment)
    )
    found = session.execute(query).first()
    return None if found is None else Origin(found[0], found[1], found[2])


def find_mates(session: Session, workspace: str, cohort: int) -> list[Person]:
    """The colleagues of a cohort who may be somebody's buddy: no guest, no app, nobody elsewhere or gone."""
    query = (
        select(Person)
        .join(Enrolment, (Enrolment.workspace == Person.workspace) & (Enrolment.person == Person.id))
        .where(Enrolment.workspace == workspace, Enrolment.cohort == cohort, Enrolment.state != "left")
        .where(~Person.is_bot, ~Person.is_guest, ~Person.is_external)
        .where(~Person.is_deactivated, ~Person.left_out)
    )
    return list(session.scalars(query.order_by(Enrolment.id)))


def find_due_plans(session: Session, workspace: str, now: datetime, most: int) -> list[Plan]:
    """The plans whose next step has come, those that waited longest first; not those another replica has in hand."""
    query = select(Plan).where(Plan.workspace == workspace, Plan.due_at <= now)
    query = query.with_for_update(skip_locked=True)
    return list(session.scalars(query.order_by(Plan.due_at, Plan.id).limit(most)))


def find_due_items(session: Session, workspace: str, now: datetime, most: int) -> list[tuple[Plan, Item]]:
    """The items whose next step has come, with their plans, those that waited longest first.

    Not those that another replica has in hand.
    """
    query = (
        select(Plan, Item)
        .join(Plan, Plan.id == Item.plan)
        .where(Item.workspace == workspace, Item.due_at <= now)
        .with_for_update(skip_locked=True)
    )
    rows = session.execute(query.order_by(Item.due_at, Item.id).limit(most))
    return [(row[0], row[1]) for row in rows]


def next_plan_due(session: Session, workspace: str) -> datetime | None:
    """When the next step of a plan comes."""
    return session.scalar(select(func.min(Plan.due_at)).where(Plan.workspace == workspace))


def next_item_due(session: Session, workspace: str) -> datetime | None:
    """When the next step of an item comes."""
    return session.scalar(select(func.min(Item.due_at)).where(Item.workspace == workspace))


def has_check_in(session: Session, workspace: str, person: str, first: date, last: date) -> bool:
    """Whether a check-in of this person falls on one of these days, both ends included."""
    query = select(Prompt.id).where(
        Prompt.workspace == workspace,
        Prompt.person == person,
        Prompt.kind == "check_in",
        Prompt.state.in_(_A_CHECK_IN),
        Prompt.due_on.between(first, last),
    )
    return session.scalar(query.limit(1)) is not None


def find_nudges_of(session: Session, workspace: str, helper: str) -> list[tuple[Plan, Item]]:
    """The open items of running plans that this person helps with."""
    query = (
        select(Plan, Item)
        .join(Plan, Plan.id == Item.plan)
        .where(
            Item.workspace == workspace,
            Item.helper == helper,
            Item.state == ItemState.OPEN,
            Plan.state.in_(RUNNING),
        )
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(Item.id))]
