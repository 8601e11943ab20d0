"""Changes of roles: given, proposed, accepted, declined and ended, each logged and told to the person.

Admins appoint admins and moderators, facilitators appoint facilitators of their spaces; sponsors and experts are
proposed and must accept.
"""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import people as blocks
from bot.blocks.kit import Message, escape
from bot.blocks.notes import NoteLine
from bot.errors import BotError
from bot.rules.attention import Started, may_write
from bot.rules.budget import Request, request
from bot.rules.cards import card_url
from bot.rules.naming import name_of
from bot.rules.roles import (
    EVERYWHERE,
    OF_A_SPACE,
    PROPOSED,
    Duty,
    LastAdmin,
    RoleKey,
    describe,
    is_last_admin,
    log_words,
    may_change,
    store_role,
)
from storage import outbox_cards
from storage.people import Role, get_person, log_act, roles_of
from storage.session import Session
from storage.spaces import find_space


class NotYours(BotError):
    """You cannot change this role: admins can, and facilitators in their own spaces."""


class CannotAsk(BotError):
    """This person cannot be asked: they are not here, or wish not to get such messages."""


class GuestsAreNotProposed(BotError):
    """Guests see only part of this workspace, so they are not proposed. Choose a member of it, please."""


class RoleGone(BotError):
    """This role was taken back meanwhile, so there is nothing left to decide."""


@dataclass(frozen=True, slots=True)
class RoleChange:
    """Somebody (`by`) gives, proposes, accepts, declines or ends a role."""

    workspace: str
    by: str
    role: RoleKey

    @property
    def subjects(self) -> tuple[str, ...]:
        """Two admins must not end each other's role at once."""
        return (f"{self.workspace}/roles",)


def give(session: Session, change: RoleChange, now: datetime) -> None:
    """Give a role, or propose it where it must be accepted; doing it twice changes nothing.

    Raises NotYours, CannotAsk and GuestsAreNotProposed.
    """
    workspace, role = change.workspace, change.role
    if not may_change(session, workspace, change.by, role) or not _fits(session, workspace, role):
        raise NotYours
    person = get_person(session, workspace, role.person)
    if person.is_bot or person.is_deactivated or person.left_out or person.is_external:
        raise CannotAsk
    if person.is_guest and role.duty in PROPOSED:
        raise GuestsAreNotProposed
    proposed = role.duty in PROPOSED and role.person != change.by
    if session.get(Role, (workspace, role.person, role.duty.value, role.scope)) is not None:
        return
    if proposed and not may_write(session, workspace, role.person, Started.ROLE, asked_by=change.by):
        raise CannotAsk
    store_role(session, workspace, role, change.by, now, accepted=not proposed)
    log_act(
        session, workspace, change.by, "role proposed" if proposed else "role given", log_words(role), now
    )
    if role.person != change.by:
        _say_given(session, change, now, proposed=proposed)


def _fits(session: Session, workspace: str, role: RoleKey) -> bool:
    if role.duty in EVERYWHERE:
        return role.scope == ""
    if role.duty in OF_A_SPACE:
        return find_space(session, workspace, role.scope) is not None
    return bool(role.scope)


def _say_given(session: Session, change: RoleChange, now: datetime, *, proposed: bool) -> None:
    by = name_of(session, change.workspace, change.by)
    what = describe(session, change.workspace, change.role)
    card = (
        blocks.proposal(by, what, change.role.value, change.role.duty)
        if proposed
        else blocks.told(by, blocks.GIVEN, what, change.role.duty)
    )
    _tell(session, change, change.role.person, card, "given", now, about=about_role(change.role))


def _tell(
    session: Session,
    change: RoleChange,
    person: str,
    card: Message,
    act: str,
    now: datetime,
    *,
    about: str | None = None,
) -> None:
    """What somebody did about a role, told to whom it concerns; a role may be given and ended many times."""
    once = f"role {act}:{now.timestamp()}:{person}:{change.role.value}"
    asked = Request(change.workspace, person, Started.ROLE, once, card.text, change.by, about)
    request(session, asked, card, now)


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """The roles that this person was proposed for and has not answered."""
    del now
    rows = [row for row in roles_of(session, workspace, person) if not row.accepted and row.role in set(Duty)]
    keys = [RoleKey(row.person, Duty(row.role), row.scope) for row in rows]
    urls = {key: card_url(session, workspace, about_role(key)) for key in keys}
    return [
        NoteLine(blocks.WAITS.format(what=escape(describe(session, workspace, key))), url)
        for key, url in urls.items()
        if url is not None
    ]


def about_role(role: RoleKey) -> str:
    """What a message about this role is about."""
    return f"role:{role.person}:{role.duty}:{role.scope}"[:255]


def decide(session: Session, change: RoleChange, now: datetime, *, accepts: bool) -> None:
    """The person proposed for a role says yes or no; raises NotYours and RoleGone."""
    if change.by != change.role.person:
        raise NotYours
    row = session.get(Role, (change.workspace, change.by, change.role.duty.value, change.role.scope))
    if row is None:
        raise RoleGone
    if row.accepted:
        return
    proposer = row.given_by
    if accepts:
        row.accepted = True
    else:
        session.delete(row)
    session.flush()
    log_act(session, change.workspace, change.by, _word(accepts=accepts), log_words(change.role), now)
    what = describe(session, change.workspace, change.role)
    outbox_cards.redraw(
        session,
        change.workspace,
        about_role(change.role),
        blocks.decided(what, accepts=accepts).payload(),
        now,
    )
    _tell_proposer(session, change, proposer, what, now, accepts=accepts)


def accept(session: Session, change: RoleChange, now: datetime) -> None:
    """Yes; see `decide`."""
    decide(session, change, now, accepts=True)


def decline(session: Session, change: RoleChange, now: datetime) -> None:
    """No; see `decide`."""
    decide(session, change, now, accepts=False)


def _word(*, accepts: bool) -> str:
    return "role accepted" if accepts else "role declined"


def _tell_proposer(
    session: Session, change: RoleChange, proposer: str | None, what: str, now: datetime, *, accepts: bool
) -> None:
    if proposer is None:
        return
    name = name_of(session, change.workspace, change.by)
    sentence = blocks.ACCEPTED if accepts else blocks.DECLINED
    card = blocks.told(name, sentence, what, change.role.duty, why=blocks.WHY_PROPOSED)
    _tell(session, change, proposer, card, "answered", now)


def end(session: Session, change: RoleChange, now: datetime) -> None:
    """Take a role away; who is not there any more changes nothing. Raises NotYours and LastAdmin."""
    workspace, role = change.workspace, change.role
    if change.by != role.person and not may_change(session, workspace, change.by, role):
        raise NotYours
    row = session.get(Role, (workspace, role.person, role.duty.value, role.scope))
    if row is None:
        return
    if role.duty is Duty.ADMIN and is_last_admin(session, workspace, role.person):
        raise LastAdmin
    session.delete(row)
    session.flush()
    log_act(session, workspace, change.by, "role ended", log_words(role), now)
    if role.person != change.by:
        by, what = name_of(session, workspace, change.by), describe(session, workspace, role)
        card = blocks.told(by, blocks.ENDED, what, role.duty)
        _tell(session, change, role.person, card, "ended", now)
