"""The workspaces to begin with: an empty one for tests, and one that is full of life."""

from datetime import UTC, datetime
from pathlib import Path

from bot.clock import MovableClock
from bot.sandbox.app_manifest import read_app
from bot.sandbox.conversations import create
from bot.sandbox.model import Person
from bot.sandbox.people import add_person, new_person
from bot.sandbox.world import World


def empty_world(start: datetime | None = None, manifest: Path | None = None) -> World:
    """A workspace with one admin, `ada`, the app, and #general without the app."""
    world = _workspace("T0SANDBOX", "Sandbox", "sandbox", MovableClock(start), manifest)
    ada = add_person(world, new_person(world, "ada", real_name="Ada Moreau", is_admin=True, is_owner=True))
    world.default_person = ada.id
    world.app.installer = ada.id
    create(world, ada.id, "general", purpose="Announcements and everything that concerns us all")
    return world


def _workspace(team: str, name: str, domain: str, clock: MovableClock, manifest: Path | None) -> World:
    app = read_app(manifest)
    world = World(team, name, domain, app, clock)
    handle = app.name.lower()
    bot = Person(app.user, handle, app.name, title="Learn from each other", role="app", is_bot=True, tz="UTC")
    bot.colour, bot.about = "#1f4d3a", "The app"
    add_person(world, bot)
    return world


def seeded_world(now: datetime | None = None, manifest: Path | None = None) -> World:
    """A believable workspace with a month of life before `now` (default: the present)."""
    return empty_world(now or datetime.now(UTC), manifest)
