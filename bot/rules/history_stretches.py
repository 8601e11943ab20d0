"""What of a space's history is still to be read: the space remembers it, so that a restart goes on."""

from dataclasses import asdict, dataclass
from datetime import datetime, timedelta

from bot.slack_ts import ts_of
from storage.spaces import Space

# Old threads live on in new replies, and history shows those at their first message.
LOOK_BACK = timedelta(days=14)
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


def missed(space: Space, heard_at: datetime | None, now: datetime) -> Stretch:
    """From the last moment we surely know, but two weeks at least, and never before our own coming."""
    heard = [ts_of(heard_at - UNSURE)] if heard_at is not None else []
    known = max([*heard, *([space.caught_up_ts] if space.caught_up_ts else [])], default=None)
    if known is None:
        oldest = space.joined_ts or ts_of(now - FIRST_LOOK)
    else:
        oldest = max(space.joined_ts or "", min(known, ts_of(now - LOOK_BACK)))
    return Stretch(oldest, to_join=space.joined_ts is None)


def note_coming(space: Space, now: datetime) -> None:
    """The app is in this space; what was said there without our knowing is to be read."""
    if not space.app_is_in:
        # We came in unheard: what was said since then is ours to know.
        oldest = max(space.caught_up_ts or "", ts_of(now - FIRST_LOOK))
        note_stretch(space, Stretch(oldest, to_join=True))
    elif space.reading is None and space.caught_up_ts is None:
        note_stretch(space, missed(space, None, now))
    space.app_is_in = True


def note_stretch(space: Space, stretch: Stretch) -> None:
    """Add a stretch up to now; an older one is kept as far as the new one does not cover it."""
    kept = [one for one in stretches_of(space) if one.latest is not None and one.oldest < stretch.oldest]
    oldest_open = [one.oldest for one in stretches_of(space) if one.latest is None]
    new = Stretch(min([stretch.oldest, *oldest_open]), None, stretch.to_join)
    space.reading = {**(space.reading or {}), "missed": [asdict(one) for one in [new, *kept]]}


def stretches_of(space: Space) -> list[Stretch]:
    """What of this space's history was missed and is still to be read."""
    return [Stretch(**one) for one in (space.reading or {}).get("missed", ())]


def place_of(space: Space) -> Place:
    """The space, and what of it is to be read."""
    return Place(space.workspace, space.id, space.is_private, tuple(stretches_of(space)))
