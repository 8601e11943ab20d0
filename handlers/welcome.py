"""Hears the buttons of the menu, the first steps and Home: each opens what the command of that name opens."""

import handlers
from bot.blocks import commands as blocks
from bot.ids import ActionId
from bot.interactions import CommandUse, Press
from bot.rules import welcome
from handlers.hearing import Answer, Services


async def on_open(bot: Services, press: Press) -> Answer:
    """A button that stands for a command."""
    word = OPENS[ActionId(press.action)]
    use = CommandUse(
        press.workspace, press.person, press.channel or "", word, press.trigger, press.response_url
    )
    opens = handlers.WORDS.get(word)
    return await opens(bot, use) if opens is not None else blocks.not_yet(word)


async def on_show_steps(bot: Services, press: Press) -> Answer:
    """The first steps, as things stand now."""
    return await bot.transactions.read(welcome.walk_through, press.workspace)


OPENS = {
    ActionId.OPEN_SHARE: "share",
    ActionId.OPEN_ASK: "ask",
    ActionId.OPEN_FIND: "find",
    ActionId.OPEN_HELP: "help",
}
PRESSES = {**dict.fromkeys(OPENS, on_open), ActionId.SHOW_STEPS: on_show_steps}
