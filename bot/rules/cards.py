"""Cards and answers in somebody's DM with the app."""

from datetime import datetime

from bot.blocks.kit import Message, permalink
from storage import outbox
from storage.outbox_cards import find_card
from storage.people import find_person
from storage.session import Session
from storage.workspaces import get_workspace


def tell(
    session: Session, workspace: str, person: str, message: Message, now: datetime, **more: str | bool | None
) -> int | None:
    """Say something in the person's DM; `more` are fields of the letter. None when `once` was said before."""
    return outbox.enqueue(session, letter_to(session, workspace, person, message, **more), now)


def letter_to(
    session: Session, workspace: str, person: str, message: Message, **more: str | bool | None
) -> outbox.Letter:
    """A letter to the person's DM; `more` are its other fields."""
    known = find_person(session, workspace, person)
    return outbox.post_to_person(workspace, person, message.payload(), dm=known.dm if known else None, **more)


def card_url(session: Session, workspace: str, about: str) -> str | None:
    """Where the card that shows this thing is; None while it has not arrived."""
    card = find_card(session, workspace, about)
    if card is None or not card.channel or not card.ts:
        return None
    return permalink(get_workspace(session, workspace).url, card.channel, card.ts)
