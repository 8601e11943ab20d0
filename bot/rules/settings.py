"""Settings: the page that fits a person, and kinds of message stopped and allowed."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import settings as blocks
from bot.blocks.kit import Modal
from bot.rules.attention import Started, stop, stopped_kinds
from bot.rules.my_settings import mine
from bot.rules.roles import duties_given_by, is_admin
from storage.people import is_left_out
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Kinds:
    """A person allows a kind of message again, or stops it."""

    workspace: str
    person: str
    kind: str


def open_settings(session: Session, workspace: str, person: str, now: datetime, notice: str = "") -> Modal:
    """The page of settings that fits this person."""
    return blocks.settings(
        mine(session, workspace, person, now),
        stopped_kinds(session, workspace, person),
        left_out=is_left_out(session, workspace, person),
        admin=is_admin(session, workspace, person),
        gives_roles=bool(duties_given_by(session, workspace, person)),
        notice=notice,
    )


def stop_kind(session: Session, wish: Kinds, now: datetime) -> None:
    """Stop a kind of message; one that we do not know changes nothing."""
    del now
    if wish.kind in set(Started):
        stop(session, wish.workspace, wish.person, Started(wish.kind))


def allow_kind(session: Session, wish: Kinds, now: datetime) -> Modal:
    """Allow a kind of message again, and show the page as it is then."""
    if wish.kind in set(Started):
        stop(session, wish.workspace, wish.person, Started(wish.kind), stopped=False)
        session.flush()
    return open_settings(session, wish.workspace, wish.person, now)
