"""What is forgotten of plans and goals when somebody asks to be left out: words, ratings, and what letters said."""

from typing import Any

from sqlalchemy import delete, or_, select, update
from sqlalchemy.orm import Session

from storage.attention import StartedMessage
from storage.outbox import OutboxRow
from storage.plans import Item, Plan, WeekTap
from storage.programmes import Enrolment

_FETCHED_LATER: Any = {"synchronize_session": False}


def forget_plans(session: Session, workspace: str, person: str) -> list[str]:
    """Keep of this person's plans only that there were any; returns what the letters about them are about."""
    plans = list(session.scalars(select(Plan.id).where(Plan.workspace == workspace, Plan.person == person)))
    if not plans:
        return []
    items = list(session.scalars(select(Item.id).where(Item.workspace == workspace, Item.plan.in_(plans))))
    mine = (Item.workspace == workspace, Item.plan.in_(plans))
    emptied = {"cue": "", "action": "", "sealed_evidence": None, "evidence_file": None}
    session.execute(update(Item).where(*mine).values(emptied), execution_options=_FETCHED_LATER)
    unrated = {"rating_before": None, "rating_after": None, "sealed_closing": None}
    session.execute(update(Plan).where(Plan.id.in_(plans)).values(unrated), execution_options=_FETCHED_LATER)
    session.execute(delete(WeekTap).where(WeekTap.plan.in_(plans)), execution_options=_FETCHED_LATER)
    keys = [f"{noun}:{plan}:%" for plan in plans for noun in ("help", "buddy")]
    keys += [f"plan_nudge:{item}:%" for item in items]
    _forget_lines(session, workspace, keys)
    session.expire_all()
    return _letters_about(session, workspace, keys)


def forget_goals(session: Session, workspace: str, person: str) -> list[str]:
    """What the letters about this person's goals are about: the words in them go."""
    mine = select(Enrolment.id).where(Enrolment.workspace == workspace, Enrolment.person == person)
    keys = [key for one in session.scalars(mine) for key in (f"goal:{one}", f"goal_word:{one}:%")]
    if not keys:
        return []
    _forget_lines(session, workspace, keys)
    return _letters_about(session, workspace, keys)


def _forget_lines(session: Session, workspace: str, keys: list[str]) -> None:
    """Others were asked about these plans: that they were stays, the words go."""
    which = or_(*(StartedMessage.once.like(key) for key in keys))
    session.execute(
        update(StartedMessage).where(StartedMessage.workspace == workspace, which).values(line=""),
        execution_options=_FETCHED_LATER,
    )


def _letters_about(session: Session, workspace: str, keys: list[str]) -> list[str]:
    which = or_(*(OutboxRow.about.like(key) for key in keys))
    found = session.scalars(select(OutboxRow.about).where(OutboxRow.workspace == workspace, which))
    return sorted({about for about in found if about})
