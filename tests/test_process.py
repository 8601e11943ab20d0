"""The process: stopped, it is gone within ten seconds with exit 0; a token that Slack refuses ends its start."""

import asyncio
import os
import signal
import sys
from pathlib import Path

import pytest

from bot.sandbox import Sandbox, empty_world

ROOT = Path(__file__).parent.parent


async def test_stopped_while_starting(tmp_path: Path) -> None:
    """Slack never answers auth.test; SIGTERM ends the start."""
    asked = asyncio.Event()

    async def never_answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        asked.set()
        await reader.read()
        writer.close()

    server = await asyncio.start_server(never_answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    environment = {
        "PATH": os.environ["PATH"],
        "SLACK_API_URL": f"http://127.0.0.1:{port}/api/",
        "SLACK_BOT_TOKEN": "xoxb-1-2-abc",
        "SLACK_APP_TOKEN": "xapp-1-A-2-abc",
        "DATABASE_URL": f"sqlite:///{tmp_path}/commonplace.db",
        "PORT": "0",
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "run", "--socket", cwd=ROOT, env=environment
    )
    async with asyncio.timeout(60):
        await asked.wait()
    process.send_signal(signal.SIGTERM)
    async with asyncio.timeout(10):
        assert await process.wait() == 0
    server.close()


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ("SLACK_APP_TOKEN", "SLACK_APP_TOKEN is refused by Slack (invalid_auth): make an app-level token"),
        ("SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN is refused by Slack (invalid_auth): copy the bot token"),
    ],
)
async def test_a_token_that_slack_refuses_ends_the_start(tmp_path: Path, wrong: str, says: str) -> None:
    """One sentence with the variable and the cure, exit 1, and the token itself is not shown."""
    async with Sandbox(port=0, world=empty_world()) as sandbox:
        environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_API_URL": sandbox.api_url,
            "SLACK_BOT_TOKEN": sandbox.bot_token,
            "SLACK_APP_TOKEN": sandbox.app_token,
            "DATABASE_URL": f"sqlite:///{tmp_path}/commonplace.db",
            "PORT": "0",
            "LOG_LEVEL": "ERROR",
        }
        environment[wrong] = environment[wrong][:5] + "hush"
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bot", "run", "--socket"),
            cwd=tmp_path,
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        async with asyncio.timeout(60):
            out, err = await process.communicate()
    assert process.returncode == 1
    assert len(err.decode().splitlines()) == 1, err.decode()
    assert err.decode().startswith(says)
    assert b"hush" not in out + err
