"""What we learn late: old news starts no letter, and old threads do not come to life."""

from datetime import datetime, timedelta

from bot.incoming import Source
from bot.slack_ts import instant_of

NEWS = timedelta(days=7)  # as long as a nomination waits: what is older is nobody's present concern
ALIVE = timedelta(days=14)  # without a post for so long, a thread rests


def is_quiet(source: Source, ts: str, now: datetime) -> bool:
    """Whether a fact about the message at `ts` must start no letter."""
    if source is Source.CAUGHT_UP:
        return instant_of(ts) < now - NEWS
    return source is not Source.LIVE


def arrives_closed(source: Source, ts: str, now: datetime) -> bool:
    """Whether a thread that is new to us, with a reply at `ts`, is over already."""
    if source is Source.LIVE:
        return False
    return source is Source.IMPORTED or instant_of(ts) < now - ALIVE
