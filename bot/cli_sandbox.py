"""`sandbox`: a small Slack of our own, the app as its own process beside it, and the page in the browser.

Nothing of the user's own set-up gets in: no .env, no Slack variable, no database unless one is named.
"""

import asyncio
import contextlib
import errno
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from collections.abc import AsyncIterator
from pathlib import Path

import typer
from cryptography.fernet import Fernet

from bot.addresses import normal_database_url, sqlite_path
from bot.errors import CommandFailed
from bot.sandbox import Sandbox, seeded_world

# What a program needs from its surroundings; everything else could be a setting of a real workspace.
KEPT = (
    "PATH",
    "HOME",
    "USER",
    "LANG",
    "LC_ALL",
    "TZ",
    "TMPDIR",
    "VIRTUAL_ENV",
    "SYSTEMROOT",
    "LD_LIBRARY_PATH",
)
STOPPING_SECONDS = 12
QUICK_DEATH_SECONDS = 10
MOST_QUICK_DEATHS = 5

WELCOME = "Commonplace runs in a small Slack of its own: {url}/  (Ctrl-C stops it)"
RESTARTED = "The app stopped (exit {code}); it is started again."
GAVE_UP = "The app stopped {times} times in a row: the lines above say why."
PORT_IN_USE = "Port {port} is in use: stop what uses it, or choose another with --port."


async def run(port: int, database: str | None, *, browser: bool) -> None:
    """Serve the sandbox at `port` and keep the app running in it until a signal says stop.

    Raises CommandFailed when the port is in use or the app cannot stay up.
    """
    stop = _stop_at_signals()
    database_url = normal_database_url(database, Path.cwd()) if database else None
    with tempfile.TemporaryDirectory(prefix="commonplace-") as folder:
        async with _started(port) as sandbox:
            environment = _environment(sandbox, database_url or f"sqlite:///{folder}/commonplace.db", folder)
            typer.echo(WELCOME.format(url=sandbox.url))
            if browser:
                _open_browser(f"{sandbox.url}/")
            await _keep_running(environment, folder, stop)


def _stop_at_signals() -> asyncio.Event:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    return stop


@contextlib.asynccontextmanager
async def _started(port: int) -> AsyncIterator[Sandbox]:
    sandbox = Sandbox(port=port, world=seeded_world())
    try:
        await sandbox.start()
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise
        raise CommandFailed(PORT_IN_USE.format(port=port)) from error
    try:
        yield sandbox
    finally:
        await sandbox.stop()


def _environment(sandbox: Sandbox, database_url: str, folder: str) -> dict[str, str]:
    """All that the app may know: this sandbox, its database and a port of its own."""
    environment = {name: os.environ[name] for name in KEPT if name in os.environ} | {
        "PYTHONPATH": str(Path(__file__).parent.parent),
        "SLACK_API_URL": sandbox.api_url,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "COMMONPLACE_CLOCK_URL": sandbox.clock_url,
        "DATABASE_URL": database_url,
        "PORT": str(_free_port()),
        "LOG_LEVEL": os.environ.get("LOG_LEVEL", "WARNING"),
    }
    # A SQLite file that was named keeps its key beside it; everything else is for this once.
    file = sqlite_path(database_url)
    if file is None or file.is_relative_to(folder):
        environment["COMMONPLACE_SECRET_KEY"] = Fernet.generate_key().decode()
    return environment


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _open_browser(url: str) -> None:
    # Without a screen Python would start a text browser here in the terminal.
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return
    webbrowser.open(url)


async def _keep_running(environment: dict[str, str], folder: str, stop: asyncio.Event) -> None:
    """Start the app, again when it dies, until told to stop; raises CommandFailed if it cannot stay."""
    loop = asyncio.get_running_loop()
    quick_deaths = 0
    while not stop.is_set():
        began = loop.time()
        code = await _run_once(environment, folder, stop)
        if stop.is_set():
            return
        quick_deaths = quick_deaths + 1 if loop.time() - began < QUICK_DEATH_SECONDS else 0
        if quick_deaths == MOST_QUICK_DEATHS:
            raise CommandFailed(GAVE_UP.format(times=MOST_QUICK_DEATHS))
        typer.echo(RESTARTED.format(code=code), err=True)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(stop.wait(), timeout=quick_deaths)


async def _run_once(environment: dict[str, str], folder: str, stop: asyncio.Event) -> int:
    """The app's exit code, after it died or was told to stop."""
    # Its working folder is the temporary one, so that no .env is found. A Ctrl-C in the terminal is ours,
    # because the app has to stop before its Slack does.
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--socket", cwd=folder, env=environment, start_new_session=True
    )
    waits = {asyncio.create_task(process.wait()), asyncio.create_task(stop.wait())}
    try:
        await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for wait in waits:
            wait.cancel()
        await _end(process)
    return process.returncode or 0


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is not None:
        return
    process.terminate()
    try:
        await asyncio.wait_for(process.wait(), STOPPING_SECONDS)
    except TimeoutError:
        process.kill()
        await process.wait()
