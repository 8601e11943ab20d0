"""The app as a process: on the fastest event loop, until a signal, and then gone within ten seconds."""

import asyncio
import os
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import suppress

from bot.app import Commonplace
from bot.config import Settings, Transport
from bot.delivery import Patience

LAST_SECONDS = 9.0  # after that the process ends whatever hangs; what was acked is committed


def run(settings: Settings, transport: Transport, patience: Patience | None = None) -> None:
    """Run until we are asked to stop (SIGTERM, SIGINT), which takes less than ten seconds; needs the main thread."""
    with asyncio.Runner(loop_factory=_fastest_loop()) as runner:
        runner.run(_run_until_asked(settings, transport, patience))


def _fastest_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    if sys.platform == "win32":
        return None
    import uvloop  # exists nowhere else

    return uvloop.new_event_loop


async def _run_until_asked(
    settings: Settings, transport: Transport, patience: Patience | None = None
) -> None:
    asked = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with suppress(NotImplementedError):  # where the event loop knows no signals
            asyncio.get_running_loop().add_signal_handler(number, _on_signal, asked)
    app = Commonplace(settings, transport, patience)
    try:
        await _start_unless(asked, app)
        await asked.wait()
    finally:
        await app.stop()


def _on_signal(asked: asyncio.Event) -> None:
    asked.set()
    # A thread that hangs in a driver or a name server cannot be cancelled, and Python would wait for it.
    last = threading.Timer(LAST_SECONDS, os._exit, (0,))
    last.daemon = True
    last.start()


async def _start_unless(asked: asyncio.Event, app: Commonplace) -> None:
    """Start, but leave off when we are asked to stop meanwhile."""
    starting, stopping = asyncio.ensure_future(app.start()), asyncio.ensure_future(asked.wait())
    await asyncio.wait((starting, stopping), return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if starting.done():
        starting.result()
    else:
        starting.cancel()
        await asyncio.wait((starting,), timeout=1)
