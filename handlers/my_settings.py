"""Hears a person's own settings: the forms for hour, days, messages, pause and leave, and the list of what was held."""

from collections.abc import Callable
from typing import Any

from bot.blocks import my_settings as blocks
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.rules import my_settings
from handlers.hearing import Answer, Errors, Services, Show, redraw_form
from handlers.settings import page


async def on_change(bot: Services, press: Press) -> Answer:
    """Somebody wants to change something: its form takes the page's place."""
    form = await bot.transactions.read(
        my_settings.open_form, press.workspace, press.person, press.value, bot.clock.now()
    )
    if form is not None:
        await redraw_form(bot, press, form)
    return None


async def on_end_pause(bot: Services, press: Press) -> Answer:
    """Go on now."""
    await bot.transactions.run(my_settings.end_pause, my_settings.Change(press.workspace, press.person))
    await redraw_form(bot, press, await page(bot, press.workspace, press.person))
    return None


async def on_remove_leave(bot: Services, press: Press) -> Answer:
    """Days away are removed."""
    if press.number is not None:
        wish = my_settings.Change(press.workspace, press.person, press.number)
        await bot.transactions.run(my_settings.forget_leave, wish)
    await redraw_form(bot, press, await page(bot, press.workspace, press.person))
    return None


async def on_time(bot: Services, form: Submission) -> Answer:
    """Hour, days, zone and holidays were sent."""
    return await _store(bot, form, my_settings.change_time)


async def on_messages(bot: Services, form: Submission) -> Answer:
    """The note's rhythm and what is muted were sent."""
    return await _store(bot, form, my_settings.change_messages)


async def on_pause(bot: Services, form: Submission) -> Answer:
    """A pause was sent."""
    return await _store(bot, form, my_settings.pause)


async def on_leave(bot: Services, form: Submission) -> Answer:
    """Days away were sent."""
    return await _store(bot, form, my_settings.note_leave)


async def _store(bot: Services, form: Submission, rule: Callable[..., Any]) -> Answer:
    """What was chosen is stored and the page shown with it, or each mistake is said under its field."""
    wrong = await bot.transactions.run(rule, form)
    if wrong is not None:
        return Errors(wrong.by_block)
    return Show(await page(bot, form.workspace, form.person, blocks.SAVED))


PRESSES = {
    ActionId.CHANGE_MY_SETTINGS: on_change,
    ActionId.END_MY_PAUSE: on_end_pause,
    ActionId.REMOVE_MY_LEAVE: on_remove_leave,
}
FORMS = {
    ModalId.MY_TIME: on_time,
    ModalId.MY_MESSAGES: on_messages,
    ModalId.MY_PAUSE: on_pause,
    ModalId.MY_LEAVE: on_leave,
}
