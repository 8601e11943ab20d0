"""Hears the morning note: "Show me" beside a line whose message was kept for it."""

from bot.blocks import notes as blocks
from bot.blocks.spaces import sentence
from bot.ids import ActionId
from bot.interactions import Press
from bot.rules import held_back
from handlers.hearing import Answer, Services


async def on_show_noted(bot: Services, press: Press) -> Answer:
    """Somebody wants to see what a line of their note is about."""
    if press.number is None:
        return None
    wanted = held_back.Showing(press.workspace, press.person, press.number)
    shown = await bot.transactions.run(held_back.show, wanted)
    return None if shown else sentence(blocks.GONE)


PRESSES = {ActionId.SHOW_NOTED: on_show_noted}
CALENDAR_CHANGED = (held_back.plan_again,)
