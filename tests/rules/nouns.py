"""A workspace for tests of rules: people, a space, and what they do there, in verbs."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.incoming import FileFact, MessageFact, ReactionFact
from bot.interactions import ShortcutUse, Submission
from bot.rules import messages, reactions
from bot.rules.letters import Sent
from bot.slack_ts import ts_of
from storage.outbox import OutboxRow
from storage.people import Person
from storage.session import Database
from storage.spaces import Membership, Space
from storage.workspaces import Workspace

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
TS, TS2, TS3 = ts_of(NOW), ts_of(NOW + timedelta(minutes=5)), ts_of(NOW + timedelta(minutes=10))
T, C = "T1", "C1"
PEOPLE = {"UASHA": "Asha", "UMARA": "Mara", "UTOM": "Tom"}
HOSTILE = (
    "<!channel> <@UMARA> <https://a.example|https://b.example> \x00\x07\u202egnp.exe & < > " + "w" * 40_000
)


def open_world(database: Database) -> Iterator[Session]:
    """A session on a workspace with three people and a space; rolled back at the end."""
    with database.write() as session:
        session.add(Workspace(id=T, url="https://acme.slack.com/", bot_user="UAPP"))
        session.flush()
        session.add_all(Person(workspace=T, id=person, name=name) for person, name in PEOPLE.items())
        session.add(Space(workspace=T, id=C, name="kitchen", app_is_in=True))
        session.add(Space(workspace=T, id="CPRIV", name="secret", app_is_in=True, is_private=True))
        session.flush()
        session.add_all(Membership(workspace=T, channel=C, person=person) for person in PEOPLE)
        session.flush()
        yield session
        session.rollback()


def said(session: Session, author: str, text: str, ts: str = TS, **more: Any) -> MessageFact:
    """Somebody posts, changes or deletes a message in the space."""
    fact = MessageFact(T, C, ts, author=author, text=text, **more)
    messages.record(session, [fact], NOW)
    session.flush()
    return fact


def marked(
    session: Session, person: str, emoji: str, ts: str = TS, standing: bool = True, n: int = 1
) -> None:
    """Somebody puts an emoji there or takes it away; `n` orders the events."""
    reactions.record(session, [ReactionFact(T, C, ts, person, emoji, standing, f"180000000{n}.000100")], NOW)
    session.flush()


def clip(duration_ms: int | None = 90_000, size: int = 2_000_000) -> FileFact:
    """A video."""
    return FileFact("F1", "clip.mp4", "video/mp4", size, duration_ms)


def form(name: str, person: str, values: dict[str, Any], view: str = "V1", **metadata: Any) -> Submission:
    """A form that was sent."""
    return Submission(T, person, name, view, values, metadata)


def shortcut(person: str, message: MessageFact | None, channel: str = C) -> ShortcutUse:
    """A shortcut on a message."""
    return ShortcutUse(T, person, "x", "trigger", channel, message)


def letters(session: Session, method: str = "chat.postMessage", to: str | None = None) -> list[OutboxRow]:
    """What the app is about to say."""
    session.flush()
    query = select(OutboxRow).where(OutboxRow.workspace == T, OutboxRow.method == method)
    rows = session.scalars(query.order_by(OutboxRow.id))
    return [row for row in rows if to is None or to in (row.recipient, row.conversation)]


def arrives(session: Session, row: OutboxRow, ts: str, channel: str = "D1") -> Sent:
    """Slack took the letter."""
    row.state, row.channel, row.ts = "sent", channel, ts
    session.flush()
    return Sent(T, row.about or "", channel, ts, row.recipient)
