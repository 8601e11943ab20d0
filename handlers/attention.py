"""Hears "Stop these", the button under every message that the app starts."""

from bot.blocks import attention as blocks
from bot.ids import ActionId
from bot.interactions import Press
from bot.rules import attention
from handlers.hearing import Answer, Services


async def on_stop_kind(bot: Services, press: Press) -> Answer:
    """Messages of this kind are not started any more; it is said once, in the message itself where that is possible."""
    is_said = await bot.transactions.run(attention.record_stop, press)
    return None if is_said else blocks.said_stopped()


PRESSES = {ActionId.STOP_KIND: on_stop_kind}
