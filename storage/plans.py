"""Plans: what somebody will do after a programme, who helps, and how it goes."""

from datetime import date
from enum import StrEnum

from sqlalchemy import Index, UniqueConstraint, func, or_, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import (
    Base,
    Day,
    Instant,
    Name,
    RowId,
    RowRef,
    SlackId,
    Words,
    in_workspace,
    of_person,
    of_row,
)


class PlanState(StrEnum):
    """Where a plan is."""

    INVITED = "invited"  # the person may make it
    ACTIVE = "active"
    CLOSING = "closing"  # its closing questions are asked
    CLOSED = "closed"
    EXPIRED = "expired"  # the closing questions stayed unanswered
    CALLED_OFF = "called_off"


class PlanStep(StrEnum):
    """What a plan's `due_at` is for."""

    REMIND = "remind"
    WEEK = "week"
    ASK_CLOSING = "ask_closing"
    EXPIRE = "expire"
    NOTHING = ""


class ItemState(StrEnum):
    """Where an item is."""

    OPEN = "open"
    DONE = "done"
    CLOSED = "closed"


class ItemStep(StrEnum):
    """What an item's `due_at` is for."""

    NUDGE = "nudge"  # of its helper
    WARN = "warn"  # its person: it closes soon
    CLOSE = "close"
    NOTHING = ""


class HelpState(StrEnum):
    """What became of asking somebody to be helper or buddy."""

    NONE = "none"
    PROPOSED = "proposed"  # a buddy whom the app proposes; nobody asked yet
    ASKED = "asked"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    LEFT = "left"  # the workspace, or asked to be left out


class Tapped(StrEnum):
    """How a week went, by one tap."""

    DONE = "done"
    SOME = "some"
    NOT_YET = "not_yet"


class Plan(Base):
    """The if-then items of one person, with a buddy and a rating before and after."""

    __tablename__ = "plans"
    __table_args__ = (
        UniqueConstraint("workspace", "enrolment", name="one_plan_per_enrolment"),
        of_row("enrolment", "enrolments.id"),
        in_workspace(),
        of_person(),
        Index("ix_plans_person", "workspace", "person", "state"),
        Index("ix_plans_buddy", "workspace", "buddy"),
        Index("ix_plans_due", "workspace", "due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    enrolment: Mapped[RowRef]
    person: Mapped[SlackId]
    state: Mapped[Name]  # PlanState
    made_at: Mapped[Instant]  # while it is only an invitation: when that was decided
    closed_at: Mapped[Instant | None]
    ends_on: Mapped[Day]  # active 12 weeks at most
    buddy: Mapped[SlackId | None]
    buddy_state: Mapped[Name]  # HelpState
    rating_before: Mapped[int | None]  # 1 to 10, the learner's alone
    rating_after: Mapped[int | None]
    sealed_closing: Mapped[Words | None]  # the closing answers, the learner's alone
    step: Mapped[Name] = mapped_column(default=PlanStep.NOTHING, server_default="")  # PlanStep
    due_at: Mapped[Instant | None]  # when that step comes; empty when nothing is due


class Item(Base):
    """One thing to do, "when X happens, I will Y", with the day it is due and a helper who agreed."""

    __tablename__ = "plan_items"
    __table_args__ = (
        UniqueConstraint("plan", "number", name="one_item_per_number"),
        of_row("plan", "plans.id"),
        in_workspace(),
        Index("ix_plan_items_helper", "workspace", "helper", "helper_state"),
        Index("ix_plan_items_due", "workspace", "due_at"),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    plan: Mapped[RowRef]
    number: Mapped[int]
    cue: Mapped[Words]  # when this happens
    action: Mapped[Words]  # I will do this
    due_on: Mapped[Day]
    state: Mapped[Name]  # ItemState
    done_at: Mapped[Instant | None]
    sealed_evidence: Mapped[Words | None]  # a line for the approver only
    evidence_file: Mapped[SlackId | None]
    helper: Mapped[SlackId | None]
    helper_state: Mapped[Name]  # HelpState
    nudged_for: Mapped[Day | None]  # the due date before which the helper was nudged
    step: Mapped[Name] = mapped_column(default=ItemStep.NOTHING, server_default="")  # ItemStep
    due_at: Mapped[Instant | None]  # when that step comes; empty when nothing is due


class WeekTap(Base):
    """Done, some or not yet: one tap a week, with a line if the learner likes."""

    __tablename__ = "plan_weeks"
    __table_args__ = (
        UniqueConstraint("plan", "week_of", name="one_tap_per_week"),
        of_row("plan", "plans.id"),
        in_workspace(),
    )

    id: Mapped[RowId]
    workspace: Mapped[SlackId]
    plan: Mapped[RowRef]
    week_of: Mapped[Day]  # its Monday
    asked_at: Mapped[Instant]
    answer: Mapped[Name | None]  # Tapped
    answered_at: Mapped[Instant | None]
    sealed_line: Mapped[Words | None]


RUNNING = (PlanState.ACTIVE, PlanState.CLOSING)
MADE = (*RUNNING, PlanState.CLOSED, PlanState.EXPIRED)


def find_plan(session: Session, workspace: str, plan: int) -> Plan | None:
    """One plan."""
    found = session.get(Plan, plan)
    return found if found is not None and found.workspace == workspace else None


def find_plan_of(session: Session, workspace: str, enrolment: int) -> Plan | None:
    """The plan that goes with an enrolment."""
    query = select(Plan).where(Plan.workspace == workspace, Plan.enrolment == enrolment)
    return session.scalars(query).first()


def find_plans_by(session: Session, workspace: str, person: str) -> list[Plan]:
    """This person's plans, the newest first."""
    query = select(Plan).where(Plan.workspace == workspace, Plan.person == person)
    return list(session.scalars(query.order_by(Plan.id.desc())))


def find_items(session: Session, plan: Plan) -> list[Item]:
    """The plan's items, in their order."""
    query = select(Item).where(Item.workspace == plan.workspace, Item.plan == plan.id)
    return list(session.scalars(query.order_by(Item.number)))


def find_item(session: Session, workspace: str, item: int) -> tuple[Plan, Item] | None:
    """One item and the plan that it is in."""
    query = select(Plan, Item).join(Plan, Plan.id == Item.plan)
    found = session.execute(query.where(Item.workspace == workspace, Item.id == item)).first()
    return None if found is None else (found[0], found[1])


def find_weeks(session: Session, plan: Plan) -> list[WeekTap]:
    """The plan's weekly taps, the newest first."""
    query = select(WeekTap).where(WeekTap.workspace == plan.workspace, WeekTap.plan == plan.id)
    return list(session.scalars(query.order_by(WeekTap.week_of.desc())))


def find_week(session: Session, plan: Plan, week_of: date) -> WeekTap | None:
    """The tap of the week that begins on this Monday."""
    query = select(WeekTap).where(WeekTap.workspace == plan.workspace, WeekTap.plan == plan.id)
    return session.scalars(query.where(WeekTap.week_of == week_of)).first()


def find_running_of_buddy(session: Session, workspace: str, buddy: str) -> list[Plan]:
    """The running plans whose buddy this person is, or was asked to be."""
    query = select(Plan).where(
        Plan.workspace == workspace,
        Plan.buddy == buddy,
        Plan.buddy_state.in_((HelpState.ASKED, HelpState.ACCEPTED)),
        Plan.state.in_(RUNNING),
    )
    return list(session.scalars(query.order_by(Plan.id)))


def find_running_of(session: Session, workspace: str, people: list[str]) -> list[Plan]:
    """The running plans of these people."""
    query = select(Plan).where(Plan.workspace == workspace, Plan.person.in_(people), Plan.state.in_(RUNNING))
    return list(session.scalars(query.order_by(Plan.id)))


def find_helped(session: Session, workspace: str, helper: str) -> list[tuple[Plan, Item]]:
    """The items of running plans that this person helps with, or was asked to."""
    query = (
        select(Plan, Item)
        .join(Plan, Plan.id == Item.plan)
        .where(
            Item.workspace == workspace,
            Item.helper == helper,
            Item.helper_state.in_((HelpState.ASKED, HelpState.ACCEPTED)),
            Plan.state.in_(RUNNING),
        )
    )
    return [(row[0], row[1]) for row in session.execute(query.order_by(Plan.id, Item.number))]


def count_buddies(session: Session, workspace: str, people: list[str]) -> dict[str, int]:
    """How many plans each of these people is buddy of, or proposed to or asked to be."""
    query = (
        select(Plan.buddy, func.count())
        .where(
            Plan.workspace == workspace,
            Plan.buddy.in_(people),
            Plan.buddy_state.in_((HelpState.PROPOSED, HelpState.ASKED, HelpState.ACCEPTED)),
            or_(Plan.state == PlanState.INVITED, Plan.state.in_(RUNNING)),
        )
        .group_by(Plan.buddy)
    )
    return {person: number for person, number in session.execute(query) if person}
