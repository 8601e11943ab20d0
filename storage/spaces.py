"""Spaces: channels the app was invited to, who is in them, and how far we have read."""

from collections.abc import Iterable

from sqlalchemy import Index, PrimaryKeyConstraint, bindparam, false, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from bot.slack_ts import is_outdated
from storage.base import Base, Instant, Json, Name, SlackId, SlackTs, Words, in_space, in_workspace
from storage.bulk import BulkInsert


class Space(Base):
    """A channel that the app has heard from; a row exists from its first event."""

    __tablename__ = "spaces"
    __table_args__ = (PrimaryKeyConstraint("workspace", "id"), in_workspace())

    workspace: Mapped[SlackId]
    id: Mapped[SlackId]
    name: Mapped[Name] = mapped_column(default="", server_default="")
    purpose: Mapped[Words] = mapped_column(default="", server_default="")
    is_private: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_shared: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_archived: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_deleted: Mapped[bool] = mapped_column(default=False, server_default=false())
    app_is_in: Mapped[bool] = mapped_column(default=False, server_default=false())
    invited_by: Mapped[SlackId | None]
    joined_ts: Mapped[SlackTs | None]  # when the app came in; what was said before is read only when asked
    known_at: Mapped[Instant | None]  # when name and kind were last read from Slack
    reading: Mapped[Json | None]  # the place of a catch-up under way; see bot.catch_up
    caught_up_ts: Mapped[SlackTs | None]  # history was read up to here
    read_back_days: Mapped[
        int | None
    ]  # somebody asked us to read that many days back, and it is not done yet
    read_back_at: Mapped[Instant | None]  # when such a wish was last fulfilled
    heard: Mapped[Json] = mapped_column(
        default=dict, server_default="{}"
    )  # event ts of the last word on each aspect


class Membership(Base):
    """A person is in a space; decides who may find what was said in a private one.

    `since` is the event that said so, empty where a list of members did.
    """

    __tablename__ = "memberships"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "person"),
        in_space(),
        Index("ix_memberships_person", "workspace", "person"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    person: Mapped[SlackId]
    since: Mapped[SlackTs | None]


class Departure(Base):
    """A person left a space at this event, so that an older word of their coming changes nothing."""

    __tablename__ = "departures"
    __table_args__ = (PrimaryKeyConstraint("workspace", "channel", "person"), in_space())

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    person: Mapped[SlackId]
    event_ts: Mapped[SlackTs]


class FormerId(Base):
    """An id that a space had once, and the one it has now; what still comes under the old one belongs to the new."""

    __tablename__ = "former_ids"
    __table_args__ = (PrimaryKeyConstraint("workspace", "old"), in_workspace())

    workspace: Mapped[SlackId]
    old: Mapped[SlackId]
    new: Mapped[SlackId]
    event_ts: Mapped[SlackTs]  # of the change; should Slack ever change an id back, the later change counts


ADD_SPACES = BulkInsert(
    "spaces",
    {"workspace": "text", "id": "text", "is_private": "boolean", "app_is_in": "boolean"},
    "ON CONFLICT DO NOTHING",
)


def mark_private(session: Session, workspace: str, channels: Iterable[str]) -> None:
    """Slack said that these spaces are private: what was said in them is for their members from now on."""
    which = (Space.workspace == workspace, Space.id.in_(sorted(channels)), ~Space.is_private)
    session.execute(update(Space).where(*which).values(is_private=True))


_FORMER_IDS = select(FormerId.old, FormerId.new).where(FormerId.workspace == bindparam("workspace"))


def find_former_ids(session: Session, workspace: str) -> dict[str, str]:
    """Every id that a space of this workspace had once, and its id now; few workspaces have any."""
    return {row.old: row.new for row in session.execute(_FORMER_IDS, {"workspace": workspace})}


def find_space(session: Session, workspace: str, channel: str) -> Space | None:
    """The space, if we have heard of it."""
    return session.get(Space, (workspace, channel))


def get_space(session: Session, workspace: str, channel: str) -> Space:
    """The space, heard of now if not before; the app is not in it until something says so."""
    found = find_space(session, workspace, channel)
    if found is None:
        ADD_SPACES(session, [(workspace, channel, False, False)])
        found = session.get_one(Space, (workspace, channel))
    return found


def is_news(space: Space, aspect: str, event_ts: str) -> bool:
    """Note an event about one aspect of the space (its name, our presence …); False for an outdated one."""
    heard: dict[str, str] = space.heard or {}
    if is_outdated(event_ts, heard.get(aspect)):
        return False
    space.heard = {**heard, aspect: event_ts}
    return True


def store_join(session: Session, workspace: str, channel: str, person: str, event_ts: str) -> bool:
    """The person came into the space; False when a later event says that they left."""
    left = session.get(Departure, (workspace, channel, person))
    if left is not None and left.event_ts > event_ts:
        return False
    known = session.get(Membership, (workspace, channel, person))
    if known is None:
        session.add(Membership(workspace=workspace, channel=channel, person=person, since=event_ts))
    else:
        known.since = max(known.since or "", event_ts)
    session.flush()
    return True


def store_leave(session: Session, workspace: str, channel: str, person: str, event_ts: str) -> None:
    """The person left the space, unless a later event says that they came."""
    known = session.get(Membership, (workspace, channel, person))
    if known is not None and (known.since or "") <= event_ts:
        session.delete(known)
    left = session.get(Departure, (workspace, channel, person))
    if left is None:
        session.add(Departure(workspace=workspace, channel=channel, person=person, event_ts=event_ts))
    else:
        left.event_ts = max(left.event_ts, event_ts)
    session.flush()


def find_wishes_to_read_back(session: Session, workspace: str) -> list[Space]:
    """The spaces whose past somebody asked us to read, where the app still is."""
    query = select(Space).where(
        Space.workspace == workspace, Space.read_back_days.is_not(None), Space.app_is_in, ~Space.is_deleted
    )
    return list(session.scalars(query.order_by(Space.id)))


def any_space_was_read(session: Session, workspace: str) -> bool:
    """Whether the past of some space was read because somebody asked."""
    query = select(Space.id).where(Space.workspace == workspace, Space.read_back_at.is_not(None))
    return session.execute(query.limit(1)).first() is not None


def find_spaces_of(session: Session, workspace: str, person: str) -> list[Space]:
    """The living spaces with the app that this person is in, by name."""
    query = (
        select(Space)
        .join(Membership, (Membership.workspace == Space.workspace) & (Membership.channel == Space.id))
        .where(Space.workspace == workspace, Membership.person == person)
        .where(Space.app_is_in, ~Space.is_archived, ~Space.is_deleted)
    )
    return list(session.scalars(query.order_by(Space.name)))


def is_member(session: Session, workspace: str, channel: str, person: str) -> bool:
    """Whether the person is in the space, as far as Slack told us."""
    return session.get(Membership, (workspace, channel, person)) is not None


def find_spaces_with_app(session: Session, workspace: str) -> list[Space]:
    """The spaces that the app is in and that are alive, by name."""
    query = select(Space).where(
        Space.workspace == workspace, Space.app_is_in, ~Space.is_archived, ~Space.is_deleted
    )
    return list(session.scalars(query.order_by(Space.name)))


def find_spaces_named(session: Session, workspace: str, name: str) -> list[str]:
    """The ids of the living spaces with this name."""
    query = select(Space.id).where(Space.workspace == workspace, Space.name == name, ~Space.is_deleted)
    return list(session.scalars(query.order_by(Space.id)))
