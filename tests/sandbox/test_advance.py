import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox import Sandbox
from bot.sandbox.advance import as_iso, read_duration, read_instant
from bot.sandbox.errors import Refused
from tests.people import NotPossible, Workplace, eventually
from tests.sandbox.conftest import SocketApp


class Worker:
    """An app that has something to do at each of `due` and reports as the real one does."""

    def __init__(self, workplace: Workplace, due: list[datetime]) -> None:
        self.workplace = workplace
        self.due = sorted(due)
        self.done: list[datetime] = []

    async def work(self) -> None:
        """Follow the clock until cancelled."""
        clock = await self.workplace.get("clock")
        while True:
            now = read_instant(clock["now"])
            while self.due and self.due[0] <= now:
                self.done.append(self.due.pop(0))
            following = as_iso(self.due[0] + timedelta(milliseconds=1)) if self.due else None
            await self.workplace.post("clock/report", version=clock["version"], next_due=following, idle=True)
            clock = await self.workplace.get("clock", after=clock["version"], wait=5)


async def test_the_clock_stops_at_every_due_instant(
    app: SocketApp, sandbox: Sandbox, workplace: Workplace
) -> None:
    """Everything due on the way is done at its own time, then the target is reached."""
    start = sandbox.clock.now()
    due = [start + timedelta(days=days) for days in (2, 7, 16)]
    worker = Worker(workplace, due)
    task = asyncio.create_task(worker.work())
    moved = await workplace.moves_clock(by="10d")
    task.cancel()
    assert worker.done == due[:2]
    assert moved["steps"] == 3
    assert sandbox.clock.now() - start >= timedelta(days=10)
    assert app.client.closed is False


async def test_without_an_app_the_clock_does_not_walk(sandbox: Sandbox, workplace: Workplace) -> None:
    """One sentence says so; alone it moves."""
    with pytest.raises(NotPossible, match="No app is connected"):
        await workplace.moves_clock(by="1d")
    before = sandbox.clock.now()
    moved = await workplace.moves_clock(by="1d", alone=True)
    assert moved["version"] == 2
    assert sandbox.clock.now() - before >= timedelta(days=1)


async def test_an_app_that_does_not_report_is_named(
    app: SocketApp, sandbox: Sandbox, workplace: Workplace
) -> None:
    """After the limit the walk ends with a sentence, and another one may begin."""
    sandbox.advance._step_seconds = 0.1
    for _ in range(2):
        with pytest.raises(NotPossible, match="did not report"):
            await workplace.moves_clock(by="1d")
    assert app.events() == []


async def test_one_walk_at_a_time(app: SocketApp, sandbox: Sandbox, workplace: Workplace) -> None:
    """A second one is refused while the first waits."""
    sandbox.advance._step_seconds = 1.0
    first = asyncio.create_task(workplace.moves_clock(by="1d"))

    async def walking() -> bool:
        return sandbox.advance.advancing

    await eventually(walking)
    with pytest.raises(NotPossible, match="already"):
        await workplace.moves_clock(by="1d")
    with pytest.raises(NotPossible, match="did not report"):
        await first
    assert app.events() == []


async def test_messages_carry_the_moved_time(workplace: Workplace, sandbox: Sandbox) -> None:
    """A post after the move has its ts there."""
    await workplace.moves_clock(by="3w", alone=True)
    post = await workplace.person("asha").posts("#kitchen", "x")
    assert abs(float(post.ts) - sandbox.clock.now().timestamp()) < 60


async def test_the_clock_never_goes_back(workplace: Workplace) -> None:
    """Times in the past and nonsense are refused with a sentence."""
    for values in (
        {"to": "2001-01-01T00:00:00Z"},
        {"to": "tomorrow"},
        {"by": "soon"},
        {"by": -5},
        {"to": "2040-01-01"},
    ):
        with pytest.raises(NotPossible):
            await workplace.post("clock", alone=True, **values)


def test_durations_and_instants_are_read() -> None:
    """Seconds, single units and sums; instants need a zone."""
    assert read_duration(90) == timedelta(seconds=90)
    assert read_duration("1d 12h") == timedelta(hours=36)
    assert read_duration("2w") == timedelta(days=14)
    assert read_instant("2026-01-31T10:00:00+01:00") == datetime(2026, 1, 31, 9, tzinfo=UTC)
    with pytest.raises(Refused):
        read_instant("2026-01-31T10:00:00")


async def test_what_became_due_since_the_last_report_is_not_jumped_over(
    app: SocketApp, sandbox: Sandbox, workplace: Workplace
) -> None:
    """Before it walks, the clock asks the app anew: what was due later than it knew is done at its own time, too."""
    worker = Worker(workplace, [])
    task = asyncio.create_task(worker.work())
    await workplace.moves_clock(by="1h")
    due = sandbox.clock.now() + timedelta(days=7)
    worker.due.append(due)
    moved = await workplace.moves_clock(by="8d")
    task.cancel()
    assert worker.done == [due]
    assert moved["steps"] == 2
    assert app.client.closed is False
