"""Messages in spaces, top level and replies, with their files; the latest version wins in any order."""

from collections.abc import Iterable

from sqlalchemy import (
    BigInteger,
    ForeignKeyConstraint,
    Identity,
    Index,
    Integer,
    PrimaryKeyConstraint,
    UniqueConstraint,
    delete,
    false,
    func,
    select,
    text,
    tuple_,
)
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Name, SlackId, SlackTs, Words, in_space
from storage.bulk import BulkInsert, ColumnType
from storage.people import Person


class Message(Base):
    """Something posted in a space by a person or a bot; a deleted one keeps its place and loses its words.

    `version` is the edit that the words come from ("" for the original), so an edit that arrives before its
    message, or twice, or in the wrong order, ends in the same row.
    """

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("workspace", "channel", "ts", name="one_message_per_ts"),
        in_space(),
        Index("ix_messages_thread", "workspace", "channel", "thread_ts", "ts"),
        Index("ix_messages_author", "workspace", "author", "ts"),
    )

    # A whole number of our own, because the full-text index of SQLite refers to rows by it.
    id: Mapped[int] = mapped_column(
        BigInteger().with_variant(Integer(), "sqlite"), Identity(always=False), primary_key=True
    )
    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    thread_ts: Mapped[SlackTs | None]  # of the thread's first message; empty at top level
    author: Mapped[SlackId | None]
    by_bot: Mapped[bool] = mapped_column(default=False, server_default=false())
    text: Mapped[Words] = mapped_column(default="", server_default="")
    version: Mapped[SlackTs] = mapped_column(default="", server_default="")
    deleted: Mapped[bool] = mapped_column(default=False, server_default=false())


class File(Base):
    """A file of a message: what it is and, for a clip, how long; never its content."""

    __tablename__ = "files"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "ts", "id"),
        ForeignKeyConstraint(
            ["workspace", "channel", "ts"],
            ["messages.workspace", "messages.channel", "messages.ts"],
            ondelete="CASCADE",
            onupdate="CASCADE",
        ),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    id: Mapped[SlackId]
    name: Mapped[Words]
    mimetype: Mapped[Name]
    size: Mapped[int] = mapped_column(BigInteger)
    duration_ms: Mapped[int | None] = mapped_column(BigInteger)


_MESSAGE_COLUMNS: dict[str, ColumnType] = {
    "workspace": "text",
    "channel": "text",
    "ts": "text",
    "thread_ts": "text",
    "author": "text",
    "by_bot": "boolean",
    "text": "text",
    "version": "text",
    "deleted": "boolean",
}

# Left-out people keep ids only: their words are dropped in the very statement that stores the row.
_UNLESS_LEFT_OUT = {
    "text": "CASE WHEN EXISTS (SELECT 1 FROM people p WHERE p.workspace = {workspace} AND p.id = {author}"
    " AND p.left_out) THEN '' ELSE {text} END"
}

# A row learned from a deletion may know less than the original that comes later; fill what is missing.
_LATEST_WINS = """
ON CONFLICT (workspace, channel, ts) DO UPDATE SET
    thread_ts = COALESCE(messages.thread_ts, excluded.thread_ts),
    author = COALESCE(messages.author, excluded.author),
    by_bot = messages.by_bot OR excluded.by_bot,
    deleted = messages.deleted OR excluded.deleted,
    text = CASE WHEN messages.deleted OR excluded.deleted THEN ''
                WHEN excluded.version > messages.version THEN excluded.text ELSE messages.text END,
    version = CASE WHEN excluded.version > messages.version THEN excluded.version ELSE messages.version END
WHERE (excluded.deleted AND NOT messages.deleted)
   OR (excluded.version > messages.version)
   OR (messages.thread_ts IS NULL AND excluded.thread_ts IS NOT NULL)
   OR (messages.author IS NULL AND excluded.author IS NOT NULL)
"""

ADD_MESSAGES = BulkInsert("messages", _MESSAGE_COLUMNS, _LATEST_WINS, computed=_UNLESS_LEFT_OUT)

ADD_FILES = BulkInsert(
    "files",
    {
        "workspace": "text",
        "channel": "text",
        "ts": "text",
        "id": "text",
        "name": "text",
        "mimetype": "text",
        "size": "bigint",
        "duration_ms": "bigint",
    },
    "ON CONFLICT (workspace, channel, ts, id) DO UPDATE SET"
    " duration_ms = COALESCE(excluded.duration_ms, files.duration_ms)",
)


def find_messages(session: Session, workspace: str, places: Iterable[tuple[str, str]]) -> list[Message]:
    """The messages at these places (channel, ts), in order; places nobody posted at are left out."""
    query = select(Message).where(
        Message.workspace == workspace, tuple_(Message.channel, Message.ts).in_(sorted(set(places)))
    )
    return list(session.scalars(query.order_by(Message.channel, Message.ts)))


def find_message(session: Session, workspace: str, channel: str, ts: str) -> Message | None:
    """The message at this place, if we heard it."""
    return next(iter(find_messages(session, workspace, [(channel, ts)])), None)


def find_thread(session: Session, workspace: str, channel: str, root: str) -> list[Message]:
    """The replies of a thread that still stand, oldest first."""
    query = select(Message).where(
        Message.workspace == workspace,
        Message.channel == channel,
        Message.thread_ts == root,
        ~Message.deleted,
    )
    return list(session.scalars(query.order_by(Message.ts)))


def find_files(session: Session, workspace: str, channel: str, ts: str) -> list[File]:
    """The files of one message."""
    query = select(File).where(File.workspace == workspace, File.channel == channel, File.ts == ts)
    return list(session.scalars(query.order_by(File.id)))


def find_clips(
    session: Session, workspace: str, channel: str, author: str, first: str, last: str
) -> list[str]:
    """The ts of this person's videos in the space between two ts, earliest first."""
    query = (
        select(Message.ts)
        .join(
            File,
            (File.workspace == Message.workspace)
            & (File.channel == Message.channel)
            & (File.ts == Message.ts),
        )
        .where(
            Message.workspace == workspace,
            Message.channel == channel,
            Message.author == author,
            Message.ts.between(first, last),
            ~Message.deleted,
            File.mimetype.startswith("video/"),
        )
    )
    return list(session.scalars(query.distinct().order_by(Message.ts)))


def drop_files(session: Session, workspace: str, places: Iterable[tuple[str, str]]) -> None:
    """Forget the files of these messages (channel, ts)."""
    session.execute(
        delete(File).where(
            File.workspace == workspace, tuple_(File.channel, File.ts).in_(sorted(set(places)))
        ),
        execution_options={"synchronize_session": False},
    )


def find_wordless(
    session: Session, workspace: str, places: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those of the places (channel, ts) that keep no words: deleted, or their author asked to be left out."""
    query = (
        select(Message.channel, Message.ts)
        .outerjoin(Person, (Person.workspace == Message.workspace) & (Person.id == Message.author))
        .where(
            Message.workspace == workspace,
            tuple_(Message.channel, Message.ts).in_(sorted(set(places))),
            Message.deleted | func.coalesce(Person.left_out, false()),
        )
    )
    return {(channel, ts) for channel, ts in session.execute(query)}


def forget_words(session: Session, workspace: str, person: str) -> None:
    """Keep only the ids of what this person posted: no text, no files."""
    who = {"workspace": workspace, "person": person}
    session.execute(
        text(
            "UPDATE messages SET text = '' WHERE workspace = :workspace AND author = :person AND text <> ''"
        ),
        who,
    )
    session.execute(
        text(
            "DELETE FROM files WHERE workspace = :workspace AND EXISTS (SELECT 1 FROM messages m WHERE"
            " m.workspace = files.workspace AND m.channel = files.channel AND m.ts = files.ts"
            " AND m.author = :person)"
        ),
        who,
    )
