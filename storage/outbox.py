"""The outbox: letters stored with the decision that made them, then sent, each exactly once."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import (
    BigInteger,
    ForeignKey,
    Identity,
    Index,
    Integer,
    UniqueConstraint,
    delete,
    func,
    or_,
    select,
    text,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Json, Name, SlackId, SlackTs, Words, in_workspace
from storage.bulk import insert_or_ignore


class LetterKind(StrEnum):
    """How careful sending must be."""

    POST = "post"  # exactly once
    STATE = "state"  # latest wins, may repeat
    EPHEMERAL = "ephemeral"  # at most once, never the only way to learn something
    FOREIGN = "foreign"  # at least once, with an id the other side knows


class LetterState(StrEnum):
    """Where a letter is."""

    WAITING = "waiting"
    SENDING = "sending"
    UNSURE = "unsure"
    SENT = "sent"
    FAILED = "failed"


# Written out, because a database takes an index of part of a table only for the very same words.
FORGETTABLE = text("once IS NULL AND about IS NULL AND target_of IS NULL AND state IN ('sent', 'failed')")


class OutboxRow(Base):
    """One thing the app will say: one row, one API call."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("workspace", "once", name="one_letter_once"),
        in_workspace(),
        Index("ix_outbox_due", "state", "due_at"),
        Index("ix_outbox_conversation", "workspace", "conversation", "state", "id"),
        Index("ix_outbox_place", "workspace", "channel", "ts"),
        Index("ix_outbox_key", "key", unique=True),
        Index("ix_outbox_about", "workspace", "about"),
        Index("ix_outbox_recheck_at", "recheck_at"),
        Index("ix_outbox_thread_of", "thread_of"),
        Index("ix_outbox_target_of", "target_of"),
        Index(
            "ix_outbox_forgettable",
            "workspace",
            "due_at",
            sqlite_where=FORGETTABLE,
            postgresql_where=FORGETTABLE,
        ),
    )

    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(always=False), primary_key=True
    )
    workspace: Mapped[SlackId]
    kind: Mapped[Name]
    method: Mapped[Name]
    conversation: Mapped[SlackId]  # order is kept within it: a channel, or a person while no DM is open
    recipient: Mapped[SlackId | None]  # the person, when this goes to a DM
    payload: Mapped[Json]
    key: Mapped[Name]
    once: Mapped[Name | None]
    slot: Mapped[Name | None]  # of a state: a newer row replaces a waiting one
    about: Mapped[Name | None]
    thread_of: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    target_of: Mapped[int | None] = mapped_column(ForeignKey("outbox.id", ondelete="SET NULL"))
    started: Mapped[bool] = mapped_column(default=False)
    reminder: Mapped[bool] = mapped_column(default=False)
    state: Mapped[Name] = mapped_column(default=LetterState.WAITING)
    error: Mapped[Words | None]
    # These three are the world's time, which the sandbox moves; those below are the database's own clock.
    created_at: Mapped[Instant]
    due_at: Mapped[Instant]
    sent_at: Mapped[Instant | None]
    attempt: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[Instant | None]  # until then it belongs to whoever tries it
    retry_at: Mapped[Instant | None]  # not tried again before
    held_until: Mapped[Instant | None]  # later letters of the conversation wait for this one until then
    first_unsure_at: Mapped[Instant | None]
    recheck_at: Mapped[Instant | None]  # when to look for extra copies
    after_ts: Mapped[SlackTs | None]  # what Slack had in that conversation before the first attempt
    thread_ts: Mapped[SlackTs | None]  # the thread it goes to, as resolved when it was tried
    file_id: Mapped[SlackId | None]  # of an upload, known before the upload is completed
    channel: Mapped[SlackId | None]
    ts: Mapped[SlackTs | None]


@dataclass(frozen=True, slots=True)
class Letter:
    """What a rule asks the outbox to say.

    `payload` holds the arguments of the call, without what is resolved at sending (channel of a DM, ts of
    rows it refers to). `once` is a key of the workspace that makes a second letter with it vanish.
    """

    workspace: str
    conversation: str
    payload: dict[str, Any]
    kind: LetterKind = LetterKind.POST
    method: str = "chat.postMessage"
    recipient: str | None = None
    once: str | None = None
    slot: str | None = None
    about: str | None = None
    thread_of: int | None = None
    target_of: int | None = None
    started: bool = False
    reminder: bool = False
    due_at: datetime | None = None
    key: str = field(default_factory=lambda: secrets.token_hex(16))


def enqueue(session: Session, letter: Letter, now: datetime) -> int | None:
    """Store a letter and return its row's id; None when one with the same `once` is there already."""
    if letter.slot is not None:
        _replace_waiting(session, letter)
    row = {name: getattr(letter, name) for name in letter.__slots__}
    row.update(
        kind=letter.kind.value, state=LetterState.WAITING.value, created_at=now, due_at=letter.due_at or now
    )
    return session.execute(
        insert_or_ignore(session, OutboxRow).values(row).returning(OutboxRow.id)
    ).scalar_one_or_none()


def _replace_waiting(session: Session, letter: Letter) -> None:
    session.execute(
        delete(OutboxRow).where(
            OutboxRow.workspace == letter.workspace,
            OutboxRow.slot == letter.slot,
            OutboxRow.state == LetterState.WAITING.value,
        )
    )


def post_to_person(
    workspace: str, person: str, payload: dict[str, Any], *, dm: str | None = None, **more: Any
) -> Letter:
    """A letter to somebody's DM with the app; `dm` is its channel id, once known."""
    return Letter(workspace, dm or person, payload, recipient=person, **more)


def post_to_space(
    workspace: str, channel: str, payload: dict[str, Any], *, thread_ts: str | None = None, **more: Any
) -> Letter:
    """A letter to a space, or into one of its threads."""
    thread = {"thread_ts": thread_ts} if thread_ts else {}
    return Letter(workspace, channel, {**payload, "channel": channel, **thread}, **more)


def react(workspace: str, channel: str, ts: str, emoji: str, *, standing: bool = True) -> Letter:
    """The app's own reaction on a message, put there or taken away; the last word wins."""
    return Letter(
        workspace,
        channel,
        {"channel": channel, "timestamp": ts, "name": emoji},
        kind=LetterKind.STATE,
        method="reactions.add" if standing else "reactions.remove",
        slot=f"reaction:{channel}:{ts}:{emoji}",
    )


def rewrite(workspace: str, letter: int, conversation: str, payload: dict[str, Any]) -> Letter:
    """Redraw a letter of ours in place; `letter` is its row, the last drawing wins."""
    return Letter(
        workspace,
        conversation,
        payload,
        kind=LetterKind.STATE,
        method="chat.update",
        slot=f"drawing:{letter}",
        target_of=letter,
    )


def home_is_stale(workspace: str, person: str) -> Letter:
    """The person's Home needs to be drawn again; it is rendered when it is sent."""
    return Letter(
        workspace,
        f"home:{person}",  # Home waits for no letter and no letter waits for it
        {"stale": "home"},
        kind=LetterKind.STATE,
        method="views.publish",
        recipient=person,
        slot=f"home:{person}",
    )


def pass_file_on(
    workspace: str,
    conversation: str,
    file: str,
    *,
    comment: str | None = None,
    thread_ts: str | None = None,
    **more: Any,
) -> Letter:
    """A copy of a file that somebody gave in a form, posted by the app with a comment; at most 10 MB.

    `conversation` is a channel, or a person when `recipient` names them too.
    """
    given = {"source_file": file, "initial_comment": comment, "thread_ts": thread_ts}
    payload = {name: value for name, value in given.items() if value is not None}
    return Letter(workspace, conversation, payload, method="files.upload", **more)


def change_channel(session: Session, workspace: str, old: str, new: str) -> None:
    """Slack gave a channel another id: letters to it, sent or not, follow."""
    rows = session.scalars(
        select(OutboxRow).where(
            OutboxRow.workspace == workspace, or_(OutboxRow.conversation == old, OutboxRow.channel == old)
        )
    )
    for row in rows:
        row.conversation = new if row.conversation == old else row.conversation
        row.channel = new if row.channel == old else row.channel
        if row.payload.get("channel") == old:
            row.payload = {**row.payload, "channel": new}


def count_by_state(session: Session, workspace: str | None = None) -> dict[str, int]:
    """How many letters are in each state."""
    query = select(OutboxRow.state, func.count().label("number")).group_by(OutboxRow.state)
    if workspace is not None:
        query = query.where(OutboxRow.workspace == workspace)
    counted = {row.state: row.number for row in session.execute(query)}
    return {state.value: counted.get(state.value, 0) for state in LetterState}


def find_sent(session: Session, workspace: str, channel: str, ts: str) -> OutboxRow | None:
    """The letter that was sent to this place, if it was one of ours."""
    query = select(OutboxRow).where(
        OutboxRow.workspace == workspace, OutboxRow.channel == channel, OutboxRow.ts == ts
    )
    return session.scalars(query).first()
