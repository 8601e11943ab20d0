"""Letters of which nobody knows whether they arrived: who looks for them, and what was found."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, func, or_, select, update
from sqlalchemy.orm import Session

from storage.outbox import LetterKind, LetterState, OutboxRow
from storage.outbox_claims import LOST_ROOT, Sending, give_up, store_sent
from storage.outbox_due import database_now
from storage.outbox_forgotten import FORGOTTEN, is_forgotten

MISSED = "missed"
LOST = "nobody knows whether it was shown"
_NOT_SLACKS = (MISSED, LOST, FORGOTTEN, LOST_ROOT)  # why letters end that Slack never refused
_OPEN = (LetterState.WAITING.value, LetterState.SENDING.value, LetterState.UNSURE.value)


@dataclass(frozen=True, slots=True)
class Doubtful:
    """A letter to look for in its conversation."""

    id: int
    workspace: str
    attempt: int
    channel: str
    thread_ts: str | None
    key: str
    after_ts: str  # what Slack had there before we first tried
    file_id: str | None
    opened: bool  # whether the conversation exists at all
    ts: str | None  # of a second look: the copy that stays

    @property
    def sending(self) -> Sending:
        """The proof that this letter is ours to settle."""
        return Sending(self.workspace, self.id, self.attempt)


def take_doubtful(session: Session, workspace: str, lease: timedelta, most: int = 100) -> list[Doubtful]:
    """Take the posts whose lease ended without an answer; letters that need no look are settled at once."""
    instant = database_now(session)
    query = (
        select(OutboxRow)
        .where(
            OutboxRow.workspace == workspace,
            OutboxRow.state.in_((LetterState.SENDING.value, LetterState.UNSURE.value)),
            OutboxRow.lease_until <= instant,
        )
        .order_by(OutboxRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(query))
    for row in rows:
        _doubt(session, row, instant, lease)
    session.flush()
    return [_doubtful(row) for row in rows if row.state == LetterState.UNSURE]


def _doubt(session: Session, row: OutboxRow, instant: datetime, lease: timedelta) -> None:
    row.attempt += 1
    if row.kind == LetterKind.EPHEMERAL:
        give_up(session, row, LOST)
    elif row.kind == LetterKind.POST:
        row.state = LetterState.UNSURE.value
        row.first_unsure_at = row.first_unsure_at or instant
        row.lease_until = instant + lease
    elif is_forgotten(row):
        give_up(session, row, FORGOTTEN)
    else:
        row.state, row.lease_until = LetterState.WAITING.value, None


def _doubtful(row: OutboxRow) -> Doubtful:
    return Doubtful(
        row.id,
        row.workspace,
        row.attempt,
        row.channel or row.payload.get("channel") or row.conversation,
        row.thread_ts,
        row.key,
        row.after_ts or "0",
        row.file_id,
        row.conversation != row.recipient,
        row.ts,
    )


def look_again(session: Session, doubtful: Collection[Doubtful], wait: float) -> None:
    """The look itself failed: another one after `wait` seconds."""
    ids = [letter.id for letter in doubtful]
    later = database_now(session) + timedelta(seconds=wait)
    unsure = update(OutboxRow).where(OutboxRow.id.in_(ids), OutboxRow.state == LetterState.UNSURE.value)
    session.execute(unsure.values(lease_until=later))


def give_up_lost(session: Session, letter: Doubtful) -> list[int]:
    """It was not found: a reminder is missed, what was forgotten has no words, anything else goes again.

    Returns the rows that failed.
    """
    row = session.get(OutboxRow, letter.id)
    if row is None or row.attempt != letter.attempt or row.state != LetterState.UNSURE:
        return []
    if row.reminder or is_forgotten(row):
        return give_up(session, row, FORGOTTEN if is_forgotten(row) else MISSED)
    row.lease_until = row.retry_at = None
    row.state = LetterState.WAITING.value
    return []


def take_second_looks(session: Session, workspace: str, lease: timedelta, most: int = 100) -> list[Doubtful]:
    """Take letters whose second look is due; they come again after the lease when nobody reports."""
    instant = database_now(session)
    query = (
        select(OutboxRow)
        .where(OutboxRow.workspace == workspace, OutboxRow.recheck_at <= instant)
        .order_by(OutboxRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(query))
    for row in rows:
        row.recheck_at = instant + lease
    return [_doubtful(row) for row in rows]


def end_second_look(session: Session, workspace: str, ids: Collection[int]) -> None:
    """These letters were looked at a second time."""
    looked = update(OutboxRow).where(OutboxRow.workspace == workspace, OutboxRow.id.in_(sorted(ids)))
    session.execute(looked.values(recheck_at=None))


def store_heard(
    session: Session, workspace: str, places: dict[str, tuple[str, str]], now: datetime
) -> Sequence[OutboxRow]:
    """Our own messages came back as events, `places` by key: these rows were sent, if we did not know it yet.

    A copy at another place than the one we know of is looked at once more at once.
    """
    missed = and_(OutboxRow.state == LetterState.FAILED.value, OutboxRow.first_unsure_at.is_not(None))
    query = select(OutboxRow).where(
        OutboxRow.workspace == workspace,
        OutboxRow.key.in_(sorted(places)),
        or_(OutboxRow.state.in_(_OPEN), OutboxRow.state == LetterState.SENT.value, missed),
    )
    news = []
    for row in session.scalars(query.order_by(OutboxRow.id).with_for_update()):
        channel, ts = places[row.key]
        if row.state != LetterState.SENT:
            store_sent(session, row, channel, ts, now)
            news.append(row)
        elif row.ts not in (None, ts):
            row.recheck_at = database_now(session)
    return news


def count_refused(session: Session) -> int:
    """How many letters Slack refused for good, of those that are still kept."""
    query = select(func.count()).select_from(OutboxRow)
    refused = and_(OutboxRow.state == LetterState.FAILED.value, OutboxRow.error.not_in(_NOT_SLACKS))
    return session.execute(query.where(refused)).scalar_one()
