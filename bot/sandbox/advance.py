"""Moving the clock: from one due instant of the app to the next, waiting at each until the app is done."""

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.errors import Refused
from bot.sandbox.model import Json
from bot.sandbox.statuses import end_statuses, next_end
from bot.sandbox.world import World

STEP_SECONDS = 30.0
MOST_STEPS = 20_000
MOST_AHEAD = timedelta(days=366 * 20)
_UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86_400, "w": 604_800}
NO_APP = 'No app is connected, so nobody would act on the way; send "alone": true to move the clock anyway.'
NO_REPORT = "The app did not report that it is done within {seconds:g} seconds; the clock stands at {now}."
BUSY = "The clock is being moved already."


class Advance:
    """The world's clock with its version, and the app's reports about what is due."""

    def __init__(
        self, world: World, connected: Callable[[], bool], step_seconds: float = STEP_SECONDS
    ) -> None:
        self.version = 1
        self.advancing = False
        self._world = world
        self._connected = connected
        self._step_seconds = step_seconds
        self._report: Json = {}
        self._changed = asyncio.Condition()

    def shown(self) -> Json:
        """The time, as the control API tells it."""
        return {"now": as_iso(self._world.clock.now()), "version": self.version, "advancing": self.advancing}

    async def wait_for_change(self, after: int, seconds: float) -> Json:
        """The time once the version is no longer `after`, or when the wait is over."""
        try:
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: self.version != after)
        except TimeoutError:
            # Nothing moved: the caller asks again.
            return self.shown()
        return self.shown()

    async def report(self, values: Json) -> Json:
        """Take the app's word on what it has done and what is next."""
        due = values.get("next_due")
        version = values.get("version")
        if not isinstance(version, int):
            raise Refused("'version' must be a number.")
        parsed = read_instant(due) if due is not None else None
        async with self._changed:
            self._report = {"version": version, "next_due": parsed, "idle": values.get("idle") is True}
            self._changed.notify_all()
        return {}

    async def advance(self, values: Json) -> Json:
        """Move the clock as asked; raises Refused when it cannot be, or the app does not follow."""
        if self.advancing:
            raise Refused(BUSY)
        target = self._target(values)
        if not values.get("alone") and not self._connected():
            raise Refused(NO_APP)
        self.advancing = True
        try:
            steps = await (self._jump(target) if values.get("alone") else self._walk(target))
        finally:
            self.advancing = False
            self._tell()
        return self.shown() | {"steps": steps}

    def _target(self, values: Json) -> datetime:
        now = self._world.clock.now()
        to = values.get("to")
        target = read_instant(to) if to is not None else now + read_duration(values.get("by"))
        if target < now:
            raise Refused("The clock only moves ahead.")
        if target - now > MOST_AHEAD:
            raise Refused("The clock moves at most twenty years at a time.")
        return target

    async def _jump(self, target: datetime) -> int:
        await self._move(target)
        return 1

    async def _walk(self, target: datetime) -> int:
        # What the app reported before may be old news: more may be due since then, without the clock having moved.
        await self._move(self._world.clock.now())
        for step in range(MOST_STEPS):
            due = await self._next_due()
            if self._world.clock.now() >= target:
                return step
            await self._move(min(filter(None, (due, next_end(self._world), target))))
        raise Refused(
            f"More than {MOST_STEPS} things were due on the way; the clock stands at {self.shown()['now']}."
        )

    async def _next_due(self) -> datetime | None:
        """Wait until the app is done at this version, and return what comes next."""
        try:
            async with asyncio.timeout(self._step_seconds), self._changed:
                await self._changed.wait_for(self._is_done)
        except TimeoutError:
            now = self.shown()["now"]
            raise Refused(NO_REPORT.format(seconds=self._step_seconds, now=now)) from None
        due: datetime | None = self._report["next_due"]
        return due

    def _is_done(self) -> bool:
        report = self._report
        if report.get("version") != self.version or not report["idle"]:
            return False
        due = report["next_due"]
        # What is due already has not been done yet, whatever the report says.
        return due is None or due > self._world.clock.now()

    async def _move(self, instant: datetime) -> None:
        clock = self._world.clock
        # The clock runs on by itself, so it may have passed the instant a moment ago.
        clock.move_by(max(instant - clock.now(), timedelta(0)))
        end_statuses(self._world)
        async with self._changed:
            self.version += 1
            self._changed.notify_all()
        self._tell()

    def _tell(self) -> None:
        self._world.changes.tell({"type": "clock"} | self.shown())


def as_iso(instant: datetime) -> str:
    """An instant in the control API's form."""
    return instant.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def read_instant(value: Any) -> datetime:
    """An aware instant from ISO 8601; raises Refused."""
    try:
        instant = datetime.fromisoformat(str(value))
    except ValueError:
        raise Refused(f"{value!r} is no instant; it looks like 2026-01-31T09:00:00Z.") from None
    if instant.tzinfo is None:
        raise Refused(f"{value!r} needs a time zone, such as a Z at its end.")
    return instant.astimezone(UTC)


def read_duration(value: Any) -> timedelta:
    """A duration from seconds or from text such as 3d or 1d 12h; raises Refused."""
    if (
        isinstance(value, int | float)
        and not isinstance(value, bool)
        and 0 <= value <= MOST_AHEAD.total_seconds()
    ):
        return timedelta(seconds=value)
    parts = str(value).split()
    if not parts or not all(re.fullmatch(r"\d{1,9}(\.\d+)?[smhdw]", part) for part in parts):
        raise Refused(
            "Give 'to' as an instant, or 'by' as seconds or as text such as 2h, 3d, 1w or '1d 12h'."
        )
    return timedelta(seconds=sum(float(part[:-1]) * _UNITS[part[-1]] for part in parts))
