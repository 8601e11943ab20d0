"""Hears that somebody looks at our Home tab."""

from collections.abc import Mapping
from typing import Any

from bot.incoming_world import parse_home_opened
from bot.rules import home
from handlers.hearing import Services


async def on_opened(bot: Services, body: Mapping[str, Any]) -> None:
    """Home is drawn anew each time it is looked at."""
    await bot.transactions.run(home.record_opened, parse_home_opened(body))


EVENTS = {"app_home_opened": on_opened}
