"""What the browser tests share: a sandbox with life in it, a very small app, and a real Chromium."""

import os
import shutil
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

from bot.sandbox import Sandbox, seeded_world
from tests.browser.tiny_app import TinyApp

# Background services of the browser would look for addresses outside of this computer.
_QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_MISSING = (
    "The tests of the page need Chromium: install it with `sudo apt-get install chromium`, "
    "or name a browser in COMMONPLACE_CHROMIUM."
)
_PATIENCE = 15_000  # milliseconds; generous, because the machine may be busy with other tests


def find_chromium() -> str:
    """The path of a Chromium; fails with the command that installs one."""
    named = os.environ.get("COMMONPLACE_CHROMIUM")
    found = named or next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.fail(_MISSING, pytrace=False)
    return found


@pytest.fixture
async def sandbox() -> AsyncIterator[Sandbox]:
    """A running sandbox with its seeded workspace."""
    async with Sandbox(port=0, world=seeded_world()) as running:
        yield running


@pytest.fixture
async def tiny_app(sandbox: Sandbox) -> AsyncIterator[TinyApp]:
    """A very small app that answers the sandbox over HTTP."""
    async with TinyApp(sandbox.api_url, sandbox.bot_token) as app:
        sandbox.deliver_to(app.url)
        yield app


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    """A Chromium without windows."""
    path = find_chromium()
    # Chromium's own fence needs rights that root inside a container does not have.
    as_root = ["--no-sandbox"] if os.geteuid() == 0 else []
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=[*_QUIET, *as_root])
        yield browser
        await browser.close()


@pytest.fixture
async def page(browser: Browser, sandbox: Sandbox) -> AsyncIterator[Page]:
    """The sandbox's page, opened and ready; the test fails when the page complained in the console."""
    complaints: list[str] = []
    context = await browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(_PATIENCE)
    page = await context.new_page()
    page.on("console", lambda message: complaints.extend(_complaint(message)))
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(sandbox.url)
    await page.wait_for_selector("#composer-slot textarea")
    yield page
    await context.close()
    assert complaints == []


def _complaint(message: ConsoleMessage) -> list[str]:
    """Errors and warnings; a refusal that the page shows to the person is no fault of the page."""
    refused = "status of 400" in message.text
    return [message.text] if message.type in ("error", "warning") and not refused else []
