"""Reactions: who put which emoji where, and whether it still stands; the latest word wins in any order."""

from collections.abc import Iterable

from sqlalchemy import Index, PrimaryKeyConstraint, select, tuple_
from sqlalchemy.orm import Mapped, Session

from storage.base import Base, Name, SlackId, SlackTs, in_space
from storage.bulk import BulkInsert


class Reaction(Base):
    """A person's emoji on a message; a removed one stays with `standing` off, so that disorder cannot revive it.

    The message may be unknown yet: Slack promises no order.
    """

    __tablename__ = "reactions"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "ts", "person", "emoji"),
        in_space(),
        Index("ix_reactions_person", "workspace", "person", "event_ts"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    ts: Mapped[SlackTs]
    person: Mapped[SlackId]
    emoji: Mapped[Name]
    standing: Mapped[bool]
    event_ts: Mapped[SlackTs]


ADD_REACTIONS = BulkInsert(
    "reactions",
    {
        "workspace": "text",
        "channel": "text",
        "ts": "text",
        "person": "text",
        "emoji": "text",
        "standing": "boolean",
        "event_ts": "text",
    },
    "ON CONFLICT (workspace, channel, ts, person, emoji) DO UPDATE SET"
    " standing = excluded.standing, event_ts = excluded.event_ts WHERE excluded.event_ts > reactions.event_ts",
)


def find_reactions(
    session: Session, workspace: str, places: Iterable[tuple[str, str]], emoji: Iterable[str]
) -> list[Reaction]:
    """The standing reactions with one of these emoji at these places (channel, ts), earliest first."""
    query = select(Reaction).where(
        Reaction.workspace == workspace,
        tuple_(Reaction.channel, Reaction.ts).in_(sorted(set(places))),
        Reaction.emoji.in_(sorted(emoji)),
        Reaction.standing,
    )
    return list(session.scalars(query.order_by(Reaction.event_ts, Reaction.person)))


def find_places_with_reactions(
    session: Session, workspace: str, places: Iterable[tuple[str, str]]
) -> set[tuple[str, str]]:
    """Those of the places (channel, ts) on which some reaction stands."""
    wanted = sorted(set(places))
    if not wanted:
        return set()
    query = select(Reaction.channel, Reaction.ts).where(
        Reaction.workspace == workspace,
        tuple_(Reaction.channel, Reaction.ts).in_(wanted),
        Reaction.standing,
    )
    return {(channel, ts) for channel, ts in session.execute(query.distinct())}
