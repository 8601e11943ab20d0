"""Hears `/learn`: the first word says what to do, other obvious words lead to it, and a typo gets the nearest."""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from difflib import get_close_matches

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks import commands as blocks
from bot.blocks.kit import Message
from bot.incoming_world import EARLIEST, ProfileFact
from bot.interactions import CommandUse
from bot.payloads import mapping
from bot.profiles import read_person
from bot.rules import welcome
from handlers.hearing import Answer, OnCommand, Services

log = structlog.get_logger(__name__)

ALIASES = {
    "who": "find",
    "search": "find",
    "look": "find",
    "library": "find",
    "experts": "find",
    "expert": "find",
    "contribute": "share",
    "post": "share",
    "give": "share",
    "tip": "share",
    "solution": "share",
    "insight": "share",
    "til": "share",
    "demo": "share",
    "clip": "share",
    "question": "ask",
    "diary": "journal",
    "reflect": "journal",
    "reflection": "journal",
    "notebook": "journal",
    "entries": "journal",
    "programmes": "programme",
    "program": "programme",
    "programs": "programme",
    "goal": "programme",
    "cohort": "programme",
    "course": "programme",
    "plans": "plan",
    "action": "plan",
    "items": "plan",
    "buddy": "plan",
    "helper": "plan",
    "talk": "plan",
    "circle": "plan",
    "leave": "settings",
    "mute": "settings",
    "stop": "settings",
    "roles": "settings",
    "preferences": "settings",
    "config": "settings",
    "commands": "help",
    "?": "help",
    "hello": "help",
    "hi": "help",
}
ASK_SECONDS = 1.0  # a command is answered within three
LIKENESS = 0.6  # of a typo to the word that was meant, from 0 to 1


def split(words: str) -> tuple[str, str]:
    """The first word in lower case, and the rest."""
    first, _, rest = words.strip().partition(" ")
    return first.lower(), rest.strip()


async def on_learn(bot: Services, use: CommandUse, words: Mapping[str, OnCommand]) -> Answer:
    """Run the command that the first word names; `words` maps each to its function, nothing being the menu."""
    visit = await bot.transactions.run(welcome.record_visit, use)
    if visit.may_be_admin:
        visit = replace(visit, became_admin=await _becomes_admin(bot, use))
    first, _ = split(use.words)
    if not first:
        offered = [word for word in words if word]
        return await bot.transactions.read(welcome.menu, use.workspace, use.person, visit, offered)
    wanted = words.get(first) or words.get(ALIASES.get(first, ""))
    if wanted is not None:
        return await wanted(bot, replace(use, words=use.words.strip()))
    return _unknown(first, words)


async def _becomes_admin(bot: Services, use: CommandUse) -> bool:
    """Ask Slack who this is, in the first minute of an app that has no admin; no answer in time means not now."""
    try:
        async with asyncio.timeout(ASK_SECONDS):
            client = await bot.client_for(use.workspace)
            answer = await client.users_info(user=use.person)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("person not told", person=use.person, reason=type(error).__name__)
        return False
    person = read_person(use.workspace, mapping(answer.get("user")))
    if person is None:
        return False
    return await bot.transactions.run(welcome.record_stranger, ProfileFact(use.workspace, person, EARLIEST))


def _unknown(word: str, words: Mapping[str, OnCommand]) -> Message:
    if word in blocks.NOT_YET:
        return blocks.not_yet(word)
    known = [*(name for name in words if name), *(name for name, to in ALIASES.items() if to in words)]
    near = get_close_matches(word, known, n=1, cutoff=LIKENESS)
    return blocks.unknown(word, near[0] if near else None)
