"""Hears `/learn help`: what this person can do, by what they are."""

import handlers
from bot.interactions import CommandUse
from bot.rules import help as rules
from handlers.hearing import Answer, Services


async def on_help(bot: Services, use: CommandUse) -> Answer:
    """The commands, shortcuts and tags that exist, and what this person's roles add."""
    return await bot.transactions.read(
        rules.help_for, use.workspace, use.person, [word for word in handlers.WORDS if word]
    )


WORDS = {"help": on_help}
