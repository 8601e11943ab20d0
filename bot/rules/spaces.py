"""Spaces: where the app is, who is in them, what they are called, and the past that somebody asked us to read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import spaces as blocks
from bot.blocks.kit import Message
from bot.incoming_world import AppRemoved, MembershipFact, SpaceChange, SpaceMoved
from bot.rules.attention import has_acted, may_answer
from bot.rules.cards import tell
from bot.rules.naming import space_name
from bot.rules.roles import Duty, may_run_space
from storage import outbox_cards
from storage.moves import move_space
from storage.people import ADD_PEOPLE, Role, find_roles, log_act
from storage.session import Session
from storage.spaces import (
    Space,
    find_space,
    find_wishes_to_read_back,
    get_space,
    is_news,
    store_join,
    store_leave,
)
from storage.workspaces import get_workspace

READ_BACK_DAYS = 90


@dataclass(frozen=True, slots=True)
class ReadBackWish:
    """Somebody asked us to read what was said in a space during the last `days` days."""

    workspace: str
    channel: str
    days: int


@dataclass(frozen=True, slots=True)
class Asked:
    """A person asks us to read a space's past."""

    workspace: str
    channel: str
    person: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The space."""
        return (f"{self.workspace}/space/{self.channel}",)


def record_membership(session: Session, fact: MembershipFact, now: datetime) -> bool:
    """Somebody came or left; safe to repeat, and an older event changes nothing. Tells whether it was us who came."""
    is_app = fact.person == get_workspace(session, fact.workspace).bot_user
    ADD_PEOPLE(session, [(fact.workspace, fact.person, fact.is_external, is_app)])
    space = get_space(session, fact.workspace, fact.channel)
    space.is_private = space.is_private or fact.private
    if not fact.came:
        store_leave(session, fact.workspace, fact.channel, fact.person, fact.event_ts)
        if is_app:
            _leave(session, space, fact.event_ts)
    elif store_join(session, fact.workspace, fact.channel, fact.person, fact.event_ts):
        if is_app:
            _come_in(session, space, fact, now)
        else:
            _welcome_to(session, space, fact)
    session.flush()
    return is_app and fact.came


def _welcome_to(session: Session, space: Space, fact: MembershipFact) -> None:
    """Who comes by themselves after the app did may be written to; those already there are no newcomers."""
    by_themselves = fact.inviter in (None, fact.person)
    if by_themselves and space.app_is_in and fact.event_ts >= (space.joined_ts or ""):
        has_acted(session, fact.workspace, fact.person, "joined a space")


def _come_in(session: Session, space: Space, fact: MembershipFact, now: datetime) -> None:
    if not is_news(space, "app", fact.event_ts):
        return
    space.app_is_in, space.is_deleted = True, False
    space.joined_ts = fact.event_ts if space.joined_ts is None else max(space.joined_ts, fact.event_ts)
    if fact.inviter is None:
        return
    space.invited_by = fact.inviter
    ADD_PEOPLE(session, [(fact.workspace, fact.inviter, False, False)])
    if not may_answer(session, fact.workspace, fact.inviter):
        return
    has_acted(session, fact.workspace, fact.inviter, "invited the app")
    make_facilitator(session, space, fact.inviter, now)
    _tell_inviter(session, space, fact.inviter, fact.event_ts, now)


def make_facilitator(session: Session, space: Space, inviter: str, now: datetime) -> None:
    """Whoever invites the app runs the space, as long as nobody else does."""
    if find_roles(session, space.workspace, Duty.FACILITATOR, space.id):
        return
    session.add(
        Role(
            workspace=space.workspace,
            person=inviter,
            role=Duty.FACILITATOR.value,
            scope=space.id,
            accepted=True,
            given_by=None,
            given_at=now,
        )
    )
    log_act(session, space.workspace, None, "role given", f"{Duty.FACILITATOR} {inviter} {space.id}", now)
    session.flush()


def _tell_inviter(session: Session, space: Space, inviter: str, event_ts: str, now: datetime) -> None:
    card = invitation(session, space, inviter)
    about = about_invitation(space.id)
    tell(session, space.workspace, inviter, card, now, once=f"{about}:{event_ts}", about=about)


def about_invitation(channel: str) -> str:
    """What the message to the inviter is about."""
    return f"invitation:{channel}"


def invitation(session: Session, space: Space, inviter: str) -> Message:
    """What the inviter is told, as things stand: what is recorded, and the past to be read, being read or read."""
    runs_it = may_run_space(session, space.workspace, inviter, space.id)
    return blocks.invitation(space.id, _reading_state(space), facilitates=runs_it)


def _reading_state(space: Space) -> blocks.Reading:
    if space.read_back_days is not None:
        return blocks.Reading.UNDER_WAY
    return blocks.Reading.DONE if space.read_back_at is not None else blocks.Reading.OFFERED


def _leave(session: Session, space: Space, event_ts: str) -> None:
    if is_news(space, "app", event_ts):
        space.app_is_in, space.read_back_days = False, None
        session.flush()


def record_removal(session: Session, fact: AppRemoved, now: datetime) -> None:
    """The app was taken out of a space: nothing is said there any more, what is known stays."""
    del now
    _leave(session, get_space(session, fact.workspace, fact.channel), fact.event_ts)


def record_change(session: Session, fact: SpaceChange, now: datetime) -> None:
    """A space has another name, was archived, revived, deleted or shared; an older event changes nothing."""
    del now
    space = get_space(session, fact.workspace, fact.channel)
    space.is_private = space.is_private or fact.private
    if is_news(space, fact.aspect, fact.event_ts):
        CHANGE[fact.aspect](space, fact.value)
    session.flush()


def _rename(space: Space, value: str | bool) -> None:
    space.name = str(value)


def _archive(space: Space, value: str | bool) -> None:
    space.is_archived = bool(value)


def _delete(space: Space, value: str | bool) -> None:
    space.is_deleted, space.app_is_in, space.read_back_days = bool(value), False, None


def _share(space: Space, value: str | bool) -> None:
    space.is_shared = bool(value)


CHANGE: dict[str, Callable[[Space, str | bool], None]] = {
    "name": _rename,
    "archived": _archive,
    "deleted": _delete,
    "shared": _share,
}


def record_move(session: Session, fact: SpaceMoved, now: datetime) -> None:
    """Slack gave a channel another id: every stored id follows, and whatever still comes under the old one."""
    del now
    move_space(session, fact.workspace, fact.old, fact.new, fact.event_ts)


def ask_to_read_back(session: Session, asked: Asked, now: datetime) -> Message | None:
    """Note the wish to read a space's past; a sentence for who may not. Asking twice is asking once."""
    space = find_space(session, asked.workspace, asked.channel)
    if space is None or not may_run_space(session, asked.workspace, asked.person, asked.channel):
        return blocks.sentence(blocks.ONLY_FACILITATORS)
    if not space.app_is_in or space.is_archived or space.is_deleted:
        return blocks.sentence(
            blocks.NOT_IN_THERE.format(space=space_name(session, asked.workspace, space.id))
        )
    if space.read_back_days is None and space.read_back_at is None:
        space.read_back_days = READ_BACK_DAYS
        log_act(session, asked.workspace, asked.person, "read back", f"{space.id} {READ_BACK_DAYS} days", now)
        session.flush()
    show_reading(session, space, now)
    return None


def wishes_to_read_back(session: Session, workspace: str) -> list[ReadBackWish]:
    """The spaces whose past is still to be read."""
    return [
        ReadBackWish(workspace, space.id, space.read_back_days or READ_BACK_DAYS)
        for space in find_wishes_to_read_back(session, workspace)
    ]


def record_read_back(session: Session, wish: ReadBackWish, now: datetime) -> None:
    """Somebody read a space's past, or could not: the card says how it stands; safe to repeat."""
    space = find_space(session, wish.workspace, wish.channel)
    if space is not None:
        show_reading(session, space, now)


def show_reading(session: Session, space: Space, now: datetime) -> None:
    """Redraw the message to the inviter."""
    card = invitation(session, space, space.invited_by or "")
    outbox_cards.redraw(session, space.workspace, about_invitation(space.id), card.payload(), now)
