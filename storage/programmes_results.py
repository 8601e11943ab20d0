"""What came of one run of a programme, as counts; people who asked to be left out are in none of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Select, and_, distinct, func, or_, select
from sqlalchemy.orm import Session, aliased

from bot.slack_ts import ts_of
from storage.check_ins import Prompt, PromptKind, PromptState, StillUsed
from storage.messages import Message
from storage.people import Person
from storage.plans import HelpState, Item, Plan, PlanState
from storage.programmes import Cohort, Enrolment, EnrolmentState
from storage.talks import Talk, TalkState

MADE = (PlanState.ACTIVE, PlanState.CLOSING, PlanState.CLOSED, PlanState.EXPIRED)


# After about half a year and about a year: a programme may ask on other days than the usual two.
STILL_ASKED = {182: range(1, 274), 365: range(274, 1_001)}


@dataclass(frozen=True, slots=True)
class Outcome:
    """Counts of people; `rating` is before, after, and from how many; `still` is yes, partly, no by day."""

    people: int
    invited: int
    planned: int
    checked_in: int
    talked: int
    closed: int
    rating: tuple[float, float, int]
    still: dict[int, tuple[int, int, int]]
    voices: int


def read_outcome(session: Session, cohort: Cohort) -> Outcome:
    """What came of this run so far."""
    plans = select(func.count(distinct(Plan.enrolment))).join(Enrolment, Enrolment.id == Plan.enrolment)
    into = aliased(Prompt)  # an answer to one message answers all that came in it
    answered = (
        select(func.count(distinct(Prompt.enrolment)))
        .join(Enrolment, Enrolment.id == Prompt.enrolment)
        .outerjoin(into, into.id == Prompt.merged_into)
        .where(
            Prompt.kind == PromptKind.CHECK_IN,
            or_(
                Prompt.state == PromptState.ANSWERED,
                and_(Prompt.state == PromptState.MERGED, into.state == PromptState.ANSWERED),
            ),
        )
    )
    talks = select(func.count(distinct(Talk.enrolment))).join(Enrolment, Enrolment.id == Talk.enrolment)
    talked = _count(session, cohort, talks.where(Talk.state == TalkState.HELD))
    return Outcome(
        people=_count(session, cohort, select(func.count(Enrolment.id))),
        invited=_count(session, cohort, plans.where(Plan.state != PlanState.CALLED_OFF)),
        planned=_count(session, cohort, plans.where(Plan.state.in_(MADE))),
        checked_in=_count(session, cohort, answered),
        talked=talked,
        closed=_count(session, cohort, plans.where(Plan.state == PlanState.CLOSED)),
        rating=_rating(session, cohort),
        still={about: _still(session, cohort, days) for about, days in STILL_ASKED.items()},
        voices=talked + _helped(session, cohort) + _replies(session, cohort),
    )


def _of(query: Select[int], cohort: Cohort) -> Select[int]:
    return (
        query.join(Person, and_(Person.workspace == Enrolment.workspace, Person.id == Enrolment.person))
        .where(Enrolment.workspace == cohort.workspace, Enrolment.cohort == cohort.id)
        .where(Enrolment.state != EnrolmentState.LEFT, ~Person.left_out)
    )


def _count(session: Session, cohort: Cohort, query: Select[int]) -> int:
    return int(session.scalar(_of(query, cohort)) or 0)


def _rating(session: Session, cohort: Cohort) -> tuple[float, float, int]:
    query = (
        select(func.avg(Plan.rating_before), func.avg(Plan.rating_after), func.count(Plan.id))
        .join(Enrolment, Enrolment.id == Plan.enrolment)
        .where(Plan.rating_before.is_not(None), Plan.rating_after.is_not(None))
    )
    row: Sequence[Any] = session.execute(_of(query, cohort)).one()
    return float(row[0] or 0), float(row[1] or 0), int(row[2])


def _still(session: Session, cohort: Cohort, days: range) -> tuple[int, int, int]:
    query = (
        select(func.count(distinct(Prompt.enrolment)))
        .join(Enrolment, Enrolment.id == Prompt.enrolment)
        .where(Prompt.day.in_(days))
    )
    yes, partly, no = (
        _count(session, cohort, query.where(Prompt.still_used == answer))
        for answer in (StillUsed.YES, StillUsed.PARTLY, StillUsed.NO)
    )
    return yes, partly, no


def _helped(session: Session, cohort: Cohort) -> int:
    buddies = (
        select(func.count(Plan.id))
        .join(Enrolment, Enrolment.id == Plan.enrolment)
        .where(Plan.buddy_state == HelpState.ACCEPTED)
    )
    helpers = (
        select(func.count(Item.id))
        .join(Plan, Plan.id == Item.plan)
        .join(Enrolment, Enrolment.id == Plan.enrolment)
        .where(Item.helper_state == HelpState.ACCEPTED)
    )
    return _count(session, cohort, buddies) + _count(session, cohort, helpers)


def _replies(session: Session, cohort: Cohort) -> int:
    """Replies by others to what its people posted in the run's space."""
    if cohort.space is None:
        return 0
    root = aliased(Message)
    same_thread = and_(
        root.workspace == Message.workspace, root.channel == Message.channel, root.ts == Message.thread_ts
    )
    query = (
        select(func.count(Message.id))
        .join(root, same_thread)
        .join(Enrolment, and_(Enrolment.workspace == root.workspace, Enrolment.person == root.author))
        .where(Message.workspace == cohort.workspace, Message.channel == cohort.space)
        .where(~Message.deleted, ~Message.by_bot, Message.author != root.author)
        .where(root.ts >= ts_of(cohort.made_at))
    )
    return _count(session, cohort, query)
