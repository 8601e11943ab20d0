"""Morning notes: when somebody's next one is due, and the answers that came since the last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from hashlib import sha256

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from storage.attention import MorningNote
from storage.bulk import insert_or_ignore
from storage.discussions import Question
from storage.messages import Message

MOST_AT_ONCE = 100  # notes that one tick writes
AWAKE = datetime(1970, 1, 1, tzinfo=UTC)  # due then means: something happened, the next tick plans the note


@dataclass(frozen=True, slots=True)
class Answered:
    """A question of somebody that was replied to."""

    channel: str
    ts: str
    text: str
    replies: int
    is_answered: bool  # the answer is marked


def wake(session: Session, workspace: str, person: str, *, anew: bool = False) -> None:
    """There may be something for this person's note: plan it, also one that is planned already if `anew`."""
    values = {"workspace": workspace, "person": person, "due_at": AWAKE}
    session.execute(insert_or_ignore(session, MorningNote).values(values))
    note = session.get_one(MorningNote, (workspace, person), populate_existing=True)
    if note.due_at is None or anew:
        note.due_at = AWAKE
        session.flush()


def find_note(session: Session, workspace: str, person: str) -> MorningNote | None:
    """When this person's next note is due, and the day of the last."""
    return session.get(MorningNote, (workspace, person))


def find_due_notes(session: Session, workspace: str, now: datetime) -> list[MorningNote]:
    """The notes that are due, the earliest first."""
    query = select(MorningNote).where(MorningNote.workspace == workspace, MorningNote.due_at <= now)
    return list(session.scalars(query.order_by(MorningNote.due_at, MorningNote.person).limit(MOST_AT_ONCE)))


def next_note(session: Session, workspace: str) -> datetime | None:
    """When the next note is due."""
    return session.scalar(select(func.min(MorningNote.due_at)).where(MorningNote.workspace == workspace))


def find_answered(session: Session, workspace: str, asker: str, since_ts: str) -> list[Answered]:
    """The standing questions of this person that somebody else replied to after `since_ts`, the newest first."""
    question, reply = Question, Message
    query = (
        select(
            question.channel,
            question.ts,
            question.text,
            question.answer_ts,
            func.count().label("replies"),
        )
        .join(reply, _is_reply_to())
        .where(question.workspace == workspace, question.asker == asker, ~question.withdrawn)
        .where(reply.ts > since_ts, reply.author != asker)
        .group_by(question.id, question.channel, question.ts, question.text, question.answer_ts)
        .order_by(question.ts.desc())
    )
    return [
        Answered(row.channel, row.ts or "", row.text, row.replies, row.answer_ts is not None)
        for row in session.execute(query)
    ]


def has_open_question(session: Session, workspace: str, asker: str, since: datetime) -> bool:
    """Whether this person asked something after `since` that may still be answered."""
    query = select(Question.id).where(
        Question.workspace == workspace,
        Question.asker == asker,
        ~Question.withdrawn,
        Question.answer_ts.is_(None),
        Question.asked_at > since,
    )
    return session.execute(query.limit(1)).first() is not None


def _is_reply_to() -> ColumnElement[bool]:
    return and_(
        Message.workspace == Question.workspace,
        Message.channel == Question.channel,
        Message.thread_ts == Question.ts,
        ~Message.deleted,
        ~Message.by_bot,
    )


def mark_noted(note: MorningNote, day: date | None, due_at: datetime | None) -> None:
    """The note of this day was written (None: none was), and the next is due then."""
    note.last_on, note.due_at = day or note.last_on, due_at


def is_news(note: MorningNote, lines: Sequence[str]) -> bool:
    """Whether one of these lines was not in the last note."""
    return not set(map(_digest, lines)) <= set(note.said)


def mark_said(note: MorningNote, lines: Sequence[str], day: date) -> None:
    """These lines are in the note of this day."""
    if is_news(note, lines):
        note.news_on = day
    note.said = sorted(set(map(_digest, lines)))


def _digest(line: str) -> str:
    return sha256(line.encode()).hexdigest()[:16]
