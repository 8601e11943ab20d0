"""Slack's ts ("seconds.microseconds" as text) and the instants they stand for."""

from datetime import UTC, datetime, timedelta

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MICROSECONDS = 6
_LATEST = 253_402_300_799  # the last second of the year 9999; nothing later is an instant


def instant_of(ts: str) -> datetime:
    """The instant (aware, UTC) that a ts stands for, exact to the microsecond."""
    seconds, _, fraction = ts.partition(".")
    microseconds = int(fraction[:_MICROSECONDS].ljust(_MICROSECONDS, "0"))
    return _EPOCH + timedelta(seconds=min(int(seconds), _LATEST), microseconds=microseconds)


def ts_of(instant: datetime) -> str:
    """The ts of an instant."""
    passed = (instant - _EPOCH) // timedelta(microseconds=1)
    return f"{passed // 10**_MICROSECONDS}.{passed % 10**_MICROSECONDS:06d}"


def is_outdated(event_ts: str, heard_ts: str | None) -> bool:
    """Whether an event is older than one we heard already: it came late, and what it says holds no more."""
    return event_ts < (heard_ts or "")
