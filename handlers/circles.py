"""Hears what people say about circles: whether they wish for one, whether they met, that they leave."""

from typing import Any

from bot.blocks import circles as blocks
from bot.errors import BotError
from bot.ids import ActionId
from bot.interactions import Press
from bot.rules import circle_words
from handlers.hearing import Answer, Services


async def on_join(bot: Services, press: Press) -> Answer:
    """Somebody wishes for a circle."""
    return await _say(bot, circle_words.join, press)


async def on_decline(bot: Services, press: Press) -> Answer:
    """Somebody would rather not."""
    return await _say(bot, circle_words.decline, press)


async def on_met(bot: Services, press: Press) -> Answer:
    """They met."""
    return await _say(bot, circle_words.met, press)


async def on_not_met(bot: Services, press: Press) -> Answer:
    """They did not."""
    return await _say(bot, circle_words.not_met, press)


async def on_leave(bot: Services, press: Press) -> Answer:
    """Somebody leaves their circle."""
    return await _say(bot, circle_words.leave, press)


async def _say(bot: Services, rule: Any, press: Press) -> Answer:
    try:
        said: str | None = await bot.transactions.run(rule, press)
    except BotError as error:
        said = str(error)
    return blocks.sentence(said) if said else None


PRESSES = {
    ActionId.JOIN_CIRCLE: on_join,
    ActionId.NO_CIRCLE: on_decline,
    ActionId.CIRCLE_MET: on_met,
    ActionId.CIRCLE_NOT_MET: on_not_met,
    ActionId.LEAVE_CIRCLE: on_leave,
}
SETTLE = {"circle": circle_words.settle_opened}
REGRET = {"circle": circle_words.regret_opening}
