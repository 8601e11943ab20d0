"""Hears the two people of a talk: times offered and taken, what is brought, how it went."""

from collections.abc import Callable
from typing import Any

from bot.blocks import talks as blocks
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.rules import talk_brief, talk_dates, talk_offers, talks
from handlers.hearing import Answer, Clear, Errors, Services, open_form


async def on_offer(bot: Services, press: Press) -> Answer:
    """Somebody wishes to offer times: the form."""
    try:
        form = await bot.transactions.read(talk_offers.open_form, press, bot.clock.now())
    except BotError as error:
        return blocks.sentence(str(error))
    await open_form(bot, press.workspace, press.trigger, form)
    return None


async def on_times(bot: Services, form: Submission) -> Answer:
    """The form with times was sent."""
    try:
        wrong = await bot.transactions.run(talk_offers.offer, form)
    except BotError as error:
        return Errors({"time_0": str(error)})
    return Errors(wrong.by_block) if wrong else Clear()


async def on_take(bot: Services, press: Press) -> Answer:
    """One of the times suits."""
    return await _decide(bot, talk_dates.take, press)


async def on_let_be(bot: Services, press: Press) -> Answer:
    """No talk for now."""
    return await _decide(bot, talk_dates.let_be, press)


async def on_happened(bot: Services, press: Press) -> Answer:
    """They talked."""
    return await _decide(bot, talk_dates.happened, press)


async def _decide(bot: Services, rule: Callable[..., Any], press: Press) -> Answer:
    try:
        await bot.transactions.run(rule, press)
    except BotError as error:
        return blocks.sentence(str(error))
    return None


async def on_choose(bot: Services, press: Press) -> Answer:
    """The learner chooses what to bring."""
    return await _open(bot, talk_brief.open_choice, press)


async def on_entries(bot: Services, form: Submission) -> Answer:
    """The learner chose."""
    try:
        await bot.transactions.run(talk_brief.choose, form)
    except BotError as error:
        return Errors({"entries": str(error)})
    return Clear()


async def on_brief(bot: Services, press: Press) -> Answer:
    """One of the two opens the page for the talk."""
    return await _open(bot, talk_brief.open_brief, press)


async def on_give_feedback(bot: Services, press: Press) -> Answer:
    """The other wishes to write a few words."""
    return await _open(bot, talk_brief.open_feedback, press)


async def on_feedback(bot: Services, form: Submission) -> Answer:
    """The few words were sent."""
    try:
        wrong = await bot.transactions.run(talk_brief.give_feedback, form)
    except BotError as error:
        return Errors({"words": str(error)})
    return Errors(wrong.by_block) if wrong else Clear()


async def on_read_feedback(bot: Services, press: Press) -> Answer:
    """The learner reads them."""
    return await _open(bot, talk_brief.read_feedback, press)


async def _open(bot: Services, rule: Callable[..., Any], press: Press) -> Answer:
    """Show what the rule gives; it may note that somebody looked, so it writes."""
    try:
        modal = await bot.transactions.run(rule, press)
    except BotError as error:
        return blocks.sentence(str(error))
    await open_form(bot, press.workspace, press.trigger, modal)
    return None


PRESSES = {
    ActionId.OFFER_TALK_TIMES: on_offer,
    ActionId.TAKE_TALK_TIME: on_take,
    ActionId.TALK_NOT_NEEDED: on_let_be,
    ActionId.TALK_HAPPENED: on_happened,
    ActionId.CHOOSE_TALK_ENTRIES: on_choose,
    ActionId.READ_TALK_BRIEF: on_brief,
    ActionId.GIVE_TALK_FEEDBACK: on_give_feedback,
    ActionId.READ_TALK_FEEDBACK: on_read_feedback,
}
CALENDAR_CHANGED = (talks.replan,)
FORMS = {
    ModalId.TALK_TIMES: on_times,
    ModalId.TALK_ENTRIES: on_entries,
    ModalId.TALK_FEEDBACK: on_feedback,
}
