"""Letters that nothing will ask for any more are forgotten: what was said stands in Slack."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, delete, exists, func, or_, select
from sqlalchemy.orm import Session, aliased

from storage.outbox import FORGETTABLE, LetterState, OutboxRow

KEEP_LETTERS = timedelta(days=90)  # as long as somebody may still ask what was said to whom, and why not
MOST = 200  # in one transaction; the next tick takes the next


def forget_letters(session: Session, workspace: str, now: datetime) -> int:
    """Drop some letters that were sent, or failed, more than 90 days ago; returns how many.

    Those with a name stay: `once` keeps a second letter from being sent, `about` finds a card that is to be redrawn or
    answered. So does the newest of each conversation, because a doubtful letter is looked for from there on, and what
    another letter refers to.
    """
    before = now - KEEP_LETTERS
    query = (
        select(OutboxRow.id)
        .where(
            FORGETTABLE,
            OutboxRow.workspace == workspace,
            OutboxRow.due_at < before,
            func.coalesce(OutboxRow.sent_at, OutboxRow.due_at) < before,
            OutboxRow.recheck_at.is_(None),
            ~_is_referred_to(),
            or_(OutboxRow.ts.is_(None), _has_successor()),
        )
        # In the order of its own index: else SQLite takes that of `once`, and looks at every letter that has none.
        .order_by(OutboxRow.due_at)
        .limit(MOST)
    )
    found = list(session.scalars(query))
    if found:
        _drop(session, OutboxRow.id.in_(found))
    return len(found)


def forget_older_drawings(session: Session, drawn: OutboxRow) -> None:
    """A card was drawn anew: how it looked before is of no use to anybody."""
    if drawn.method == "chat.update" and drawn.target_of is not None:
        done = (LetterState.SENT.value, LetterState.FAILED.value)
        _drop(
            session,
            OutboxRow.target_of == drawn.target_of,
            OutboxRow.method == drawn.method,
            OutboxRow.id < drawn.id,
            OutboxRow.state.in_(done),
        )


def _is_referred_to() -> ColumnElement[bool]:
    other = aliased(OutboxRow)
    return exists().where(or_(other.thread_of == OutboxRow.id, other.target_of == OutboxRow.id))


def _has_successor() -> ColumnElement[bool]:
    other = aliased(OutboxRow)
    return exists().where(
        other.workspace == OutboxRow.workspace, other.channel == OutboxRow.channel, other.ts > OutboxRow.ts
    )


def _drop(session: Session, *which: ColumnElement[bool]) -> None:
    session.execute(delete(OutboxRow).where(*which), execution_options={"synchronize_session": False})
