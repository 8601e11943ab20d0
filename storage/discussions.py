"""Discussions: threads with their state, and the questions that somebody asked on purpose."""

from collections.abc import Iterable
from enum import StrEnum

import orjson
from sqlalchemy import (
    BigInteger,
    Identity,
    Integer,
    PrimaryKeyConstraint,
    TextClause,
    UniqueConstraint,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, SlackId, SlackTs, Words, in_space, in_workspace


class ThreadState(StrEnum):
    """Where a discussion is in its life; any human reply opens it again."""

    OPEN = "open"
    RESTING = "resting"
    CLOSED = "closed"


class Discussion(Base):
    """A thread somebody replied in; `replies` and `last_ts` are derived from its messages each time."""

    __tablename__ = "discussions"
    __table_args__ = (PrimaryKeyConstraint("workspace", "channel", "ts"), in_space())

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]  # of the thread's first message
    state: Mapped[Name]
    replies: Mapped[int]
    last_ts: Mapped[SlackTs]  # of the newest reply that stands, else of the first message


class QuestionVia(StrEnum):
    """How somebody asked on purpose."""

    TAG = "tag"
    FORM = "form"
    SHORTCUT = "shortcut"


class Question(Base):
    """Something asked on purpose; its place is empty until the app has posted it for the asker."""

    __tablename__ = "questions"
    __table_args__ = (
        UniqueConstraint("workspace", "channel", "ts", name="one_question_per_message"),
        UniqueConstraint("workspace", "form", name="one_question_per_form"),
        in_workspace(),
        in_space(),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(always=False), primary_key=True
    )
    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs | None]
    form: Mapped[SlackId | None]
    asker: Mapped[SlackId]
    via: Mapped[Name]
    text: Mapped[Words] = mapped_column(default="", server_default="")  # of the form, else in its message
    asked_at: Mapped[Instant]
    withdrawn: Mapped[bool] = mapped_column(default=False)
    answer_ts: Mapped[SlackTs | None]  # the reply that answers it
    accepted_by: Mapped[SlackId | None]
    accepted_at: Mapped[Instant | None]
    accepted_via: Mapped[Name | None]  # reaction or shortcut: a shortcut is not undone by a removed reaction


# Derived anew from the messages each time, so any order and repetition of facts ends in the same row.
# CROSS JOIN keeps SQLite from reading every message of the workspace: it begins with the few threads.
_DERIVE = """
INSERT INTO discussions (workspace, channel, ts, state, replies, last_ts)
SELECT m.workspace, m.channel, m.thread_ts, :state,
       SUM(CASE WHEN m.deleted THEN 0 ELSE 1 END),
       COALESCE(MAX(CASE WHEN m.deleted THEN NULL ELSE m.ts END), m.thread_ts)
FROM ({threads}) t CROSS JOIN messages m
WHERE m.workspace = :workspace AND m.channel = t.channel AND m.thread_ts = t.ts
GROUP BY m.workspace, m.channel, m.thread_ts
ORDER BY m.workspace, m.channel, m.thread_ts
ON CONFLICT (workspace, channel, ts) DO UPDATE SET
    replies = excluded.replies,
    state = CASE WHEN excluded.state = 'open' AND excluded.last_ts > discussions.last_ts
                 THEN 'open' ELSE discussions.state END,
    last_ts = excluded.last_ts
"""
_DERIVE_SQLITE = text(
    _DERIVE.format(
        threads="SELECT json_extract(r.value, '$[0]') AS channel, json_extract(r.value, '$[1]') AS ts"
        " FROM json_each(:threads) AS r"
    )
)
_DERIVE_POSTGRESQL = text(
    _DERIVE.format(
        threads="SELECT r.value ->> 0 AS channel, r.value ->> 1 AS ts"
        " FROM jsonb_array_elements(CAST(:threads AS jsonb)) AS r(value)"
    )
)


def derive_discussions(
    session: Session, workspace: str, threads: Iterable[tuple[str, str]], state: ThreadState
) -> None:
    """Bring the discussions at these threads (channel, ts of the root) up to date with their messages.

    A new one begins in `state`; a known one opens again when `state` is open and its newest reply is newer.
    """
    wanted = sorted(set(threads))
    if not wanted:
        return
    sqlite = session.get_bind().dialect.name == "sqlite"
    statement: TextClause = _DERIVE_SQLITE if sqlite else _DERIVE_POSTGRESQL
    session.execute(
        statement, {"workspace": workspace, "state": state.value, "threads": orjson.dumps(wanted).decode()}
    )


def find_question(session: Session, workspace: str, channel: str, ts: str) -> Question | None:
    """The question asked on purpose at this message, if there is one."""
    return next(iter(find_questions(session, workspace, [(channel, ts)])), None)


def find_questions(session: Session, workspace: str, places: Iterable[tuple[str, str]]) -> list[Question]:
    """The questions asked on purpose at these places (channel, ts)."""
    query = select(Question).where(
        Question.workspace == workspace, tuple_(Question.channel, Question.ts).in_(sorted(set(places)))
    )
    return list(session.scalars(query.order_by(Question.id)))


def hold_question(session: Session, question: Question) -> None:
    """Until the transaction ends nobody else changes this question; what others committed is seen."""
    session.flush()
    session.refresh(question, with_for_update=True)


def find_question_by_form(session: Session, workspace: str, form: str) -> Question | None:
    """The question that came of this form, if it was sent before."""
    query = select(Question).where(Question.workspace == workspace, Question.form == form)
    return session.scalars(query).first()
