"""Letters about plans: each passes the budget, each card is filed under what it shows."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks.kit import Message
from bot.rules.attention import Started
from bot.rules.budget import Outcome, Urgency, Wish, wish
from storage import outbox, outbox_cards
from storage.people import find_person
from storage.session import Session


@dataclass(frozen=True, slots=True)
class Said:
    """A card to somebody: its key in the workspace, what it is about in one line of mrkdwn, what it shows."""

    person: str
    once: str
    line: str
    card: Message
    about: str


def remind(
    session: Session, workspace: str, said: Said, now: datetime, *, not_after: datetime | None = None
) -> Outcome:
    """What the app says to the person of a plan by itself, when there is room for it."""
    letter = _letter(session, workspace, said)
    wanted = Wish(workspace, said.person, Started.PLAN, said.once, said.line, letter, not_after=not_after)
    return wish(session, wanted, now)


def ask(
    session: Session,
    workspace: str,
    said: Said,
    now: datetime,
    *,
    by: str,
    kind: Started = Started.HELP,
    not_after: datetime | None = None,
) -> Outcome:
    """What a named person (`by`) asks of somebody, or answers them."""
    letter = _letter(session, workspace, said)
    wanted = Wish(
        workspace,
        said.person,
        kind,
        said.once,
        said.line,
        letter,
        Urgency.REQUEST,
        asked_by=by,
        not_after=not_after,
    )
    return wish(session, wanted, now)


def mention(
    session: Session, workspace: str, person: str, once: str, line: str, now: datetime, *, by: str | None
) -> None:
    """A line of the morning note, and no message of its own."""
    wanted = Wish(workspace, person, Started.PLAN, once, line, None, Urgency.NOTE, asked_by=by)
    wish(session, wanted, now)


def redraw(session: Session, workspace: str, about: str, card: Message, now: datetime) -> None:
    """Show the card as it is now, if there is one."""
    outbox_cards.redraw(session, workspace, about, card.payload(), now)


def stale_home(session: Session, workspace: str, person: str, now: datetime) -> None:
    """Somebody's Home shows something else now."""
    outbox.enqueue(session, outbox.home_is_stale(workspace, person), now)


def _letter(session: Session, workspace: str, said: Said) -> outbox.Letter:
    known = find_person(session, workspace, said.person)
    dm = known.dm if known is not None else None
    return outbox.post_to_person(workspace, said.person, said.card.payload(), dm=dm, about=said.about)
