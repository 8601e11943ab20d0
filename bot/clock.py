"""The world's time: the only source of "now" for due dates, working time and message times.

Leases, back-off and time-outs use real time instead and never follow this clock.
"""

from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells what time it is."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""


class SystemClock:
    """The computer's own time."""

    def now(self) -> datetime:
        """The present instant, aware, in UTC."""
        return datetime.now(UTC)


class MovableClock:
    """Runs like any clock, but can be moved ahead; for the sandbox and for tests."""

    def __init__(self, start: datetime | None = None) -> None:
        """Begin at `start` (aware), else at the computer's time."""
        real = datetime.now(UTC)
        self.offset = (_aware(start) if start else real) - real

    def now(self) -> datetime:
        """The present instant of this clock, aware, in UTC."""
        return datetime.now(UTC) + self.offset

    def move_by(self, step: timedelta) -> datetime:
        """Move ahead by `step` and return the new instant; raises ValueError for a step back."""
        if step < timedelta(0):
            raise ValueError("This clock only moves ahead.")
        self.offset += step
        return self.now()

    def move_to(self, instant: datetime) -> datetime:
        """Move ahead to `instant` (aware) and return it; raises ValueError when that is in the past."""
        return self.move_by(_aware(instant) - self.now())


def _aware(instant: datetime) -> datetime:
    if instant.tzinfo is None:
        raise ValueError("This clock needs to know the time zone of the instant.")
    return instant.astimezone(UTC)
