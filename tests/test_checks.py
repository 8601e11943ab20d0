"""`check` against a Slack that answers: what works, what does not, and how to mend it."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.sandbox import Sandbox, empty_world

ROOT = Path(__file__).parent.parent


@pytest.fixture
async def slack() -> AsyncIterator[Sandbox]:
    """A Slack with one workspace."""
    async with Sandbox(world=empty_world()) as sandbox:
        yield sandbox


async def check(slack: Sandbox, folder: Path, **changed: str) -> tuple[int, str]:
    """The exit code and what was printed, in an environment that fits `slack` but for what is changed."""
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_API_URL": slack.api_url,
        "SLACK_BOT_TOKEN": slack.bot_token,
        "SLACK_APP_TOKEN": slack.app_token,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", "check",
        cwd=folder, env=environment | changed, stdout=asyncio.subprocess.PIPE,
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
