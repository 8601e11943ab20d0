"""Hears every emoji put on a message or taken off it."""

from collections.abc import Mapping
from typing import Any

from bot.incoming import parse_reaction
from bot.rules import reactions
from handlers.hearing import Services, hear


async def on_reaction(bot: Services, body: Mapping[str, Any]) -> None:
    """A reaction was added or removed; the app's own are not facts about people."""
    fact = parse_reaction(body)
    if fact is not None and fact.person != await bot.own_user(fact.workspace):
        await hear(bot, reactions.record, fact)
