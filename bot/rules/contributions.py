"""Contributions: a tagged post is kept, an edit that takes the tag away or a deletion withdraws it."""

from dataclasses import dataclass
from datetime import datetime

from bot.blocks import contributions as blocks
from bot.rules.attention import has_acted
from bot.rules.cards import tell
from bot.rules.choices import Choices, read_choices
from bot.rules.letters import Refused, Sent
from bot.rules.naming import space_name
from bot.rules.tags import find_tag, is_bare
from bot.slack_ts import instant_of
from storage import outbox
from storage.contributions import (
    Contribution,
    ContributionState,
    Kind,
    Via,
    add_subjects,
    find_contribution,
)
from storage.leaving import forget_gift, forget_sent
from storage.messages import Message, find_files
from storage.people import is_left_out
from storage.session import Session
from storage.spaces import find_space


@dataclass(frozen=True, slots=True)
class Gift:
    """What a message is kept as."""

    kind: Kind
    via: Via
    title: str = ""
    subjects: tuple[str, ...] = ()


def settle(session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool) -> None:
    """Bring the contribution at this message in line with its words; safe to repeat."""
    known = find_contribution(session, message.workspace, message.channel, message.ts)
    kind = tagged_kind(session, message, choices)
    if known is None:
        if kind is not None:
            keep(session, message, Gift(kind, Via.TAG), choices, now, quiet=quiet)
        return
    if message.deleted:  # what its author took back in Slack is kept nowhere
        forget_gift(session, known)
        forget_sent(session, known.workspace, f"contribution:{known.id}")
    if kind is not None and known.via == Via.TAG:
        known.kind = kind
    _change_state(session, known, _wanted_state(known, message, kind), choices, now, quiet=quiet)


def keep(
    session: Session, message: Message, gift: Gift, choices: Choices, now: datetime, *, quiet: bool = False
) -> Contribution | None:
    """Make this message its author's contribution; None when they are unknown or want to be left out."""
    author = message.author
    if author is None or is_left_out(session, message.workspace, author):
        return None
    kept = find_contribution(session, message.workspace, message.channel, message.ts)
    if kept is None:
        kept = Contribution(
            workspace=message.workspace,
            channel=message.channel,
            ts=message.ts,
            author=author,
            state=ContributionState.WITHDRAWN,
            shared_at=instant_of(message.ts),
        )
        session.add(kept)
    kept.kind, kept.via, kept.title = gift.kind, gift.via, gift.title or kept.title or ""
    _change_state(session, kept, ContributionState.KEPT, choices, now, quiet=quiet)
    session.flush()
    add_subjects(session, kept, gift.subjects)
    if not quiet:
        has_acted(session, message.workspace, author, "contributed")
    return kept


def is_kept(session: Session, message: Message) -> bool:
    """Whether a contribution stands at this message."""
    known = find_contribution(session, message.workspace, message.channel, message.ts)
    return known is not None and known.state == ContributionState.KEPT


def confirm(session: Session, contribution: Contribution, choices: Choices, now: datetime) -> None:
    """Show with the app's own reaction on the message whether it is kept."""
    if contribution.ts is None:
        return
    standing = contribution.state == ContributionState.KEPT
    workspace, channel, ts = contribution.workspace, contribution.channel, contribution.ts
    outbox.enqueue(session, outbox.react(workspace, channel, ts, choices.kept_emoji, standing=standing), now)


def tagged_kind(session: Session, message: Message, choices: Choices) -> Kind | None:
    """The kind that a person's message declares by a tag, if it stands and gives more than the tag."""
    if message.deleted or message.by_bot or message.author is None:
        return None
    tag = find_tag(message.text, choices.tags)
    if tag is None or (is_bare(message.text) and not _has_files(session, message)):
        return None
    return Kind(choices.tags[tag])


def _has_files(session: Session, message: Message) -> bool:
    return bool(find_files(session, message.workspace, message.channel, message.ts))


def settle_sent(session: Session, sent: Sent, now: datetime) -> None:
    """The app posted a contribution that was given in a form: now it has its place."""
    kept = session.get(Contribution, int(sent.about.partition(":")[2]))
    if kept is None or kept.ts is not None:
        return
    if find_space(session, sent.workspace, sent.channel) is not None:
        kept.channel = sent.channel  # Slack may have changed the channel's id meanwhile
    kept.ts = sent.ts
    session.flush()
    confirm(session, kept, read_choices(session, sent.workspace), now)


def regret(session: Session, refused: Refused, now: datetime) -> None:
    """Slack will never take the post: the author is told why and gets their words back."""
    lost = session.get(Contribution, int(refused.about.partition(":")[2]))
    if lost is None or lost.state != ContributionState.KEPT:
        return
    lost.state = ContributionState.WITHDRAWN
    space = space_name(session, lost.workspace, lost.channel)
    says = blocks.not_posted(lost.title, lost.text, space, refused.reason)
    tell(session, lost.workspace, lost.author, says, now, once=f"not posted:{refused.about}")


def regret_file(session: Session, refused: Refused, now: datetime) -> None:
    """The post stands, but its file could not be passed on."""
    kept = session.get(Contribution, int(refused.about.partition(":")[2]))
    if kept is None or kept.state != ContributionState.KEPT:
        return
    space = space_name(session, kept.workspace, kept.channel)
    says = blocks.file_not_passed_on(kept.title, space, refused.reason)
    tell(session, kept.workspace, kept.author, says, now, once=f"no file:{refused.about}")


def _change_state(
    session: Session, contribution: Contribution, state: str, choices: Choices, now: datetime, *, quiet: bool
) -> None:
    if contribution.state == state:
        return
    contribution.state = state
    if not quiet:
        confirm(session, contribution, choices, now)


def _wanted_state(known: Contribution, message: Message, kind: Kind | None) -> str:
    if message.deleted or (known.via == Via.TAG and kind is None):
        return ContributionState.WITHDRAWN
    return ContributionState.KEPT if known.via == Via.TAG else known.state
