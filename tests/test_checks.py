"""`check` against a Slack that answers: what works, what does not, and how to mend it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from bot.sandbox import Sandbox, empty_world

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A Slack with one workspace."""
    async with Sandbox(world=empty_world()) as sandbox:
        yield sandbox


async def check(slack: Sandbox, folder: Path, **changed: str) -> tuple[int, str]:
    """The exit code and what was printed, in an environment that fits `slack` but for what is changed."""
    fitting = {
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }
    return await run_check(folder, fitting | changed)


async def run_check(folder: Path, given: dict[str, str]) -> tuple[int, str]:
    """The exit code and what was printed, with these variables and no others of ours."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check",
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT)} | given,
        stdout=asyncio.subprocess.PIPE,
    )  # fmt: skip
    printed, _ = await process.communicate()
    return process.returncode or 0, printed.decode()


async def test_good_tokens_pass(slack: Sandbox, tmp_path: Path) -> None:
    """With everything in order, every line has a ✓ and check leaves with 0."""
    code, printed = await check(slack, tmp_path)
    assert (code, "✗" in printed) == (0, False)
    assert "SLACK_BOT_TOKEN works" in printed
    assert "Socket Mode can connect" in printed


@pytest.mark.parametrize("variable", ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"])
async def test_token_that_slack_does_not_know_is_named(slack: Sandbox, tmp_path: Path, variable: str) -> None:
    """A wrong token is named with its variable, the other one is still tried, and neither is printed."""
    wrong = ("xoxb" if variable == "SLACK_BOT_TOKEN" else "xapp") + "-1-wrong"
    code, printed = await check(slack, tmp_path, **{variable: wrong})
    assert code == 1
    assert f"✗ Slack does not know {variable}" in printed
    assert printed.count("✗") == 1
    assert wrong not in printed
    assert slack.bot_token not in printed


@pytest.mark.parametrize(
    ("ahead", "words"),
    [
        (timedelta(0), "✓ This machine's clock agrees with Slack's."),
        (timedelta(minutes=4), "✗ This machine's clock differs from Slack's by 4 minutes: turn on time"),
        (timedelta(hours=3), "✗ This machine's clock differs from Slack's by about 3 hours: turn on time"),
    ],
)
async def test_a_clock_that_is_off_is_told_in_words(tmp_path: Path, ahead: timedelta, words: str) -> None:
    """Slack refuses signatures that are too old, so a clock that goes wrong is said with how to mend it."""

    async def auth_test(_: web.Request) -> web.Response:
        dated = {"Date": format_datetime(datetime.now(UTC) - ahead, usegmt=True)}
        return web.json_response({"ok": True, "user": "commonplace", "team": "Acme"}, headers=dated)

    app = web.Application()
    app.router.add_post("/api/auth.test", auth_test)
    async with TestServer(app) as slow_slack:
        given = {
            "SLACK_API_URL": str(slow_slack.make_url("/api/")),
            "SLACK_BOT_TOKEN": "xoxb-1-good",
            "SLACK_SIGNING_SECRET": "s" * 32,
        }
        _, printed = await run_check(tmp_path, given)
    assert words in printed
