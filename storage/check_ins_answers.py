"""What was written to check-ins, as far as a card needs to know: whether, never what."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from storage.check_ins import Prompt
from storage.journal import Entry


def has_written(session: Session, prompt: Prompt) -> bool:
    """Whether this person's journal has an entry to any check-in of the same programme."""
    query = (
        select(Entry.id)
        .join(Prompt, Prompt.id == Entry.prompt)
        .where(
            Entry.workspace == prompt.workspace,
            Entry.person == prompt.person,
            ~Entry.deleted,
            Prompt.workspace == prompt.workspace,
            Prompt.enrolment == prompt.enrolment,
        )
    )
    return session.execute(query.limit(1)).first() is not None


def was_asked_before(session: Session, prompt: Prompt) -> bool:
    """Whether this person was sent another prompt before this one, of any kind."""
    query = select(Prompt.id).where(
        Prompt.workspace == prompt.workspace,
        Prompt.person == prompt.person,
        Prompt.sent_at.is_not(None),
        Prompt.id != prompt.id,
    )
    if prompt.sent_at is not None:
        query = query.where(Prompt.sent_at < prompt.sent_at)
    return session.execute(query.limit(1)).first() is not None
