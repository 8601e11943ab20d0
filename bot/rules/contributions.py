"""Contributions: a tagged post is kept, an edit that takes the tag away or a deletion withdraws it."""

from datetime import datetime

from sqlalchemy.orm import Session

from bot.rules.attention import has_acted
from bot.rules.choices import Choices
from bot.rules.tags import find_tag
from storage import outbox
from storage.contributions import Contribution, ContributionState, Kind, Via, find_contribution
from storage.messages import Message
from storage.people import is_left_out


def settle(session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool) -> None:
    """Bring the contribution at this message in line with its words; safe to repeat."""
    known = find_contribution(session, message.workspace, message.channel, message.ts)
    kind = tagged_kind(message, choices)
    if known is None:
        if kind is not None and message.author is not None:
            keep(session, message, message.author, kind, Via.TAG, choices, now, quiet=quiet)
        return
    wanted = _wanted_state(known, message, kind)
    if kind is not None and known.via == Via.TAG:
        known.kind = kind
    if wanted != known.state:
        known.state = wanted
        confirm(session, known, choices, now, quiet=quiet)


def keep(
    session: Session,
    message: Message,
    author: str,
    kind: Kind,
    via: Via,
    choices: Choices,
    now: datetime,
    *,
    quiet: bool = False,
) -> Contribution | None:
    """Make this message a contribution; None when its author asked to be left out."""
    if is_left_out(session, message.workspace, author):
        return None
    kept = Contribution(
        workspace=message.workspace,
        channel=message.channel,
        ts=message.ts,
        author=author,
        kind=kind,
        via=via,
        state=ContributionState.KEPT,
        shared_at=now,
    )
    session.add(kept)
    session.flush()
    if not quiet:
        has_acted(session, message.workspace, author, "contributed")
    confirm(session, kept, choices, now, quiet=quiet)
    return kept


def confirm(
    session: Session, contribution: Contribution, choices: Choices, now: datetime, *, quiet: bool
) -> None:
    """Show with the app's own reaction on the message whether it is kept."""
    if quiet or contribution.ts is None:
        return
    standing = contribution.state == ContributionState.KEPT
    letter = outbox.react(
        contribution.workspace,
        contribution.channel,
        contribution.ts,
        choices.kept_emoji,
        standing=standing,
    )
    outbox.enqueue(session, letter, now)


def tagged_kind(message: Message, choices: Choices) -> Kind | None:
    """The kind that a person's message declares by a tag, if it stands and has one."""
    if message.deleted or message.by_bot:
        return None
    tag = find_tag(message.text, choices.tags)
    return None if tag is None else Kind(choices.tags[tag])


def _wanted_state(known: Contribution, message: Message, kind: Kind | None) -> str:
    if message.deleted or (known.via == Via.TAG and kind is None):
        return ContributionState.WITHDRAWN
    if known.via == Via.TAG:
        return ContributionState.KEPT
    return known.state
