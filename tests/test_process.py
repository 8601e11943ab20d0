"""The process: asked to stop, it is gone within ten seconds with exit 0, whatever it waits for."""

import asyncio
import os
import signal
import sys
from pathlib import Path

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
