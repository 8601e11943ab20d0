"""People: Slack users as we know them, their roles, and what they asked us to leave alone."""

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, SlackId, Words, in_workspace, of_person
from storage.bulk import BulkInsert


class Person(Base):
    """A Slack user; a row exists from the first event that names them."""

    __tablename__ = "people"
    __table_args__ = (PrimaryKeyConstraint("workspace", "id"), in_workspace())

    workspace: Mapped[SlackId]
    id: Mapped[SlackId]
    name: Mapped[Name] = mapped_column(default="", server_default="")
    tz: Mapped[Name] = mapped_column(default="", server_default="")
    locale: Mapped[Name] = mapped_column(default="", server_default="")
    is_bot: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_guest: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_external: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_deactivated: Mapped[bool] = mapped_column(default=False, server_default=false())
    is_slack_admin: Mapped[bool] = mapped_column(default=False, server_default=false())
    left_out: Mapped[bool] = mapped_column(default=False, server_default=false())
    dm: Mapped[SlackId | None]  # the id of our DM with them, once opened
    known_at: Mapped[Instant | None]  # when the profile was last read from Slack
    welcome_because: Mapped[Name | None]  # the act that allows us to write to them; see rules.attention


class Role(Base):
    """A duty that a person has, everywhere (`scope` empty) or for one space or subject."""

    __tablename__ = "roles"
    __table_args__ = (
        PrimaryKeyConstraint("workspace", "person", "role", "scope"),
        in_workspace(),
        of_person(),
        Index("ix_roles_scope", "workspace", "role", "scope"),
    )

    workspace: Mapped[SlackId]
    person: Mapped[SlackId]
    role: Mapped[Name]
    scope: Mapped[Name] = mapped_column(default="")
    accepted: Mapped[bool] = mapped_column(default=True)
    given_by: Mapped[SlackId | None]
    given_at: Mapped[Instant]


class PrivilegedAct(Base):
    """One line of the append-only log of privileged acts."""

    __tablename__ = "privileged_acts"
    __table_args__ = (
        ForeignKeyConstraint(["workspace"], ["workspaces.id"], ondelete="CASCADE"),
        Index("ix_privileged_acts_at", "workspace", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace: Mapped[SlackId]
    at: Mapped[Instant]
    by: Mapped[SlackId | None]
    act: Mapped[Name]
    about: Mapped[Words]


ADD_PEOPLE = BulkInsert(
    "people",
    {"workspace": "text", "id": "text", "is_external": "boolean", "is_bot": "boolean"},
    "ON CONFLICT DO NOTHING",
)


def find_person(session: Session, workspace: str, person: str) -> Person | None:
    """The person, if we have met them."""
    return session.get(Person, (workspace, person))


def get_person(session: Session, workspace: str, person: str) -> Person:
    """The person, met now if not before."""
    found = find_person(session, workspace, person)
    if found is None:
        ADD_PEOPLE(session, [(workspace, person, False, False)])
        found = session.get_one(Person, (workspace, person))
    return found


def is_left_out(session: Session, workspace: str, person: str) -> bool:
    """Whether this person asked to be left out: ids only, no text, no figures, no letters."""
    found = find_person(session, workspace, person)
    return found is not None and found.left_out


def has_role(session: Session, workspace: str, person: str, role: str, scope: str = "") -> bool:
    """Whether the person has this role (accepted) for `scope`."""
    found = session.get(Role, (workspace, person, role, scope))
    return found is not None and found.accepted


def names_of(session: Session, workspace: str, people: set[str]) -> dict[str, str]:
    """What to call these people, by id."""
    query = select(Person.id, Person.name).where(Person.workspace == workspace, Person.id.in_(people))
    return {person: name for person, name in session.execute(query) if name}
