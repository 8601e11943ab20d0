"""Roles: who may do what, everywhere, in one space or about one subject; everyone is a learner."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import BotError
from bot.rules.naming import space_name
from storage.people import (
    Role,
    find_active_admins,
    find_all_roles,
    find_person,
    has_role,
    log_act,
    roles_of,
)
from storage.session import Session
from storage.spaces import find_spaces_with_app
from storage.workspaces import get_workspace


class Duty(StrEnum):
    """The duties a person can have."""

    MANAGER = "manager"
    EXPERT = "expert"
    SPONSOR = "sponsor"
    FACILITATOR = "facilitator"
    MODERATOR = "moderator"
    ADMIN = "admin"


EVERYWHERE = frozenset((Duty.ADMIN, Duty.MODERATOR))
OF_A_SPACE = frozenset((Duty.FACILITATOR, Duty.SPONSOR))
PROPOSED = frozenset((Duty.SPONSOR, Duty.EXPERT))
GIVABLE = (Duty.FACILITATOR, Duty.SPONSOR, Duty.EXPERT, Duty.MODERATOR, Duty.ADMIN)


class LastAdmin(BotError):
    """This is the only admin left. Make somebody else admin first, in `/learn settings` → Roles."""


@dataclass(frozen=True, slots=True)
class RoleKey:
    """Who, what, and for which space or subject (empty: everywhere)."""

    person: str
    duty: Duty
    scope: str = ""

    @property
    def value(self) -> str:
        """As a button carries it."""
        return f"{self.person}|{self.duty}|{self.scope}"


def read_key(value: str) -> RoleKey | None:
    """The role that a button's value names."""
    person, _, rest = value.partition("|")
    duty, _, scope = rest.partition("|")
    return RoleKey(person, Duty(duty), scope) if person and duty in set(Duty) else None


def is_admin(session: Session, workspace: str, person: str) -> bool:
    """Whether the person is an admin."""
    return has_role(session, workspace, person, Duty.ADMIN)


def may_run_space(session: Session, workspace: str, person: str, channel: str) -> bool:
    """Whether the person facilitates the space, or is an admin."""
    return is_admin(session, workspace, person) or has_role(
        session, workspace, person, Duty.FACILITATOR, channel
    )


def spaces_run_by(session: Session, workspace: str, person: str) -> list[str]:
    """The spaces whose roles this person may change: an admin all, a facilitator their own."""
    if is_admin(session, workspace, person):
        return [space.id for space in find_spaces_with_app(session, workspace)]
    mine = roles_of(session, workspace, person)
    return [role.scope for role in mine if role.role == Duty.FACILITATOR and role.accepted]


def duties_given_by(session: Session, workspace: str, person: str) -> list[Duty]:
    """The duties this person may give or propose."""
    if is_admin(session, workspace, person):
        return list(GIVABLE)
    facilitates = spaces_run_by(session, workspace, person)
    return [duty for duty in GIVABLE if duty not in EVERYWHERE] if facilitates else []


def may_change(session: Session, workspace: str, person: str, role: RoleKey) -> bool:
    """Whether the person may give or end this role."""
    if is_admin(session, workspace, person):
        return True
    if role.duty in EVERYWHERE:
        return False
    if role.duty is Duty.EXPERT:
        return bool(spaces_run_by(session, workspace, person))
    return has_role(session, workspace, person, Duty.FACILITATOR, role.scope)


def visible_roles(session: Session, workspace: str, person: str) -> list[Role]:
    """The roles this person may change, for the list."""
    return [
        role
        for role in find_all_roles(session, workspace)
        if role.role in set(Duty)
        and may_change(session, workspace, person, RoleKey(role.person, Duty(role.role), role.scope))
    ]


def store_role(
    session: Session, workspace: str, role: RoleKey, by: str | None, now: datetime, *, accepted: bool
) -> None:
    """Keep a role."""
    session.add(
        Role(
            workspace=workspace,
            person=role.person,
            role=role.duty.value,
            scope=role.scope,
            accepted=accepted,
            given_by=by,
            given_at=now,
        )
    )
    session.flush()


def describe(session: Session, workspace: str, role: RoleKey) -> str:
    """The role in words, for example "facilitator of #git" or "an expert on git"."""
    if role.duty in OF_A_SPACE:
        return f"{role.duty} of {space_name(session, workspace, role.scope)}"
    return f"an {role.duty} on {role.scope}" if role.scope else str(role.duty)


def is_last_admin(session: Session, workspace: str, person: str) -> bool:
    """Whether nobody else could change roles and settings."""
    return find_active_admins(session, workspace) == [person]


def find_first_admin(session: Session, workspace: str, person: str, now: datetime) -> bool:
    """Make this person the first admin if there is none and it is theirs to be; tells whether it happened.

    The installer is; where nobody installed by OAuth, the first owner or admin of the Slack workspace who comes.
    """
    if find_active_admins(session, workspace):
        return False
    known = find_person(session, workspace, person)
    if known is None or known.left_out or known.is_deactivated or known.is_external:
        return False
    if get_workspace(session, workspace).installed_by != person and not known.is_slack_admin:
        return False
    row = session.get(Role, (workspace, person, Duty.ADMIN.value, ""))
    if row is None:
        store_role(session, workspace, RoleKey(person, Duty.ADMIN), None, now, accepted=True)
    else:
        row.accepted = True
    log_act(session, workspace, None, "role given", log_words(RoleKey(person, Duty.ADMIN)), now)
    return True


def log_words(role: RoleKey) -> str:
    """The role as the log of privileged acts names it."""
    return f"{role.duty} {role.person} {role.scope}".strip()
