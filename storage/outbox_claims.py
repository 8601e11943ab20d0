"""Taking letters to send them: who holds which row for how long, and what became of it.

A row belongs to whoever raised its attempt number last, until its lease ends on the database's own clock;
every word about it names that attempt, so a sender that was away too long changes nothing.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, exists, func, select, update
from sqlalchemy.orm import Session, aliased

from storage.messages import Message
from storage.outbox import LetterKind, LetterState, OutboxRow
from storage.outbox_due import database_now, may_go
from storage.outbox_forgetting import forget_older_drawings
from storage.outbox_forgotten import FORGOTTEN, is_forgotten
from storage.people import Person, get_person
from storage.spaces import Space

HOLD = timedelta(minutes=10)  # so long a letter that cannot go holds the later ones of its conversation
SECOND_LOOK = timedelta(minutes=1)
LOST_ROOT = "the letter it belongs to was not sent"


@dataclass(frozen=True, slots=True)
class Claimed:
    """A letter in our hands, with everything that the call needs."""

    id: int
    workspace: str
    kind: LetterKind
    method: str
    conversation: str
    recipient: str | None
    payload: dict[str, Any]
    key: str
    attempt: int
    thread_ts: str | None = None
    target: tuple[str, str] | None = None  # channel and ts of the message it is about
    file_id: str | None = None


@dataclass(frozen=True, slots=True)
class Sending:
    """The proof of who may say what became of a letter."""

    workspace: str
    id: int
    attempt: int


def claim(session: Session, ids: Collection[int], lease: timedelta, now: datetime) -> list[Claimed]:
    """Take those of these letters whose turn it still is: state sending, next attempt, a lease from now."""
    instant = database_now(session)
    # Two rows of one conversation must not both pass: whoever calls holds the conversations' locks.
    query = (
        select(OutboxRow).where(OutboxRow.id.in_(sorted(ids)), may_go(instant, now)).order_by(OutboxRow.id)
    )
    taken: dict[str, OutboxRow] = {}
    for row in session.scalars(query.with_for_update(skip_locked=True)):
        if row.conversation not in taken and not _moves_to_known_dm(session, row):
            taken[row.conversation] = row
            _take(session, row, instant, lease)
    session.flush()
    return [_claimed(session, row) for row in taken.values()]


def _take(session: Session, row: OutboxRow, instant: datetime, lease: timedelta) -> None:
    row.state = LetterState.SENDING.value
    row.attempt += 1
    row.lease_until = instant + lease
    row.retry_at = None
    row.held_until = row.held_until or instant + HOLD
    row.thread_ts = row.payload.get("thread_ts") or _thread_of(session, row)
    if row.kind == LetterKind.POST and row.after_ts is None:
        row.after_ts = find_last_ts(session, row.workspace, row.payload.get("channel") or row.conversation)


def _moves_to_known_dm(session: Session, row: OutboxRow) -> bool:
    """Whether the row was written before the person's DM was known; then it joins the others of that DM."""
    if row.conversation != row.recipient:
        return False
    person = session.get(Person, (row.workspace, row.recipient))
    if person is None or person.dm is None:
        return False
    row.conversation = person.dm
    return True


def _thread_of(session: Session, row: OutboxRow) -> str | None:
    root = session.get(OutboxRow, row.thread_of) if row.thread_of is not None else None
    return (root.thread_ts or root.ts) if root else None


def _claimed(session: Session, row: OutboxRow) -> Claimed:
    target = session.get(OutboxRow, row.target_of) if row.target_of is not None else None
    return Claimed(
        row.id,
        row.workspace,
        LetterKind(row.kind),
        row.method,
        row.conversation,
        row.recipient,
        dict(row.payload),
        row.key,
        row.attempt,
        row.thread_ts,
        (target.channel, target.ts) if target and target.channel and target.ts else None,
        row.file_id,
    )


def find_last_ts(session: Session, workspace: str, channel: str) -> str:
    """The last message time that Slack told us of this conversation; "0" when we know none."""
    heard = select(func.max(Message.ts)).where(Message.workspace == workspace, Message.channel == channel)
    said = select(func.max(OutboxRow.ts)).where(
        OutboxRow.workspace == workspace, OutboxRow.channel == channel
    )
    joined = select(Space.joined_ts).where(Space.workspace == workspace, Space.id == channel)
    known = [session.execute(query).scalar() for query in (heard, said, joined)]
    return max((ts for ts in known if ts), default="0")


def settle_stuck(session: Session, ids: Collection[int]) -> list[int]:
    """Start the hold of letters that wait for another; fail those whose other failed, and return these."""
    instant = database_now(session)
    mine = OutboxRow.id.in_(sorted(ids))
    holdable = update(OutboxRow).where(mine, _is_waiting(), OutboxRow.held_until.is_(None))
    session.execute(holdable.values(held_until=instant + HOLD))
    other = aliased(OutboxRow)
    named = (other.id == OutboxRow.thread_of) | (other.id == OutboxRow.target_of)
    lost = select(OutboxRow.id).where(
        mine, _is_waiting(), exists().where(named, other.state == LetterState.FAILED.value)
    )
    return fail_all(session, list(session.scalars(lost)), LOST_ROOT)


def _is_waiting() -> Any:
    return OutboxRow.state == LetterState.WAITING.value


def fail_all(session: Session, ids: Collection[int], reason: str) -> list[int]:
    """Give up these waiting letters, and every letter that refers to one of them; returns all of them."""
    failed: list[int] = []
    front = sorted(ids)
    while front:
        values = {"state": LetterState.FAILED.value, "error": reason, "lease_until": None}
        given_up = update(OutboxRow).where(OutboxRow.id.in_(front), _is_waiting()).values(values)
        failed += session.scalars(given_up.returning(OutboxRow.id)).all()
        refers = OutboxRow.thread_of.in_(front) | OutboxRow.target_of.in_(front)
        front = list(session.scalars(select(OutboxRow.id).where(refers, _is_waiting())))
        reason = LOST_ROOT
    return failed


def give_up(session: Session, row: OutboxRow, reason: str) -> list[int]:
    """Never send a letter again that was tried; one that was ever in doubt is looked for once more."""
    row.state, row.lease_until, row.retry_at = LetterState.WAITING.value, None, None
    if row.first_unsure_at is not None:
        row.recheck_at = database_now(session) + SECOND_LOOK
    session.flush()
    failed = fail_all(session, [row.id], reason)
    session.refresh(row)
    return failed


def mark_sent(
    session: Session, sending: Sending, channel: str | None, ts: str | None, now: datetime
) -> OutboxRow | None:
    """The letter arrived; None when the row is not in these hands any more."""
    row = _held_by(session, sending)
    if row is not None:
        store_sent(session, row, channel, ts, now)
    return row


def store_sent(session: Session, row: OutboxRow, channel: str | None, ts: str | None, now: datetime) -> None:
    """Note where a letter is; one that was ever in doubt is looked at once more a minute later."""
    row.state = LetterState.SENT.value
    row.channel, row.ts, row.sent_at = channel, ts, now
    row.error = row.lease_until = row.retry_at = None
    if row.first_unsure_at is not None:
        row.recheck_at = database_now(session) + SECOND_LOOK
    session.flush()
    forget_older_drawings(session, row)


def put_back(session: Session, sending: Sending, reason: str, wait: float) -> bool:
    """The letter did not go: try again after `wait` seconds, unless it was replaced or forgotten meanwhile."""
    row = _held_by(session, sending)
    if row is None:
        return False
    if _is_replaced(session, row):
        session.execute(delete(OutboxRow).where(OutboxRow.id == row.id))
        return True
    if is_forgotten(row):
        give_up(session, row, FORGOTTEN)
        return True
    row.state = LetterState.WAITING.value
    row.error, row.lease_until = reason, None
    row.retry_at = database_now(session) + timedelta(seconds=wait)
    return True


def _is_replaced(session: Session, row: OutboxRow) -> bool:
    if row.slot is None:
        return False
    newer = select(OutboxRow.id).where(
        OutboxRow.workspace == row.workspace, OutboxRow.slot == row.slot, OutboxRow.id > row.id
    )
    return session.execute(newer.limit(1)).first() is not None


def mark_unsure(session: Session, sending: Sending, reason: str) -> bool:
    """Nobody knows whether the letter arrived; its lease stays, then it is looked for."""
    row = _held_by(session, sending)
    if row is None:
        return False
    row.state, row.error = LetterState.UNSURE.value, reason
    row.first_unsure_at = row.first_unsure_at or database_now(session)
    return True


def mark_failed(session: Session, sending: Sending, reason: str) -> list[int]:
    """The letter will never go, nor those that refer to it; returns all their ids."""
    row = _held_by(session, sending)
    if row is None:
        return []
    row.state = LetterState.WAITING.value
    session.flush()
    return fail_all(session, [row.id], reason)


def remember_file(session: Session, sending: Sending, file_id: str) -> bool:
    """Store the id of an upload before it is completed, so that we can ask what became of it."""
    row = _held_by(session, sending)
    if row is not None:
        row.file_id = file_id
    return row is not None


def store_dm(session: Session, workspace: str, person: str, dm: str) -> None:
    """The DM with this person is open: what waits for them goes there, in the order it has."""
    get_person(session, workspace, person).dm = dm
    theirs = update(OutboxRow).where(
        OutboxRow.workspace == workspace,
        OutboxRow.conversation == person,
        OutboxRow.recipient == person,
        OutboxRow.state.not_in((LetterState.SENT.value, LetterState.FAILED.value)),
    )
    session.execute(theirs.values(conversation=dm))


def _held_by(session: Session, sending: Sending) -> OutboxRow | None:
    query = select(OutboxRow).where(
        OutboxRow.id == sending.id,
        OutboxRow.workspace == sending.workspace,
        OutboxRow.attempt == sending.attempt,
        OutboxRow.state.in_((LetterState.SENDING.value, LetterState.UNSURE.value)),
    )
    return session.scalars(query.with_for_update()).one_or_none()
