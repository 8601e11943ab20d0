"""Clips: "Post the clip myself" takes the author's next video in time, and a long one gets a kind word."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from bot.blocks import contributions as blocks
from bot.blocks.kit import permalink
from bot.incoming import DirectMessage, FileFact
from bot.rules.cards import tell
from bot.rules.choices import Choices, read_choices
from bot.rules.contributions import confirm
from bot.rules.naming import name_of, space_name
from bot.rules.places import find_place
from bot.slack_ts import instant_of, ts_of
from storage import outbox, outbox_cards
from storage.contributions import (
    Contribution,
    ContributionState,
    Kind,
    find_contribution,
    find_contributions,
    find_lapsed_offers,
    find_offers,
    subjects_of,
)
from storage.messages import Message, find_clips, find_files
from storage.people import find_person, is_left_out
from storage.session import Session
from storage.workspaces import get_workspace

MOST_TO_PASS_ON = 10 * 1024 * 1024
AROUND = timedelta(days=1)  # offers and clips further apart than this have nothing to do with each other
MINUTE = 60_000  # milliseconds


def settle(session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool) -> None:
    """Give the clips that this message's author said they would post to the offers, earliest to earliest."""
    if quiet or message.by_bot or message.author is None:
        return
    said_at = instant_of(message.ts)
    offers = find_offers(
        session, message.workspace, message.author, said_at - AROUND, channel=message.channel
    )
    offers = [offer for offer in offers if offer.shared_at <= said_at]
    if offers:
        _place(session, offers, _match(session, offers), choices, now)


def settle_length(
    session: Session, message: Message, choices: Choices, now: datetime, *, quiet: bool
) -> None:
    """Say a kind word, once, to the author of a contribution whose clip is longer than people watch."""
    kept = None if quiet else find_contribution(session, message.workspace, message.channel, message.ts)
    if kept is None or kept.state != ContributionState.KEPT or now - instant_of(message.ts) > AROUND:
        return
    if kept.kind != Kind.DEMO and kept.clip_until is None:
        return
    files = find_files(session, message.workspace, message.channel, message.ts)
    lengths = [file.duration_ms for file in files if file.mimetype.startswith("video/") and file.duration_ms]
    _say_length(session, kept, max(lengths, default=None), f"{message.channel}:{message.ts}", choices, now)


def lapse(session: Session, workspace: str, now: datetime) -> None:
    """Stop waiting for clips that did not come; their authors get back what they typed."""
    minutes = read_choices(session, workspace).clip_minutes_to_post
    for offer in find_lapsed_offers(session, workspace, now):
        offer.state = ContributionState.WITHDRAWN
        card = blocks.clip_lapsed(offer.title, offer.text, minutes)
        outbox_cards.redraw(session, workspace, about_of(offer), card.payload(), now)


def offer(session: Session, awaited: Contribution, choices: Choices, now: datetime) -> None:
    """Begin to wait for the clip, with a card in the author's DM that says where it may come in."""
    space = space_name(session, awaited.workspace, awaited.channel)
    card = blocks.waiting_for_clip(awaited.title, space, choices.clip_minutes_to_post)
    about = about_of(awaited)
    tell(session, awaited.workspace, awaited.author, card, now, once=about, about=about)


def take_direct(session: Session, fact: DirectMessage, now: datetime) -> str | None:
    """Pass a video sent to the app on to the space it was promised to; what to answer, if it was one."""
    clip = next((file for file in fact.files if file.is_clip), None)
    awaited = _awaited(session, fact, now)
    if clip is None or awaited is None:
        return None
    space = space_name(session, fact.workspace, awaited.channel)
    if clip.size > MOST_TO_PASS_ON:
        return blocks.CLIP_TOO_LARGE.format(size=round(clip.size / 1024 / 1024), space=space)
    if find_place(session, fact.workspace, awaited.channel, fact.person) is None:
        return blocks.CANNOT_POST_THERE.format(space=space)
    choices = read_choices(session, fact.workspace)
    awaited.state, awaited.clip_until = ContributionState.KEPT, None
    publish(session, awaited, clip, now)
    _show_kept(session, awaited, now)
    _say_length(session, awaited, clip.duration_ms, f"{fact.channel}:{fact.ts}", choices, now)
    return blocks.CLIP_TAKEN.format(space=space)


def publish(session: Session, given: Contribution, file: FileFact | None, now: datetime) -> None:
    """Post a contribution in its space, in the app's name; its file follows in the thread."""
    card = blocks.shared(
        name_of(session, given.workspace, given.author),
        given.kind,
        given.title,
        given.text,
        given.challenge,
        subjects_of(session, given),
    )
    about = f"contribution:{given.id}"
    letter = outbox.post_to_space(given.workspace, given.channel, card.payload(), once=about, about=about)
    post = outbox.enqueue(session, letter, now)
    if file is not None and post is not None:
        about = f"contribution_file:{given.id}"
        copy = outbox.pass_file_on(
            given.workspace, given.channel, file.id, thread_of=post, once=about, about=about
        )
        copy.payload["title"] = file.name or given.title
        outbox.enqueue(session, copy, now)


def about_of(offered: Contribution) -> str:
    """What the card about this clip is filed under."""
    return f"clip:{offered.id}"


def _awaited(session: Session, fact: DirectMessage, now: datetime) -> Contribution | None:
    offers = find_offers(session, fact.workspace, fact.person, now - AROUND)
    said_at = instant_of(fact.ts)
    return next(
        (
            offer
            for offer in offers
            if offer.state == ContributionState.AWAITING_CLIP and _covers(offer, min(said_at, now))
        ),
        None,
    )


def _covers(offer: Contribution, instant: datetime) -> bool:
    return offer.clip_until is not None and instant <= offer.clip_until


def _match(session: Session, offers: Sequence[Contribution]) -> dict[int, str]:
    """Each offer's clip: whatever order they were heard in, the earliest clip goes to the earliest offer."""
    first, last = offers[0], max(offer.clip_until for offer in offers if offer.clip_until is not None)
    clips = find_clips(
        session, first.workspace, first.channel, first.author, ts_of(first.shared_at), ts_of(last)
    )
    mine = {offer.id for offer in offers}
    others = find_contributions(session, first.workspace, [(first.channel, ts) for ts in clips])
    taken = {other.ts for other in others if other.id not in mine}
    found: dict[int, str] = {}
    for ts in clips:
        said_at = instant_of(ts)
        fitting = (o for o in offers if o.id not in found and o.shared_at <= said_at and _covers(o, said_at))
        offer = next(fitting, None)
        if offer is not None and ts not in taken:
            found[offer.id] = ts
    return found


def _place(
    session: Session, offers: Sequence[Contribution], found: dict[int, str], choices: Choices, now: datetime
) -> None:
    moved = [offer for offer in offers if offer.ts != found.get(offer.id)]
    for offer in moved:  # all leave their places first, because a place holds one contribution
        _leave(session, offer, choices, now)
    session.flush()
    for offer in moved:
        offer.ts = found.get(offer.id)
        if offer.ts is not None:
            offer.state = ContributionState.KEPT
            session.flush()
            confirm(session, offer, choices, now)
            _show_kept(session, offer, now)


def _leave(session: Session, offer: Contribution, choices: Choices, now: datetime) -> None:
    waits = offer.clip_until is not None and now < offer.clip_until
    offer.state = ContributionState.AWAITING_CLIP if waits else ContributionState.WITHDRAWN
    confirm(session, offer, choices, now)
    offer.ts = None


def _show_kept(session: Session, kept: Contribution, now: datetime) -> None:
    space = space_name(session, kept.workspace, kept.channel)
    url = get_workspace(session, kept.workspace).url
    card = blocks.clip_kept(kept.title, space, permalink(url, kept.channel, kept.ts) if kept.ts else None)
    outbox_cards.redraw(session, kept.workspace, about_of(kept), card.payload(), now)


def _say_length(
    session: Session, kept: Contribution, length: int | None, place: str, choices: Choices, now: datetime
) -> None:
    """An answer to their own act, so it asks no gate; people of other organisations are not written to."""
    author = find_person(session, kept.workspace, kept.author)
    if length is None or length <= choices.long_clip_minutes * MINUTE:
        return
    if author is None or author.is_external or is_left_out(session, kept.workspace, kept.author):
        return
    card = blocks.long_clip(round(length / MINUTE), choices.long_clip_minutes)
    tell(session, kept.workspace, kept.author, card, now, once=f"long clip:{place}")
