"""People: Slack users as we know them, their roles, and what they asked us to leave alone."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import ForeignKeyConstraint, Index, PrimaryKeyConstraint, false, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from storage.base import Base, Instant, Name, SlackId, SlackTs, Words, in_workspace, of_person
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
    heard_ts: Mapped[SlackTs | None]  # the event that the profile comes from, where one told it
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


def find_people(session: Session, workspace: str, people: Iterable[str]) -> list[Person]:
    """Those of these people whom we have met."""
    query = select(Person).where(Person.workspace == workspace, Person.id.in_(sorted(people)))
    return list(session.scalars(query))


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


def find_next_people(session: Session, workspace: str, after: str, most: int) -> list[str]:
    """The people by id, from the one after `after` on, who may be written to."""
    query = select(Person.id).where(
        Person.workspace == workspace, Person.id > after, Person.welcome_because.is_not(None)
    )
    return list(session.scalars(query.order_by(Person.id).limit(most)))


def zones_of(session: Session, workspace: str, people: set[str]) -> dict[str, str]:
    """The time zones in these people's profiles, by id."""
    query = select(Person.id, Person.tz).where(Person.workspace == workspace, Person.id.in_(sorted(people)))
    return {row.id: row.tz for row in session.execute(query)}


def find_roles(session: Session, workspace: str, role: str, scope: str | None = None) -> list[Role]:
    """Who has this role, or was proposed for it, in one scope or (None) in any; the longest-serving first."""
    query = select(Role).where(Role.workspace == workspace, Role.role == role)
    if scope is not None:
        query = query.where(Role.scope == scope)
    return list(session.scalars(query.order_by(Role.given_at, Role.person, Role.scope)))


def find_all_roles(session: Session, workspace: str) -> list[Role]:
    """Every role given or proposed in the workspace."""
    query = select(Role).where(Role.workspace == workspace)
    return list(session.scalars(query.order_by(Role.role, Role.scope, Role.given_at, Role.person)))


def roles_of(session: Session, workspace: str, person: str) -> list[Role]:
    """What this person is, accepted or only proposed."""
    query = select(Role).where(Role.workspace == workspace, Role.person == person)
    return list(session.scalars(query.order_by(Role.role, Role.scope)))


def find_active_admins(session: Session, workspace: str) -> list[str]:
    """The admins who are still here and wish to be part of this."""
    query = (
        select(Role.person)
        .join(Person, (Person.workspace == Role.workspace) & (Person.id == Role.person))
        .where(Role.workspace == workspace, Role.role == "admin", Role.scope == "", Role.accepted)
        .where(~Person.is_deactivated, ~Person.left_out)
    )
    return list(session.scalars(query.order_by(Role.given_at, Role.person)))


def log_act(session: Session, workspace: str, by: str | None, act: str, about: str, now: datetime) -> None:
    """Add a line to the log of privileged acts; `by` is empty for what the app did by a rule."""
    session.add(PrivilegedAct(workspace=workspace, at=now, by=by, act=act, about=about))


def find_acts(session: Session, workspace: str, acts: Iterable[str] | None = None) -> list[PrivilegedAct]:
    """The log of privileged acts (of these kinds), oldest first."""
    query = select(PrivilegedAct).where(PrivilegedAct.workspace == workspace)
    if acts is not None:
        query = query.where(PrivilegedAct.act.in_(sorted(acts)))
    return list(session.scalars(query.order_by(PrivilegedAct.id)))
