"""Reading history: what was missed while we did not listen, and what was said before we came."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.profiles import ChannelFact, PersonFact, StatusFact
from bot.rules import statuses
from bot.rules.history_stretches import Place, Stretch, missed, note_coming, note_stretch, place_of
from bot.slack_ts import ts_of
from storage.history import find_spaces_as_known
from storage.profiles import store_members, store_spaces
from storage.session import Session
from storage.spaces import find_space, is_news
from storage.workspaces import get_workspace


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
            note_stretch(space, missed(space, workspace.heard_at, now))
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
            note_coming(space, now)
        elif is_news(space, "app", listing.read_at):  # else an event told of our coming meanwhile
            space.app_is_in = False
    return [place_of(space) for space in known if space.id in ours]


def record_people(session: Session, fact: People, now: datetime) -> None:
    """Keep what Slack says about these people now."""
    statuses.record_people(session, fact.workspace, fact.people, dict(fact.statuses), now)


def record_members(session: Session, fact: Members, _now: datetime) -> None:
    """Exactly these people are in the channel."""
    if find_space(session, fact.workspace, fact.channel) is not None:
        store_members(session, fact.workspace, fact.channel, fact.people, fact.read_at)


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
