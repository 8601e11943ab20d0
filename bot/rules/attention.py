"""Attention: nobody is written to before they acted or were asked by a named person, and any kind can be stopped."""

from datetime import datetime
from enum import StrEnum

from bot.blocks import attention as blocks
from bot.interactions import CommandUse, Press
from storage.outbox import enqueue, find_sent, rewrite
from storage.outbox_cards import last_picture
from storage.people import find_person, get_person
from storage.session import Session
from storage.settings import read_settings, store_setting

_STOPPED = "stopped:"  # followed by the kind, as a setting of the person


class Started(StrEnum):
    """The kinds of message that the app starts by itself; each can be stopped by the one who gets it."""

    NOMINATION = "nomination"
    WELCOME = "welcome"
    SPACE = "space"
    ROLE = "role"
    CHECK_IN = "check_in"
    REFLECTION = "reflection"
    PLAN = "plan"
    HELP = "help"
    TALK = "talk"
    CIRCLE = "circle"
    PROGRAMME = "programme"
    ENTRY = "entry"
    NOTE = "note"


def has_acted(session: Session, workspace: str, person: str, act: str) -> None:
    """Remember the first act (contributed, used a command, joined …) that allows us to write to this person."""
    known = get_person(session, workspace, person)
    if known.welcome_because is None:
        known.welcome_because = act


def may_answer(session: Session, workspace: str, person: str) -> bool:
    """Whether the app may say what follows from this person's own act."""
    known = find_person(session, workspace, person)
    return known is not None and not (known.is_bot or known.is_deactivated or known.left_out)


def may_write(
    session: Session, workspace: str, person: str, kind: Started, *, asked_by: str | None = None
) -> bool:
    """Whether the app may start a message of this kind to this person.

    A named person who asks (`asked_by`) is reason enough for anybody but people of other organisations, and for those
    their own act is.
    """
    return reason_against(session, workspace, person, kind, asked_by=asked_by) is None


def reason_against(
    session: Session, workspace: str, person: str, kind: Started, *, asked_by: str | None = None
) -> str | None:
    """Why the app may not start a message of this kind to this person; None when it may."""
    known = find_person(session, workspace, person)
    if known is None or known.is_bot or known.is_deactivated or known.left_out:
        return blocks.NOT_HERE
    if known.welcome_because is None and (asked_by is None or known.is_external):
        return blocks.NOT_MET
    return blocks.WAS_STOPPED if is_stopped(session, workspace, person, kind) else None


def is_stopped(session: Session, workspace: str, person: str, kind: str) -> bool:
    """Whether the person stopped messages of this kind."""
    return bool(read_settings(session, workspace, person).get(_STOPPED + kind))


def stopped_kinds(session: Session, workspace: str, person: str) -> list[str]:
    """The kinds of message that the person stopped."""
    chosen = read_settings(session, workspace, person)
    return [kind.value for kind in Started if chosen.get(_STOPPED + kind)]


def stop(session: Session, workspace: str, person: str, kind: Started, *, stopped: bool = True) -> None:
    """Stop messages of this kind to this person, or allow them again."""
    store_setting(session, workspace, person, _STOPPED + kind, True if stopped else None)


def record_command(session: Session, use: CommandUse, now: datetime) -> None:
    """Somebody used a command: from now on we may write to them."""
    del now
    has_acted(session, use.workspace, use.person, "used a command")


def record_press(session: Session, press: Press, now: datetime) -> None:
    """Somebody pressed a button of ours: from now on we may write to them."""
    del now
    has_acted(session, press.workspace, press.person, "pressed a button")


def record_stop(session: Session, press: Press, now: datetime) -> bool:
    """Somebody pressed "Stop these" under a message of the kind that the button carries.

    True when the message itself then says so, and nothing else need be said.
    """
    if press.value not in set(Started):
        return False
    stop(session, press.workspace, press.person, Started(press.value))
    return _say_stopped(session, press, now)


def _say_stopped(session: Session, press: Press, now: datetime) -> bool:
    """Under a letter to this person, the button gives way to a sentence."""
    letter = find_sent(session, press.workspace, press.channel or "", press.ts or "")
    shown = last_picture(session, letter) if letter is not None else None
    if letter is None or letter.recipient != press.person or not shown:
        return False
    payload = {**letter.payload, "blocks": blocks.stopped(shown, press.value)}
    enqueue(session, rewrite(press.workspace, letter.id, letter.conversation, payload), now)
    return True
