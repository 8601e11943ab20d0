"""A small Slack of our own, so that the app can be tried and tested without Slack."""

from bot.sandbox.seed import empty_world, seeded_world
from bot.sandbox.server import Sandbox

__all__ = ["Sandbox", "empty_world", "seeded_world"]
