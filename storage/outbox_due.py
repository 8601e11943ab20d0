"""Which letters may be sent now, and which need another look: the questions that a sender asks all the time.

They run on a connection that cannot write; `storage.outbox_claims` asks again before it takes a row.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select, text, tuple_
from sqlalchemy.orm import Session, aliased

from storage.outbox import LetterState, OutboxRow
from storage.outbox_held import UNTIL_RELEASED

MOST_PER_WORKSPACE = 64
WAITING, SENDING, UNSURE = LetterState.WAITING.value, LetterState.SENDING.value, LetterState.UNSURE.value
SENT, FAILED = LetterState.SENT.value, LetterState.FAILED.value


@dataclass(frozen=True, slots=True)
class Due:
    """A letter whose turn it is."""

    id: int
    workspace: str
    conversation: str
    method: str


def database_now(session: Session) -> datetime:
    """The database's own clock: the only one that all replicas share, and nobody moves it."""
    if session.get_bind().dialect.name == "sqlite":
        told = session.execute(text("SELECT strftime('%Y-%m-%d %H:%M:%f', 'now')")).scalar_one()
        return datetime.fromisoformat(told).replace(tzinfo=UTC)
    instant: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return instant.astimezone(UTC)


def find_due(
    session: Session, now: datetime, closed: Collection[tuple[str, str]] = (), most: int = MOST_PER_WORKSPACE
) -> list[Due]:
    """The letters whose turn it is, in row order, at most `most` of each workspace.

    `closed` names pairs of workspace and method that rest for a while.
    """
    place = func.row_number().over(partition_by=OutboxRow.workspace, order_by=OutboxRow.id)
    columns = (OutboxRow.id, OutboxRow.workspace, OutboxRow.conversation, OutboxRow.method)
    query = select(*columns, place.label("place")).where(may_go(database_now(session), now))
    if closed:
        query = query.where(tuple_(OutboxRow.workspace, OutboxRow.method).not_in(sorted(closed)))
    numbered = query.subquery()
    wanted = select(numbered).where(numbered.c.place <= most).order_by(numbered.c.id)
    return [Due(row.id, row.workspace, row.conversation, row.method) for row in session.execute(wanted)]


def may_go(database_time: datetime, now: datetime) -> ColumnElement[bool]:
    """Whether it is a row's turn: due, not resting, nothing before it, and what it refers to was sent."""
    return and_(_is_due(OutboxRow, now), _is_ready(database_time), not_(_is_held(database_time, now)))


def _is_due(row: Any, now: datetime) -> ColumnElement[bool]:
    return and_(row.state == WAITING, row.due_at <= now)


def _is_ready(database_time: datetime) -> ColumnElement[bool]:
    rested = or_(OutboxRow.retry_at.is_(None), OutboxRow.retry_at <= database_time)
    return and_(rested, not_(_refers_to_unsent()))


def _refers_to_unsent() -> ColumnElement[bool]:
    other = aliased(OutboxRow)
    named = or_(other.id == OutboxRow.thread_of, other.id == OutboxRow.target_of)
    refers = or_(OutboxRow.thread_of.is_not(None), OutboxRow.target_of.is_not(None))
    return and_(refers, select(other.id).where(named, other.state != SENT).exists())


def _is_held(database_time: datetime, now: datetime) -> ColumnElement[bool]:
    """Whether something of the conversation is in flight, or an earlier row still holds the later ones."""
    in_flight, earlier = aliased(OutboxRow), aliased(OutboxRow)
    flies = select(in_flight.id).where(_same_conversation(in_flight), in_flight.state == SENDING)
    holds = or_(earlier.held_until.is_(None), earlier.held_until > database_time)
    undone = and_(earlier.state.in_((WAITING, UNSURE)), earlier.due_at <= now)
    waits = select(earlier.id).where(_same_conversation(earlier), earlier.id < OutboxRow.id, undone, holds)
    return or_(flies.exists(), waits.exists())


def _same_conversation(other: Any) -> ColumnElement[bool]:
    return and_(other.workspace == OutboxRow.workspace, other.conversation == OutboxRow.conversation)


def find_stuck(session: Session, now: datetime, most: int = 200) -> list[Due]:
    """Due letters that cannot go yet although nothing was tried: what they refer to was not sent (yet)."""
    query = select(OutboxRow.id, OutboxRow.workspace, OutboxRow.conversation, OutboxRow.method).where(
        _is_due(OutboxRow, now), or_(OutboxRow.held_until.is_(None), _refers_to_failed()), _refers_to_unsent()
    )
    return [Due(*row) for row in session.execute(query.order_by(OutboxRow.id).limit(most))]


def _refers_to_failed() -> ColumnElement[bool]:
    other = aliased(OutboxRow)
    named = or_(other.id == OutboxRow.thread_of, other.id == OutboxRow.target_of)
    return select(other.id).where(named, other.state == FAILED).exists()


def find_doubtful_workspaces(session: Session) -> list[str]:
    """Workspaces with letters whose lease ended without a word, or whose second look is due."""
    instant = database_now(session)
    in_doubt = OutboxRow.state.in_((SENDING, UNSURE)), OutboxRow.lease_until <= instant
    # Two questions, each with its index: with an OR SQLite would read every letter that was ever sent.
    expired = select(OutboxRow.workspace).where(*in_doubt)
    looked_at_again = select(OutboxRow.workspace).where(OutboxRow.recheck_at <= instant)
    return sorted(session.scalars(expired.union(looked_at_again)))


def is_busy(session: Session, now: datetime) -> bool:
    """Whether something is due, in flight or in doubt; what waits for a letter of the future is not."""
    query = select(OutboxRow.id).where(
        or_(
            OutboxRow.state.in_((SENDING, UNSURE)),
            and_(_is_due(OutboxRow, now), or_(not_(_refers_to_unsent()), _refers_to_failed())),
        )
    )
    return session.execute(query.limit(1)).first() is not None


def find_next_due(session: Session, now: datetime) -> datetime | None:
    """The world's instant at which the next letter is due after `now`."""
    query = select(func.min(OutboxRow.due_at)).where(
        OutboxRow.state == WAITING, OutboxRow.due_at > now, OutboxRow.due_at < UNTIL_RELEASED
    )
    return session.execute(query).scalar_one()
