"""How fast signed events are recorded (SQLite, synchronous=FULL), against bare Bolt that only hears them.

Both servers are processes of their own; rounds alternate, so a machine whose speed drifts drifts for both. Run it
with `make bench`.
"""

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import func, select

from bot.sandbox import Sandbox, empty_world
from storage.messages import Message
from storage.session import open_database
from tests.bench.load import message_event, send_all, signed_request

EVENTS = 3_000
ROUNDS = 5
TEXT = "Yesterday the mixer stopped twice; restarting it with the guard closed helped. " * 2


async def main() -> None:
    """Print requests per second of both, and the ratio of each pair of rounds."""
    async with Sandbox(port=0, world=empty_world()) as sandbox:
        team = sandbox.world.team
        with tempfile.TemporaryDirectory() as folder, _bare(sandbox) as bare, _ours(sandbox, folder) as ours:
            await asyncio.gather(_until_open(bare), _until_open(ours))
            pairs = []
            for number in range(ROUNDS + 1):
                bare_rate = await send_all(bare, _requests(team, sandbox.signing_secret))
                our_rate = await send_all(ours, _requests(team, sandbox.signing_secret))
                if number:  # the first round warms both up
                    pairs.append((bare_rate, our_rate))
                    print(
                        f"bare Bolt {bare_rate:7.0f}/s   recorded {our_rate:7.0f}/s   ratio {our_rate / bare_rate:.2f}"
                    )
            await _all_recorded(sandbox, folder, EVENTS * (ROUNDS + 1))
    ratios = [our_rate / bare_rate for bare_rate, our_rate in pairs]
    low, middle, high = min(ratios), statistics.median(ratios), max(ratios)
    print(f"recorded / bare Bolt: median {middle:.2f}, from {low:.2f} to {high:.2f}")


async def _all_recorded(sandbox: Sandbox, folder: str, expected: int) -> None:
    """A rate counts only if every event of it is in the database."""
    database = open_database(f"sqlite:///{Path(folder) / 'bench.db'}")
    with database.read() as session:
        stored = session.scalar(select(func.count()).select_from(Message)) or 0
    database.close()
    assert stored == expected, f"{stored} of {expected} events recorded in {sandbox.world.team}"


def _requests(team: str, secret: str) -> list[bytes]:
    return [signed_request(message_event(team, "C0BENCH", TEXT), secret) for _ in range(EVENTS)]


@contextmanager
def _bare(sandbox: Sandbox) -> Iterator[int]:
    port = _free_port()
    command = [sys.executable, "-m", "tests.bench.bare_bolt", str(port)]
    with _process([*command, sandbox.api_url, sandbox.bot_token, sandbox.signing_secret], {}):
        yield port


@contextmanager
def _ours(sandbox: Sandbox, folder: str) -> Iterator[int]:
    port = _free_port()
    environment = {
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_SIGNING_SECRET": sandbox.signing_secret,
        "SLACK_API_URL": sandbox.api_url,
        "DATABASE_URL": f"sqlite:///{Path(folder) / 'bench.db'}",
        "PORT": str(port),
        "LOG_LEVEL": "WARNING",
    }
    with _process([sys.executable, "-m", "bot", "run", "--http"], environment):
        yield port


@contextmanager
def _process(command: list[str], environment: dict[str, str]) -> Iterator[None]:
    process = subprocess.Popen(command, env={**os.environ, **environment}, stdout=subprocess.DEVNULL)
    try:
        yield
    finally:
        process.terminate()
        process.wait(timeout=20)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def _until_open(port: int) -> None:
    for _ in range(300):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            await asyncio.sleep(0.1)
        else:
            writer.close()
            return
    raise TimeoutError(f"nothing listens on {port}")


if __name__ == "__main__":
    asyncio.run(main())
