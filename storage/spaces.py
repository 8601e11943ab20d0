"""Spaces: channels the app was invited to, who is in them, and how far we have read."""

from sqlalchemy import Index, PrimaryKeyConstraint, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

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


class Membership(Base):
    """A person is in a space; decides who may find what was said in a private one."""

    __tablename__ = "memberships"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "channel", "person"),
        in_space(),
        Index("ix_memberships_person", "workspace", "person"),
    )

    workspace: Mapped[SlackId]
    channel: Mapped[SlackId]
    person: Mapped[SlackId]


ADD_SPACES = BulkInsert(
    "spaces",
    {"workspace": "text", "id": "text", "is_private": "boolean", "app_is_in": "boolean"},
    "ON CONFLICT DO NOTHING",
)


def find_space(session: Session, workspace: str, channel: str) -> Space | None:
    """The space, if we have heard of it."""
    return session.get(Space, (workspace, channel))


def is_member(session: Session, workspace: str, channel: str, person: str) -> bool:
    """Whether the person is in the space, as far as Slack told us."""
    return session.get(Membership, (workspace, channel, person)) is not None


def find_spaces_with_app(session: Session, workspace: str) -> list[Space]:
    """The spaces that the app is in and that are alive, by name."""
    query = select(Space).where(
        Space.workspace == workspace, Space.app_is_in, ~Space.is_archived, ~Space.is_deleted
    )
    return list(session.scalars(query.order_by(Space.name)))
