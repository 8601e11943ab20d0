"""The list of roles and the form that adds one: what a person may see and change there."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import roles as blocks
from bot.blocks.kit import Modal
from bot.errors import BotError
from bot.interactions import Submission
from bot.rules.naming import name_of, space_name
from bot.rules.role_changes import NotYours, RoleChange, give
from bot.rules.roles import (
    EVERYWHERE,
    OF_A_SPACE,
    Duty,
    RoleKey,
    describe,
    duties_given_by,
    spaces_run_by,
    visible_roles,
)
from storage.session import Session

LONGEST_SUBJECT = 60


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that cannot be taken as it is: what to say under which block."""

    by_block: dict[str, str]


def open_list(session: Session, workspace: str, person: str, notice: str = "") -> Modal:
    """The roles that this person may change: those of the workspace, then space by space and subject by subject."""
    found = []
    for role in visible_roles(session, workspace, person):
        key = RoleKey(role.person, Duty(role.role), role.scope)
        name, place = name_of(session, workspace, role.person), _place(session, workspace, key)
        line = blocks.Line(name, describe(session, workspace, key), key.value, role.accepted)
        found.append(((place, role.role, name.casefold()), line))
    lines = [line for _, line in sorted(found, key=lambda one: one[0])]
    return blocks.role_list(lines, may_add=bool(duties_given_by(session, workspace, person)), notice=notice)


def _place(session: Session, workspace: str, role: RoleKey) -> tuple[int, str]:
    """Where the role stands in the list: everywhere first, then the spaces, then the subjects, each by its name."""
    if role.duty in OF_A_SPACE:
        return 1, space_name(session, workspace, role.scope).casefold()
    return (2 if role.duty is Duty.EXPERT else 0), role.scope.casefold()


def open_form(session: Session, workspace: str, person: str) -> Modal:
    """The form to give or propose a role; raises NotYours for who may give none."""
    duties = duties_given_by(session, workspace, person)
    if not duties:
        raise NotYours
    spaces = [
        (channel, space_name(session, workspace, channel))
        for channel in spaces_run_by(session, workspace, person)
    ]
    return blocks.role_form([duty.value for duty in duties], spaces)


def add(session: Session, form: Submission, now: datetime) -> Modal | Wrong:
    """Give or propose what the form says; rights are checked now, whatever the form offered."""
    person, duty = form.words("person"), form.words("duty")
    if not person:
        return Wrong({"person": blocks.WHO})
    if duty not in {known.value for known in Duty}:
        return Wrong({"duty": blocks.WHAT})
    scope = _scope(form, Duty(duty))
    if isinstance(scope, Wrong):
        return scope
    key = RoleKey(person, Duty(duty), scope)
    try:
        give(session, RoleChange(form.workspace, form.person, key), now)
    except BotError as error:
        return Wrong({"person": str(error)})
    return open_list(session, form.workspace, form.person)


def _scope(form: Submission, duty: Duty) -> str | Wrong:
    if duty in EVERYWHERE:
        return ""
    if duty in OF_A_SPACE:
        return form.words("space") or Wrong({"space": blocks.WHERE})
    subject = " ".join(form.words("subject").lower().lstrip("#").split())
    if len(subject) > LONGEST_SUBJECT or "|" in subject:
        return Wrong({"subject": blocks.SHORT_SUBJECT})
    return subject or Wrong({"subject": blocks.ABOUT})
