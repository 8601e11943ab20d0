"""Hears settings: the page, what is stopped and allowed, being left out and taken in, and the workspace's choices."""

from bot.blocks import settings as blocks
from bot.blocks.kit import Modal
from bot.blocks.my_settings import PAGE, SAVED
from bot.blocks.spaces import sentence
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import CommandUse, Press, Submission
from bot.rules import leaving, settings, workspace_settings
from handlers.hearing import Answer, Errors, Services, open_form, push_form, redraw_form, refresh_view


async def on_settings(bot: Services, use: CommandUse) -> Answer:
    """`/learn settings`: the page."""
    form = await page(bot, use.workspace, use.person)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def on_open_settings(bot: Services, press: Press) -> Answer:
    """The button that opens the page."""
    form = await page(bot, press.workspace, press.person)
    if press.view is not None and press.metadata.get("page") == PAGE:
        await redraw_form(bot, press, form)  # from a list that stands in the page's place
    else:
        await open_form(bot, press.workspace, press.trigger, form)
    return None


async def page(bot: Services, workspace: str, person: str, notice: str = "") -> Modal:
    """The page as it is now."""
    return await bot.transactions.read(settings.open_settings, workspace, person, bot.clock.now(), notice)


async def on_allow_kind(bot: Services, press: Press) -> Answer:
    """Somebody wants messages of this kind again."""
    wish = settings.Kinds(press.workspace, press.person, press.value)
    await redraw_form(bot, press, await bot.transactions.run(settings.allow_kind, wish))
    return None


async def on_leave_out(bot: Services, press: Press) -> Answer:
    """Somebody wants to be left out."""
    wish = leaving.Wish(press.workspace, press.person)
    try:
        await bot.transactions.run(leaving.leave_out, wish)
    except BotError as error:
        return await _say(bot, press, str(error))
    return await _say(bot, press, blocks.JUST_LEFT)


async def on_take_in(bot: Services, press: Press) -> Answer:
    """Somebody wants to be part of it again."""
    await bot.transactions.run(leaving.take_in, leaving.Wish(press.workspace, press.person))
    bot.meet(press.workspace)  # their name is asked for again
    return await _say(bot, press, blocks.WELCOME_BACK)


async def _say(bot: Services, press: Press, text: str) -> Answer:
    """On the page of settings it is written there, elsewhere it is said beside what was pressed."""
    if press.response_url or press.view is None:
        return sentence(text)
    if press.metadata.get("page") == PAGE:
        await redraw_form(bot, press, await page(bot, press.workspace, press.person, text))
    return None


async def on_open_workspace(bot: Services, press: Press) -> Answer:
    """The form of the workspace's settings, on top of the page."""
    try:
        form = await bot.transactions.read(
            workspace_settings.open_page, press.workspace, press.person, press.value
        )
    except BotError as error:
        return await _say(bot, press, str(error))
    await push_form(bot, press.workspace, press.trigger, form)
    return None


async def on_workspace_form(bot: Services, form: Submission) -> Answer:
    """The workspace's settings were sent."""
    try:
        wrong = await bot.transactions.run(workspace_settings.change, form)
    except BotError as error:
        return Errors({next(iter(form.values), "ask_tag.0"): str(error)})
    if wrong is not None:
        return Errors(wrong.by_block)
    if form.below is not None:  # what was changed shows on the page, too
        await refresh_view(
            bot, form.workspace, form.below, await page(bot, form.workspace, form.person, SAVED)
        )
    return None


async def on_reset(bot: Services, press: Press) -> Answer:
    """One setting goes back to its default."""
    try:
        form = await bot.transactions.run(workspace_settings.reset, press)
    except BotError:
        return (
            None  # whoever is no admin any more finds out at the next form; there is nothing to write on here
        )
    await redraw_form(bot, press, form)
    return None


WORDS = {"settings": on_settings}
PRESSES = {
    ActionId.OPEN_SETTINGS: on_open_settings,
    ActionId.ALLOW_KIND: on_allow_kind,
    ActionId.LEAVE_ME_OUT: on_leave_out,
    ActionId.TAKE_ME_IN: on_take_in,
    ActionId.OPEN_WORKSPACE_SETTINGS: on_open_workspace,
    ActionId.RESET_SETTING: on_reset,
}
FORMS = {ModalId.WORKSPACE_SETTINGS: on_workspace_form}
