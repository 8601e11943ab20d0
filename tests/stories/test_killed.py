"""Kill the app at any moment: what it acknowledged is recorded, and every letter arrives exactly once."""

import asyncio
import os
import random
import signal
import sys
from asyncio.subprocess import DEVNULL, Process
from collections import Counter
from typing import Any

from sqlalchemy import select

from bot.sandbox import Sandbox, empty_world
from storage.messages import Message
from storage.session import open_database
from tests.people import Person, Post, Workplace, eventually

KILLS = 8
CROWD = 40  # nobody is asked more than twice, else the third request of a day would wait for the morning note
SECRET_KEY = "cHJhY3RpY2Uga2V5IGZvciB0ZXN0cyBvbmx5ISEhISE="
AWKWARD = [
    {"method": "chat.postMessage", "fault": fault, "probability": 0.12}
    for fault in ("500_after", "close_after", "timeout_after", "429", "500")
]


class Witness:
    """Notes which messages' events the app acknowledged."""

    def __init__(self, sandbox: Sandbox) -> None:
        self.acknowledged: set[str] = set()
        transport = sandbox.deliveries.transport
        assert transport is not None
        self._deliver = transport.deliver
        transport.deliver = self.deliver  # type: ignore[method-assign]  # it looks on and changes nothing

    async def deliver(self, kind: str, payload: Any, attempt: int = 0, reason: str = "") -> Any:
        answer = await self._deliver(kind, payload, attempt, reason)
        event = payload.get("event", {})
        is_post = event.get("type") == "message" and not event.get("subtype")
        if answer.ok and is_post and event["channel"].startswith("C"):
            self.acknowledged.add(event["ts"])
        return answer


async def start_app(sandbox: Sandbox, database_url: str) -> Process:
    environment = {
        **os.environ,
        "SLACK_BOT_TOKEN": sandbox.bot_token,
        "SLACK_APP_TOKEN": sandbox.app_token,
        "SLACK_API_URL": sandbox.api_url,
        "COMMONPLACE_CLOCK_URL": sandbox.clock_url,
        "COMMONPLACE_SECRET_KEY": SECRET_KEY,
        "DATABASE_URL": database_url,
        "PORT": "0",
        "LOG_LEVEL": "WARNING",
    }
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.stories.impatient_app", env=environment, stdout=DEVNULL
    )


def recorded(database_url: str) -> set[str]:
    """The ts of every message in the database, read from outside."""
    database = open_database(database_url)
    try:
        with (
            database.write() as session
        ):  # the first to open it after a kill takes in what the log still holds
            return set(session.scalars(select(Message.ts)))
    finally:
        database.close()


async def work_on(people: list[Person], rng: random.Random, written: list[Post]) -> None:
    """One step of an ordinary day: somebody writes, often a colleague nominates what was written."""
    number = len(written)
    author, colleague = people[number % CROWD], people[(number + rng.randrange(1, CROWD)) % CROWD]
    tag = "#solution " if number % 4 == 0 else ""
    post = await author.posts("#kitchen", f"{tag}step {number} of the recipe")
    written.append(post)
    if not tag:
        await colleague.reacts(post, "bulb")


async def test_killed_at_random_nothing_acknowledged_is_lost_and_nothing_is_said_twice(
    database_url: str,
) -> None:
    """Kill -9 while events flow and letters go out, again and again, with Slack losing answers besides."""
    rng = random.Random(20261123)
    async with (
        Sandbox(port=0, world=empty_world(), retry_delays=(0.2, 0.5, 1, 2, 4)) as sandbox,
        Workplace(sandbox.url) as workplace,
    ):
        await tell_story(sandbox, workplace, database_url, rng)


async def tell_story(sandbox: Sandbox, workplace: Workplace, database_url: str, rng: random.Random) -> None:
    names = [f"cook{number}" for number in range(1, CROWD)]
    for name in names:
        await workplace.post("people", name=name, real_name=name.title(), tz="Europe/Lisbon")
    people = [workplace.person(name) for name in ("ada", *names)]
    await people[0].creates("kitchen")
    await people[0].invites("#kitchen", "app")
    for person in people[1:]:
        await person.joins("#kitchen")
    witness = Witness(sandbox)
    written: list[Post] = []
    await workplace.goes_wrong(*AWKWARD)
    for _ in range(KILLS):
        app = await start_app(sandbox, database_url)
        await eventually(lambda: connected(workplace), within=30)
        busy = asyncio.create_task(keep_busy(people, rng, written))
        await asyncio.sleep(rng.uniform(0.1, 1.5))  # where it strikes is the point, nothing waits for this
        app.send_signal(signal.SIGKILL)
        await app.wait()
        busy.cancel()
        await asyncio.gather(busy, return_exceptions=True)
        assert witness.acknowledged <= recorded(database_url)
    await workplace.goes_wrong()
    app = await start_app(sandbox, database_url)
    try:
        await eventually(lambda: connected(workplace), within=30)
        await eventually(lambda: all_said(people, written), within=150)
        assert {post.ts for post in written} <= recorded(database_url)
    finally:
        app.terminate()
        assert await app.wait() == 0
    cards = await cards_of(people)
    assert set(cards.values()) <= {1}, cards


async def connected(workplace: Workplace) -> bool:
    return bool((await workplace.state())["connected"])


async def keep_busy(people: list[Person], rng: random.Random, written: list[Post]) -> None:
    while True:
        await work_on(people, rng, written)
        await asyncio.sleep(0.15)


async def all_said(people: list[Person], written: list[Post]) -> bool:
    """Every nominated post has its card, every tagged one the app's own reaction."""
    cards = await cards_of(people)
    shown = {m["ts"]: {r["name"] for r in m.get("reactions", [])} for m in await people[0].sees("#kitchen")}
    nominated = [post for post in written if "bulb" in shown[post.ts]]
    tagged = written[::4]
    return all(cards[post.ts] for post in nominated) and all("green_book" in shown[p.ts] for p in tagged)


async def cards_of(people: list[Person]) -> Counter[str]:
    """How many cards ask about each message."""
    values = [
        element["value"]
        for person in people
        for message in await person.dm_from_app()
        for block in message.get("blocks", [])
        for element in block.get("elements", [])
        if element.get("action_id") == "agree_to_nomination"
    ]
    return Counter(value.rpartition(":")[2] for value in values)
