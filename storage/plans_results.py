"""What came of the plans of some enrolments, in numbers: the ratings are averages, never one person's."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from storage.plans import MADE, Item, ItemState, Plan, PlanState


@dataclass(frozen=True, slots=True)
class PlanResults:
    """How many plans came how far; `rated` people gave both ratings, whose averages are `before` and `after`."""

    invited: int
    planned: int
    closed: int  # with the last look
    expired: int
    items: int
    done: int
    rated: int
    before: float | None
    after: float | None


def count_results(session: Session, workspace: str, enrolments: Sequence[int]) -> PlanResults:
    """The numbers of these enrolments' plans; the caller hides what belongs to fewer than five people."""
    here = (Plan.workspace == workspace, Plan.enrolment.in_(enrolments))
    states = select(Plan.state, func.count()).where(*here).group_by(Plan.state)
    by_state = {row[0]: row[1] for row in session.execute(states)}
    both = (*here, Plan.rating_before.is_not(None), Plan.rating_after.is_not(None))
    rates = select(func.count(), func.avg(Plan.rating_before), func.avg(Plan.rating_after)).where(*both)
    rated, before, after = session.execute(rates).one()
    return PlanResults(
        invited=sum(number for state, number in by_state.items() if state != PlanState.CALLED_OFF),
        planned=sum(by_state.get(state, 0) for state in MADE),
        closed=by_state.get(PlanState.CLOSED, 0),
        expired=by_state.get(PlanState.EXPIRED, 0),
        items=_count_items(session, here),
        done=_count_items(session, here, Item.state == ItemState.DONE),
        rated=rated,
        before=float(before) if rated else None,
        after=float(after) if rated else None,
    )


def _count_items(session: Session, here: tuple[ColumnElement[bool], ...], *which: ColumnElement[bool]) -> int:
    made = select(Plan.id).where(*here, Plan.state.in_(MADE))
    query = select(func.count()).select_from(Item).where(Item.plan.in_(made), *which)
    return session.scalar(query) or 0
