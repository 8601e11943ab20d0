"""The workspaces to begin with: an empty one for tests, and one with a month of life in it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import yaml

from bot.clock import MovableClock
from bot.sandbox.app_manifest import read_app
from bot.sandbox.conversations import create
from bot.sandbox.life import BEFORE, live_through
from bot.sandbox.model import Conversation, Json, Kind, Person
from bot.sandbox.people import add_person, new_person
from bot.sandbox.usergroups import save_usergroup
from bot.sandbox.world import World

SEED = Path(__file__).parent / "seed"
_CREATED_BEFORE = timedelta(days=400)


def empty_world(start: datetime | None = None, manifest: Path | None = None) -> World:
    """A workspace with one admin, `ada`, the app, and #general without the app.

    `start` is when its clock begins (default: now); `manifest` describes the app (default: our own).
    """
    world = _workspace("T0SANDBOX", "Sandbox", "sandbox", MovableClock(start), manifest)
    ada = add_person(world, new_person(world, "ada", real_name="Ada Moreau", is_admin=True, is_owner=True))
    world.default_person = ada.id
    world.app.installer = ada.id
    create(world, ada.id, "general", purpose="Announcements and everything that concerns us all")
    return world


def seeded_world(now: datetime | None = None, manifest: Path | None = None) -> World:
    """The workspace of Tidewell Instruments, with the month that it lived through up to `now`."""
    end = now or datetime.now(UTC)
    world = _workspace("T0TIDEWELL", "Tidewell Instruments", "tidewell", MovableClock(end - BEFORE), manifest)
    for described in read_seed("people"):
        add_person(world, new_person(world, **described))
    for person in world.people.values():
        person.manager = person_id(world, person.manager) if person.manager else None
    world.default_person = person_id(world, "asha")
    world.app.installer = person_id(world, "priya")
    for described in read_seed("channels"):
        _channel(world, described)
    for described in read_seed("usergroups"):
        users = [person_id(world, name) for name in described.pop("members")]
        save_usergroup(world, world.app.installer, users=users, **described)
    live_through(world, end, {c.id: read_seed(c.name) for c in world.conversations.values()}, SEED)
    return world


def _workspace(team: str, name: str, domain: str, clock: MovableClock, manifest: Path | None) -> World:
    app = read_app(manifest)
    world = World(team, name, domain, app, clock)
    bot = Person(app.user, app.name.lower(), app.name, title="Learn from each other", role="app", is_bot=True)
    bot.colour, bot.about, bot.tz = "#0f4c45", "The app", "UTC"
    add_person(world, bot)
    return world


def read_seed(name: str) -> list[Any]:
    """One of the files that describe the workspace."""
    described: list[Any] = yaml.safe_load((SEED / f"{name}.yml").read_text(encoding="utf-8"))
    return described


def person_id(world: World, name: str) -> str:
    """The id of somebody described in the files."""
    return next(person.id for person in world.people.values() if person.name == name)


def _channel(world: World, described: Json) -> None:
    members = [person_id(world, name) for name in described["members"]]
    created = world.now_seconds() - int(_CREATED_BEFORE.total_seconds())
    kind: Kind = "private" if described.get("private") else "channel"
    conversation = Conversation(world.new_id("C"), kind, described["name"], members[0], created, members)
    conversation.purpose = {"value": described["purpose"], "creator": members[0], "last_set": created}
    conversation.topic = {"value": described.get("topic", ""), "creator": members[0], "last_set": created}
    conversation.is_shared = bool(described.get("shared"))
    conversation.invites_app = bool(described.get("app"))
    world.conversations[conversation.id] = conversation
