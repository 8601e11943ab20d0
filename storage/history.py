"""What is known of a stretch of history, to be compared with what Slack shows of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from storage.discussions import Discussion
from storage.messages import Message
from storage.people import Person
from storage.reactions import Reaction
from storage.spaces import Space


def find_standing_between(
    session: Session, workspace: str, channel: str, after: str, before: str, thread: str | None
) -> list[str]:
    """The ts of what stands between two ts, the ends left out: of one thread, or (None) at top level."""
    query = select(Message.ts).where(
        Message.workspace == workspace,
        Message.channel == channel,
        Message.ts > after,
        Message.ts < before,
        Message.thread_ts.is_(None) if thread is None else Message.thread_ts == thread,
        ~Message.deleted,
    )
    return list(session.scalars(query.order_by(Message.ts)))


def find_all_reactions(
    session: Session, workspace: str, channel: str, messages: Iterable[str]
) -> list[Reaction]:
    """Every reaction on these messages (ts), those that were taken away too."""
    query = select(Reaction).where(
        Reaction.workspace == workspace, Reaction.channel == channel, Reaction.ts.in_(sorted(set(messages)))
    )
    return list(session.scalars(query.order_by(Reaction.ts, Reaction.person, Reaction.emoji)))


def find_discussions(
    session: Session, workspace: str, channel: str, roots: Sequence[str]
) -> dict[str, tuple[int, str]]:
    """How many replies the discussions at these messages (ts) have, and the ts of the newest."""
    query = select(Discussion.ts, Discussion.replies, Discussion.last_ts).where(
        Discussion.workspace == workspace,
        Discussion.channel == channel,
        Discussion.ts.in_(sorted(set(roots))),
    )
    return {ts: (replies, last_ts) for ts, replies, last_ts in session.execute(query)}


def find_spaces_as_known(session: Session, workspace: str) -> list[Space]:
    """Every space that was not deleted, by id."""
    query = select(Space).where(Space.workspace == workspace, ~Space.is_deleted)
    return list(session.scalars(query.order_by(Space.id)))


def find_strangers(session: Session, workspace: str, most: int) -> list[str]:
    """People of whom we know the id only."""
    query = select(Person.id).where(Person.workspace == workspace, Person.known_at.is_(None))
    return list(session.scalars(query.order_by(Person.id).limit(most)))


def give_up_on(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Slack does not tell who this is: ask no more."""
    session.execute(
        update(Person).where(Person.workspace == workspace, Person.id == person).values(known_at=now)
    )
