"""Reading history: what Slack shows now is compared with what we know, and the difference becomes facts.

Where reading is under way, the space remembers which stretches are still to be read, so that a restart goes on.
"""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from itertools import chain

from bot.incoming import MessageFact, ReactionFact, Source
from bot.incoming_world import MembershipFact
from bot.past import Said
from bot.profiles import ChannelFact, PersonFact, StatusFact
from bot.rules import messages, reactions, spaces, statuses
from bot.rules.attention import has_acted, may_answer
from bot.rules.quietness import is_quiet
from bot.slack_ts import ts_of
from storage.history import find_all_reactions, find_spaces_as_known, find_standing_between
from storage.people import get_person
from storage.profiles import store_members, store_spaces
from storage.session import Session
from storage.spaces import Space, find_space, is_news
from storage.workspaces import get_workspace

LOOK_BACK = timedelta(
    days=14
)  # old threads live on in new replies, and history shows those at their first message
FIRST_LOOK = timedelta(days=90)
UNSURE = timedelta(minutes=5)  # the heartbeat's age, and a little more


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a space's history still to be read: from `latest` (None: now) back to `oldest`."""

    oldest: str
    latest: str | None = None
    to_join: bool = False  # or back to the line that tells of our own coming, if that is nearer


@dataclass(frozen=True, slots=True)
class Place:
    """A space to be read, and what of it."""

    workspace: str
    channel: str
    private: bool
    stretches: tuple[Stretch, ...]


@dataclass(frozen=True, slots=True)
class Begin:
    """We listen again; what was said since we last did is to be read."""

    workspace: str


@dataclass(frozen=True, slots=True)
class Beginning:
    """Who we are there, and how long we did not listen (None: never did)."""

    bot_user: str | None
    gap: timedelta | None


@dataclass(frozen=True, slots=True)
class Listing:
    """The channels that the app was in at `read_at`: all of them."""

    workspace: str
    read_at: str
    channels: tuple[ChannelFact, ...]


@dataclass(frozen=True, slots=True)
class People:
    """Some of the workspace's people."""

    workspace: str
    people: tuple[PersonFact, ...]
    statuses: tuple[tuple[str, StatusFact], ...] = ()


@dataclass(frozen=True, slots=True)
class Members:
    """Who was in a channel at `read_at`: all of them."""

    workspace: str
    channel: str
    people: tuple[str, ...]
    read_at: str = ""


@dataclass(frozen=True, slots=True)
class Page:
    """Messages next to each other in a channel's history or in a thread, as Slack showed them at `read_at`.

    All that stands between `after` and `before` is here. `partly` names the reactions (ts, emoji) of which Slack
    did not tell every person. `done` is the stretch this page is of, `left` what remains of it;
    `joined` is when our time there began, and `coming` the line that tells so.
    """

    workspace: str
    channel: str
    said: tuple[Said, ...]
    read_at: str
    after: str
    before: str
    source: Source
    thread: str | None = None
    partly: frozenset[tuple[str, str]] = frozenset()
    done: Stretch | None = None
    left: Stretch | None = None
    joined: str | None = None
    coming: MembershipFact | None = None

    @property
    def subjects(self) -> tuple[str, ...]:
        """Every message of the page, and their threads."""
        return tuple(chain.from_iterable(said.message.subjects for said in self.said))


@dataclass(frozen=True, slots=True)
class Finished:
    """All that was missed until `until` has been read."""

    workspace: str
    until: datetime


@dataclass(frozen=True, slots=True)
class Back:
    """Somebody asked to read the last `days` days of a space; at the end, whether that could be done."""

    workspace: str
    channel: str
    days: int = 90
    fulfilled: bool = False


def begin(session: Session, fact: Begin, now: datetime) -> Beginning:
    """Note in each space what is to be read, before anything else can say that we have listened."""
    workspace = get_workspace(session, fact.workspace)
    for space in find_spaces_as_known(session, fact.workspace):
        if space.app_is_in:
            _note_stretch(space, _missed(space, workspace.heard_at, now))
    gap = None if workspace.heard_at is None else now - workspace.heard_at
    return Beginning(workspace.bot_user, gap)


def record_listing(session: Session, listing: Listing, now: datetime) -> list[Place]:
    """Keep what these channels are called and are; the app is in them and in no others. Returns what to read."""
    store_spaces(session, [asdict(channel) for channel in listing.channels], now)
    session.expire_all()
    ours = {channel.id: channel for channel in listing.channels}
    known = find_spaces_as_known(session, listing.workspace)
    for space in known:
        if space.id in ours:
            _note_coming(space, now)
        elif is_news(space, "app", listing.read_at):  # else an event told of our coming meanwhile
            space.app_is_in = False
    return [_place(space) for space in known if space.id in ours]


def record_people(session: Session, fact: People, now: datetime) -> None:
    """Keep what Slack says about these people now."""
    statuses.record_people(session, fact.workspace, fact.people, dict(fact.statuses), now)


def record_members(session: Session, fact: Members, _now: datetime) -> None:
    """Exactly these people are in the channel."""
    if find_space(session, fact.workspace, fact.channel) is not None:
        store_members(session, fact.workspace, fact.channel, fact.people, fact.read_at)


def record_page(session: Session, page: Page, now: datetime) -> None:
    """Take in what is new on this page, changed or gone, and note how far we have read."""
    said = [one.message for one in page.said] + list(_gone(session, page))
    if said:
        messages.record(session, said, now)
    given = list(_changed_reactions(session, page))
    if given:
        reactions.record(session, given, now)
    if page.coming is not None:
        _record_coming(session, page.coming, now)
    if page.done is not None:
        _note_progress(session, page)


def finish(session: Session, fact: Finished, now: datetime) -> None:
    """Nothing was missed until now."""
    workspace = get_workspace(session, fact.workspace)
    workspace.heard_at = max(workspace.heard_at or fact.until, fact.until)
    del now


def begin_back(session: Session, wish: Back, now: datetime) -> Place | None:
    """What is to be read of the past before our coming; None where we are not."""
    space = find_space(session, wish.workspace, wish.channel)
    if space is None or not space.app_is_in:
        return None
    kept = (space.reading or {}).get("back")
    if kept is None:
        kept = asdict(Stretch(ts_of(now - timedelta(days=wish.days)), space.joined_ts))
        space.reading = {**(space.reading or {}), "back": kept}
    return Place(space.workspace, space.id, space.is_private, (Stretch(**kept),))


def finish_back(session: Session, wish: Back, now: datetime) -> None:
    """The wish is fulfilled, or cannot be."""
    space = find_space(session, wish.workspace, wish.channel)
    if space is not None:
        space.read_back_days = None
        if wish.fulfilled:
            space.read_back_at = now
        space.reading = {key: value for key, value in (space.reading or {}).items() if key != "back"} or None


def _record_coming(session: Session, coming: MembershipFact, now: datetime) -> None:
    """We were invited while we did not listen; if that is long ago, nobody is told about it any more."""
    if not is_quiet(Source.CAUGHT_UP, coming.event_ts, now):
        spaces.record_membership(session, coming, now)
        return
    space = find_space(session, coming.workspace, coming.channel)
    if space is None or coming.inviter is None:
        return
    space.invited_by = space.invited_by or coming.inviter
    get_person(session, coming.workspace, coming.inviter)
    if may_answer(session, coming.workspace, coming.inviter):
        has_acted(session, coming.workspace, coming.inviter, "invited the app")
        spaces.make_facilitator(session, space, coming.inviter, now)


def _missed(space: Space, heard_at: datetime | None, now: datetime) -> Stretch:
    """From the last moment we surely know, but two weeks at least, and never before our own coming."""
    heard = [ts_of(heard_at - UNSURE)] if heard_at is not None else []
    known = max([*heard, *([space.caught_up_ts] if space.caught_up_ts else [])], default=None)
    if known is None:
        oldest = space.joined_ts or ts_of(now - FIRST_LOOK)
    else:
        oldest = max(space.joined_ts or "", min(known, ts_of(now - LOOK_BACK)))
    return Stretch(oldest, to_join=space.joined_ts is None)


def _note_coming(space: Space, now: datetime) -> None:
    if not space.app_is_in:
        # We came in unheard: what was said since then is ours to know.
        oldest = max(space.caught_up_ts or "", ts_of(now - FIRST_LOOK))
        _note_stretch(space, Stretch(oldest, to_join=True))
    elif space.reading is None and space.caught_up_ts is None:
        _note_stretch(space, _missed(space, None, now))
    space.app_is_in = True


def _note_stretch(space: Space, stretch: Stretch) -> None:
    """Add a stretch up to now; an older one is kept as far as the new one does not cover it."""
    kept = [one for one in _stretches(space) if one.latest is not None and one.oldest < stretch.oldest]
    oldest_open = [one.oldest for one in _stretches(space) if one.latest is None]
    new = Stretch(min([stretch.oldest, *oldest_open]), None, stretch.to_join)
    space.reading = {**(space.reading or {}), "missed": [asdict(one) for one in [new, *kept]]}


def _stretches(space: Space) -> list[Stretch]:
    return [Stretch(**one) for one in (space.reading or {}).get("missed", ())]


def _place(space: Space) -> Place:
    return Place(space.workspace, space.id, space.is_private, tuple(_stretches(space)))


def _note_progress(session: Session, page: Page) -> None:
    space = find_space(session, page.workspace, page.channel)
    if space is None:
        return
    if page.joined is not None:
        space.joined_ts = max(space.joined_ts or "", page.joined)
    reading = dict(space.reading or {})
    if page.source is Source.READ_BACK:
        reading["back"] = asdict(page.left) if page.left else None
    else:
        kept = [page.left if one == page.done else one for one in _stretches(space)]
        reading["missed"] = [asdict(one) for one in kept if one is not None]
        if page.done is not None and page.done.latest is None:
            space.caught_up_ts = max(space.caught_up_ts or "", page.read_at)
    space.reading = {key: value for key, value in reading.items() if value} or None


def _gone(session: Session, page: Page) -> Iterator[MessageFact]:
    """What we know in this stretch and Slack shows no more was deleted while we did not listen."""
    shown = {said.message.ts for said in page.said}
    known = find_standing_between(session, page.workspace, page.channel, page.after, page.before, page.thread)
    for ts in known:
        if ts not in shown:
            yield MessageFact(
                page.workspace, page.channel, ts, thread_ts=page.thread, deleted=True, source=page.source
            )


def _changed_reactions(session: Session, page: Page) -> Iterator[ReactionFact]:
    shown = {(fact.ts, fact.person, fact.emoji): fact for said in page.said for fact in said.reactions}
    standing = [said.message.ts for said in page.said if not said.message.deleted]
    known = {
        (row.ts, row.person, row.emoji): row.standing
        for row in find_all_reactions(session, page.workspace, page.channel, standing)
    }
    yield from _given(shown, known, page.read_at)
    yield from _taken_away(page, shown, known)


Reacted = tuple[str, str, str]  # ts of the message, person, emoji


def _given(
    shown: Mapping[Reacted, ReactionFact], known: Mapping[Reacted, bool], read_at: str
) -> Iterator[ReactionFact]:
    for key, fact in shown.items():
        if key not in known:
            yield fact
        elif not known[key]:
            # It was put there again; when, nobody tells, but it was there when we looked.
            yield _at(fact, read_at, standing=True)


def _taken_away(
    page: Page, shown: Mapping[Reacted, ReactionFact], known: Mapping[Reacted, bool]
) -> Iterator[ReactionFact]:
    for (ts, person, emoji), standing in known.items():
        if standing and (ts, person, emoji) not in shown and (ts, emoji) not in page.partly:
            yield ReactionFact(
                page.workspace,
                page.channel,
                ts,
                person,
                emoji,
                standing=False,
                event_ts=page.read_at,
                source=page.source,
            )


def _at(fact: ReactionFact, event_ts: str, *, standing: bool) -> ReactionFact:
    return ReactionFact(
        fact.workspace,
        fact.channel,
        fact.ts,
        fact.person,
        fact.emoji,
        standing,
        event_ts,
        fact.source,
    )
