"""Letters that the outbox keeps until somebody lets them go: there they are redrawn and taken back like any other."""

from datetime import UTC, datetime

from sqlalchemy import delete
from sqlalchemy.orm import Session

from storage.outbox import OutboxRow

UNTIL_RELEASED = datetime(9999, 1, 1, tzinfo=UTC)  # when a letter is due that is held


def release(session: Session, workspace: str, letter: int, now: datetime) -> bool:
    """Let a letter go that was held back; False when it is not there any more."""
    row = _lock(session, workspace, letter)
    if row is None:
        return False
    if row.due_at == UNTIL_RELEASED:
        row.due_at = now
    return True


def drop_held(session: Session, workspace: str, letter: int) -> None:
    """Drop a letter that is held back, with what refers to it; one that was let go stays."""
    row = _lock(session, workspace, letter)
    if row is not None and row.due_at == UNTIL_RELEASED:
        session.execute(delete(OutboxRow).where(OutboxRow.target_of == letter))
        session.delete(row)
        session.flush()


def is_there(session: Session, workspace: str, letter: int) -> bool:
    """Whether this letter was not taken back."""
    session.flush()
    row = session.get(OutboxRow, letter, populate_existing=True)
    return row is not None and row.workspace == workspace


def _lock(session: Session, workspace: str, letter: int) -> OutboxRow | None:
    """The letter as it is at this moment: somebody may be taking it back."""
    session.flush()
    row = session.get(OutboxRow, letter, with_for_update=True, populate_existing=True)
    return row if row is not None and row.workspace == workspace else None
