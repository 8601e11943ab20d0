"""Prompts of the weekly reflection: which are to come, due, open."""

from datetime import date, datetime

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from storage.check_ins import OPEN, Prompt, PromptKind, PromptState


def key_of(person: str, monday: date) -> str:
    """What makes a person's reflection one of its week."""
    return f"reflection:{person}:{monday:%Y-%m-%d}"


def find_of_week(session: Session, workspace: str, person: str, monday: date) -> Prompt | None:
    """The person's reflection of the week that begins on this day."""
    query = select(Prompt).where(Prompt.workspace == workspace, Prompt.once == key_of(person, monday))
    return session.scalars(query).first()


def find_coming(session: Session, workspace: str, person: str) -> list[Prompt]:
    """Those that are planned."""
    return list(session.scalars(_of(workspace, person).where(Prompt.state == PromptState.SCHEDULED)))


def find_unanswered(session: Session, workspace: str, person: str) -> list[Prompt]:
    """Those that were asked and are open."""
    return list(session.scalars(_of(workspace, person).where(Prompt.state.in_(OPEN))))


def was_ever_asked(session: Session, workspace: str, person: str) -> bool:
    """Whether this person got any prompt before."""
    query = select(Prompt.id).where(
        Prompt.workspace == workspace, Prompt.person == person, Prompt.sent_at.is_not(None)
    )
    return session.execute(query.limit(1)).first() is not None


def take_due(session: Session, workspace: str, now: datetime, most: int) -> list[Prompt]:
    """Those whose time has come, the earliest first, that no other replica is at."""
    query = select(Prompt).where(
        Prompt.workspace == workspace, Prompt.due_at <= now, Prompt.kind == PromptKind.REFLECTION
    )
    ordered = query.order_by(Prompt.due_at, Prompt.id).limit(most)
    return list(session.scalars(ordered.with_for_update(skip_locked=True)))


def next_reflection(session: Session, workspace: str) -> datetime | None:
    """When the next thing is to be done with one."""
    query = select(Prompt.due_at).where(
        Prompt.workspace == workspace, Prompt.due_at.is_not(None), Prompt.kind == PromptKind.REFLECTION
    )
    return session.scalars(query.order_by(Prompt.due_at).limit(1)).first()


def _of(workspace: str, person: str) -> Select[Prompt]:
    return select(Prompt).where(
        Prompt.workspace == workspace, Prompt.person == person, Prompt.kind == PromptKind.REFLECTION
    )
