"""Cards: letters that show the state of one thing ("noun:id") and are redrawn or taken back as it changes."""

from datetime import datetime
from typing import Any

from sqlalchemy import Select, delete, select
from sqlalchemy.orm import Session

from storage.outbox import LetterKind, LetterState, OutboxRow, enqueue, rewrite


def find_card(session: Session, workspace: str, about: str) -> OutboxRow | None:
    """The newest letter that shows this thing, on its way or arrived."""
    return session.scalars(_cards(workspace, about).order_by(OutboxRow.id.desc()).limit(1)).first()


def _cards(workspace: str, about: str) -> Select[OutboxRow]:
    return select(OutboxRow).where(
        OutboxRow.workspace == workspace,
        OutboxRow.about == about,
        OutboxRow.kind == LetterKind.POST.value,
        OutboxRow.state != LetterState.FAILED.value,
    )


def take_back(session: Session, workspace: str, about: str) -> bool:
    """Drop the card if it surely never left; tells whether no trace of it is left."""
    row = _lock_card(session, workspace, about)
    if row is None:
        return True
    if not _never_left(row):
        return False
    session.execute(delete(OutboxRow).where(OutboxRow.target_of == row.id))
    session.delete(row)
    session.flush()
    return True


def redraw(session: Session, workspace: str, about: str, payload: dict[str, Any], now: datetime) -> bool:
    """Show the card as `payload` from now on, each picture once; False when there is no card."""
    row = _lock_card(session, workspace, about)
    if row is None:
        return False
    _show(session, row, payload, now)
    return True


def redraw_every(
    session: Session, workspace: str, about: str, payload: dict[str, Any], now: datetime
) -> None:
    """Show `payload` on every letter about this from now on: the same thing was said several times."""
    for row in session.scalars(_cards(workspace, about).order_by(OutboxRow.id)).all():
        session.refresh(row, with_for_update=True)
        _show(session, row, payload, now)


def _show(session: Session, row: OutboxRow, payload: dict[str, Any], now: datetime) -> None:
    if _never_left(row):
        row.payload = {**row.payload, **payload}
    elif last_picture(session, row) != payload["blocks"]:
        enqueue(session, rewrite(row.workspace, row.id, row.conversation, payload), now)
        _forget_earlier(session, row, payload)


def _forget_earlier(session: Session, row: OutboxRow, payload: dict[str, Any]) -> None:
    """Once a letter has arrived, nothing needs its earlier pictures: words that were deleted must not stay there."""
    if row.state == LetterState.SENT:
        row.payload = {**row.payload, **payload}
        session.execute(
            delete(OutboxRow).where(OutboxRow.target_of == row.id, OutboxRow.state == LetterState.SENT.value)
        )
        session.flush()


def rename(session: Session, workspace: str, about: str, to: str) -> None:
    """The card shows something else from now on, and is found under that."""
    card = find_card(session, workspace, about)
    if card is not None:
        card.about = to
        session.flush()


def is_on_its_way(session: Session, workspace: str, person: str, noun: str) -> bool:
    """Whether a message about something of this noun has left for this person and is not known to have arrived."""
    query = select(OutboxRow.id).where(
        OutboxRow.workspace == workspace,
        OutboxRow.recipient == person,
        OutboxRow.kind == LetterKind.POST.value,
        OutboxRow.state.in_((LetterState.SENDING.value, LetterState.UNSURE.value)),
        OutboxRow.about.startswith(noun),
    )
    return session.execute(query.limit(1)).first() is not None


def was_said_since(session: Session, workspace: str, about: str, since: datetime) -> bool:
    """Whether a letter about this was written after `since`."""
    query = select(OutboxRow.id).where(
        OutboxRow.workspace == workspace, OutboxRow.about == about, OutboxRow.created_at > since
    )
    return session.execute(query.limit(1)).first() is not None


def _lock_card(session: Session, workspace: str, about: str) -> OutboxRow | None:
    """The card as it is at this moment: a sender may be taking it."""
    card = find_card(session, workspace, about)
    if card is not None:
        session.refresh(card, with_for_update=True)
    return card


def _never_left(row: OutboxRow) -> bool:
    return row.state == LetterState.WAITING.value and row.first_unsure_at is None


def last_picture(session: Session, row: OutboxRow) -> Any:
    """The blocks of the letter as it was drawn last."""
    query = select(OutboxRow.payload).where(OutboxRow.target_of == row.id, OutboxRow.method == "chat.update")
    drawn = session.scalars(query.order_by(OutboxRow.id.desc()).limit(1)).first()
    return (drawn or row.payload).get("blocks")
