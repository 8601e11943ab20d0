"""Cards and answers in somebody's DM with the app."""

from datetime import datetime

from bot.blocks.kit import Message
from storage import outbox
from storage.people import find_person
from storage.session import Session


def tell(
    session: Session, workspace: str, person: str, message: Message, now: datetime, **more: str | bool | None
) -> int | None:
    """Say something in the person's DM; `more` are fields of the letter. None when `once` was said before."""
    known = find_person(session, workspace, person)
    letter = outbox.post_to_person(
        workspace, person, message.payload(), dm=known.dm if known else None, **more
    )
    return outbox.enqueue(session, letter, now)
