"""A workplace with the app in it: the sandbox, the real app over Socket Mode, and people who do things."""

import logging
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from io import StringIO

import pytest
import structlog

from bot.app import Commonplace, running
from bot.config import Settings
from bot.logs import set_up_logs
from bot.sandbox import Sandbox, empty_world
from storage.session import Database
from tests.people import Person, Workplace, eventually


@dataclass
class Office:
    """Everything a story needs."""

    sandbox: Sandbox
    app: Commonplace
    workplace: Workplace
    ada: Person  # admin of the Slack workspace
    asha: Person  # learner in Kolkata
    mara: Person  # learner in Lisbon
    tomas: Person  # learner in Chicago

    @property
    def database(self) -> Database:
        """What the app remembers."""
        return self.app.database

    async def settles(self) -> None:
        """Wait until everything that was done was heard, and everything that follows was said."""
        await self.workplace.all_delivered()
        await eventually(self.app.sender.idle, within=30)
        await self.workplace.all_delivered()


def settings_for(sandbox: Sandbox, database_url: str) -> Settings:
    """What the app needs to live in this sandbox."""
    return Settings(
        bot_token=sandbox.bot_token,
        app_token=sandbox.app_token,
        signing_secret=sandbox.signing_secret,
        api_url=sandbox.api_url,
        database_url=database_url,
        port=0,
        secret_keys=("cHJhY3RpY2Uga2V5IGZvciB0ZXN0cyBvbmx5ISEhISE=",),
        clock_url=sandbox.clock_url,
    )


@pytest.fixture
def logged() -> Iterator[StringIO]:
    """Everything that the app logs at its most talkative, as an operator would see it."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = StringIO()
    set_up_logs("DEBUG", "json", stream=stream)
    yield stream
    root.handlers, root.level = handlers, level
    logging.captureWarnings(capture=False)
    structlog.reset_defaults()


# Stories begin on a working day, in the daytime of everybody in them, whenever they are told.
TUESDAY = datetime(2026, 11, 24, 15, tzinfo=UTC)


@pytest.fixture
async def office(database_url: str) -> AsyncIterator[Office]:
    """The space #kitchen with Ada, Asha, Mara, Tomas and the app in it."""
    async with (
        Sandbox(port=0, world=empty_world(TUESDAY), retry_delays=(0.2, 0.5, 1, 2, 4, 8)) as sandbox,
        running(settings_for(sandbox, database_url), "socket") as app,
        Workplace(sandbox.url) as workplace,
    ):
        yield await _furnish(sandbox, app, workplace)


async def _furnish(sandbox: Sandbox, app: Commonplace, workplace: Workplace) -> Office:
    for name, zone in (("asha", "Asia/Kolkata"), ("mara", "Europe/Lisbon"), ("tomas", "America/Chicago")):
        await workplace.post("people", name=name, real_name=name.title(), tz=zone)
    people = {name: workplace.person(name) for name in ("ada", "asha", "mara", "tomas")}
    await people["ada"].creates("kitchen")
    await people["ada"].invites("#kitchen", "app")
    for name in ("asha", "mara", "tomas"):
        await people[name].joins("#kitchen")
    office = Office(sandbox, app, workplace, **people)
    await office.settles()
    return office
