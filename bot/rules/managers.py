"""Managers: who manages whom, as the strongest source says; what only the person says needs the manager's yes."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import managers as blocks
from bot.errors import BotError
from bot.rules.attention import Started, has_acted, may_write
from bot.rules.budget import Request, request
from bot.rules.naming import name_of
from storage import outbox_cards
from storage.managers import Management, Source, find_management, find_standing, find_standing_of
from storage.people import Person, find_person, get_person
from storage.session import Session

# What each noun does when it becomes known who manages somebody: (session, workspace, person, now).
MANAGER_KNOWN: list[Callable[[Session, str, str, datetime], None]] = []


class OwnManager(BotError):
    """Nobody is their own manager. Please choose somebody else."""


class ManagesInACircle(BotError):
    """This person reports to you, directly or through others, so they cannot be your manager too."""


class CannotManage(BotError):
    """Choose a colleague who is still here: no app, no guest, and nobody who asked to be left out."""


class NotAsked(BotError):
    """This was answered or taken back meanwhile, so there is nothing left to decide."""


@dataclass(frozen=True, slots=True)
class Naming:
    """A person says who their manager is."""

    workspace: str
    person: str
    manager: str


@dataclass(frozen=True, slots=True)
class Word:
    """The answer of somebody who was named as a manager."""

    workspace: str
    by: str
    management: int
    agrees: bool


def manager_of(session: Session, workspace: str, person: str) -> str | None:
    """Who manages this person, if that person is still here and part of it: a roster beats the person's word."""
    for row in _agreed(session, workspace, person):
        if _is_here(find_person(session, workspace, row.manager)):
            return row.manager
    return None


def reports_of(session: Session, workspace: str, manager: str) -> list[str]:
    """The people whom this person manages."""
    said = {row.person for row in find_standing_of(session, workspace, manager) if row.agreed}
    return sorted(person for person in said if manager_of(session, workspace, person) == manager)


def asked_of(session: Session, workspace: str, person: str) -> str | None:
    """Whom this person named as their manager while that one has not answered."""
    rows = find_standing(session, workspace, person)
    return next((row.manager for row in rows if row.source == Source.ASKED), None)


def set_manager(
    session: Session,
    workspace: str,
    person: str,
    manager: str | None,
    source: Source,
    told_by: str | None,
    now: datetime,
) -> None:
    """From now on this source says so; with None it says nothing any more. Saying it twice changes nothing.

    Raises OwnManager, CannotManage and ManagesInACircle.
    """
    if manager is not None:
        _check(session, workspace, person, manager)
    standing = [row for row in find_standing(session, workspace, person) if row.source == source]
    if [row.manager for row in standing] == ([manager] if manager else []):
        return
    for row in standing:
        row.until = now
    session.flush()  # the old one ends before the new one begins: one stands at a time
    if manager is not None:
        _store(session, workspace, person, manager, source, told_by, now)
        for rule in MANAGER_KNOWN if source is not Source.ASKED else ():
            rule(session, workspace, person, now)


def propose_manager(session: Session, naming: Naming, now: datetime) -> None:
    """The person names their manager, who gets one card and says yes or no; until then nothing changes.

    Raises OwnManager, CannotManage and ManagesInACircle.
    """
    workspace, person, manager = naming.workspace, naming.person, naming.manager
    _check(session, workspace, person, manager)
    if manager in (manager_of(session, workspace, person), asked_of(session, workspace, person)):
        return
    if not may_write(session, workspace, manager, Started.ROLE, asked_by=person):
        raise CannotManage
    set_manager(session, workspace, person, None, Source.ASKED, person, now)
    row = _store(session, workspace, person, manager, Source.ASKED, person, now)
    card = blocks.question(name_of(session, workspace, person), row.id)
    about = _about(row)
    request(session, Request(workspace, manager, Started.ROLE, about, card.text, person, about), card, now)


def decide(session: Session, word: Word, now: datetime) -> None:
    """Who was named says yes or no; pressed twice it changes nothing. Raises NotAsked, also for anybody else."""
    row = find_management(session, word.workspace, word.management)
    if row is None or row.manager != word.by or row.source != Source.ASKED:
        raise NotAsked
    if row.until is not None:
        if row.agreed != word.agrees:
            raise NotAsked
        return
    row.until, row.agreed = now, word.agrees
    session.flush()
    has_acted(session, word.workspace, word.by, "answered who manages whom")
    if word.agrees:
        set_manager(session, word.workspace, row.person, row.manager, Source.WORD, row.person, now)
    _say_decided(session, row, now)


def _say_decided(session: Session, row: Management, now: datetime) -> None:
    person, manager = (name_of(session, row.workspace, one) for one in (row.person, row.manager))
    card = blocks.decided(person, agrees=row.agreed)
    outbox_cards.redraw(session, row.workspace, _about(row), card.payload(), now)
    told, once = blocks.told(manager, agrees=row.agreed), f"manager_answer:{row.id}"
    asked = Request(row.workspace, row.person, Started.ROLE, once, told.text, row.manager)
    request(session, asked, told, now)


def _agreed(session: Session, workspace: str, person: str) -> list[Management]:
    rows = find_standing(session, workspace, person)
    return [row for row in rows if row.agreed and row.source != Source.ASKED]


def _is_here(known: Person | None) -> bool:
    return known is not None and not (known.is_deactivated or known.left_out or known.is_bot)


def _check(session: Session, workspace: str, person: str, manager: str) -> None:
    if person == manager:
        raise OwnManager
    known = find_person(session, workspace, manager)
    if known is not None and (not _is_here(known) or known.is_external or known.is_guest):
        raise CannotManage
    if person in _chain(session, workspace, manager):
        raise ManagesInACircle


def _chain(session: Session, workspace: str, person: str) -> list[str]:
    """The managers above this person, each as the strongest source says, nearest first."""
    above: list[str] = []
    rows = _agreed(session, workspace, person)
    while rows and rows[0].manager not in above:
        above.append(rows[0].manager)
        rows = _agreed(session, workspace, above[-1])
    return above


def _store(
    session: Session,
    workspace: str,
    person: str,
    manager: str,
    source: Source,
    told_by: str | None,
    now: datetime,
) -> Management:
    for one in (person, manager):
        get_person(session, workspace, one)
    row = Management(
        workspace=workspace,
        person=person,
        manager=manager,
        source=source.value,
        agreed=source is not Source.ASKED,
        since=now,
        told_by=told_by,
    )
    session.add(row)
    session.flush()
    return row


def _about(row: Management) -> str:
    return f"manager:{row.id}"
