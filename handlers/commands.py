"""Hears `/learn`: the first word says what to do, other obvious words lead to it, and a typo gets the nearest."""

from collections.abc import Mapping
from difflib import get_close_matches

from bot.blocks import commands as blocks
from bot.blocks.kit import Message
from bot.interactions import CommandUse
from bot.rules import attention
from handlers.hearing import Answer, OnCommand, Services

ALIASES = {
    "who": "find",
    "search": "find",
    "library": "find",
    "contribute": "share",
    "post": "share",
    "question": "ask",
    "purpose": "space",
    "leave": "settings",
    "?": "help",
    "hello": "help",
}


def split(words: str) -> tuple[str, str]:
    """The first word in lower case, and the rest."""
    first, _, rest = words.partition(" ")
    return first.lower(), rest.strip()


async def on_learn(bot: Services, use: CommandUse, words: Mapping[str, OnCommand]) -> Answer:
    """Run the command that the first word names; `words` maps each to its function, "" being the menu."""
    await bot.transactions.run(attention.record_command, use)
    first, _ = split(use.words)
    wanted = words.get(first) or words.get(ALIASES.get(first, ""), None) if first else words[""]
    if wanted is not None:
        return await wanted(bot, use)
    return _unknown(first, words)


def _unknown(word: str, words: Mapping[str, OnCommand]) -> Message:
    known = [name for name in (*words, *ALIASES) if name]
    near = get_close_matches(word, known, n=1, cutoff=0.6)
    return blocks.unknown(word, near[0] if near else None)
