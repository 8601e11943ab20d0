"""Nominations: anyone marks a message with 💡, its author is asked once and says yes or no within a week."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.blocks import contributions as blocks
from bot.rules.attention import Started, may_write
from bot.rules.choices import Choices
from bot.rules.naming import name_of
from storage import outbox
from storage.contributions import Nomination, NominationState, find_contribution
from storage.messages import Message
from storage.people import find_person
from storage.reactions import Reaction, find_reactions
from storage.workspaces import get_workspace


def settle(session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool) -> None:
    """Ask the author when somebody else's 💡 stands here; take the question back when none does any more."""
    known = session.get(Nomination, (message.workspace, message.channel, message.ts))
    nominator = _nominator(session, message, choices)
    if known is None and nominator is not None and not quiet:
        _ask(session, message, nominator, choices, now)
    elif known is not None and nominator is None and known.state == NominationState.ASKED:
        session.delete(known)


def _nominator(session: Session, message: Message, choices: Choices) -> Reaction | None:
    """The first standing 💡 of somebody else, if this message can be nominated at all."""
    if message.deleted or message.by_bot or message.author is None:
        return None
    if find_contribution(session, message.workspace, message.channel, message.ts) is not None:
        return None
    place = (message.channel, message.ts)
    standing = find_reactions(session, message.workspace, [place], [choices.nominate_emoji])
    return next((reaction for reaction in standing if reaction.person != message.author), None)


def _ask(session: Session, message: Message, nominator: Reaction, choices: Choices, now: datetime) -> None:
    workspace, author = message.workspace, message.author or ""
    if not may_write(session, workspace, author, Started.NOMINATION, asked_by=nominator.person):
        return
    session.add(
        Nomination(
            workspace=workspace,
            channel=message.channel,
            ts=message.ts,
            author=author,
            by=nominator.person,
            state=NominationState.ASKED,
            asked_at=now,
            lapses_at=now + choices.nomination_lapse,
        )
    )
    card = blocks.nomination(
        name_of(session, workspace, nominator.person),
        message.text,
        get_workspace(session, workspace).url,
        message.channel,
        message.ts,
        message.thread_ts,
    )
    person = find_person(session, workspace, author)
    letter = outbox.post_to_person(
        workspace,
        author,
        card.payload(),
        dm=person.dm if person else None,
        once=f"nomination:{message.channel}:{message.ts}",
        about=f"nomination:{message.channel}:{message.ts}",
        started=True,
    )
    outbox.enqueue(session, letter, now)
