"""Hears who manages whom: a person names their manager, and the one who was named says yes or no."""

from bot.blocks import managers as blocks
from bot.blocks.contributions_forms import note
from bot.blocks.kit import escape
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.rules import managers
from bot.rules.naming import name_of
from handlers.hearing import Answer, Errors, Services, Show, open_form, push_form


async def on_name_manager(bot: Services, press: Press) -> Answer:
    """The button that opens the form, on top of whatever form it stands in."""
    opens = push_form if press.view is not None and press.channel is None else open_form
    await opens(bot, press.workspace, press.trigger, blocks.form())
    return None


async def on_manager_form(bot: Services, form: Submission) -> Answer:
    """A person names their manager."""
    manager = form.words("manager")
    if not manager:
        return Errors({"manager": blocks.CHOOSE})
    naming = managers.Naming(form.workspace, form.person, manager)
    try:
        await bot.transactions.run(managers.propose_manager, naming)
    except BotError as error:
        return Errors({"manager": str(error)})
    name = await bot.transactions.read(name_of, form.workspace, manager)
    return Show(note(blocks.ASKED.format(name=escape(name)), blocks.FORM_TITLE))


async def on_agree(bot: Services, press: Press) -> Answer:
    """Who was named is the manager."""
    return await _decide(bot, press, agrees=True)


async def on_decline(bot: Services, press: Press) -> Answer:
    """Who was named is not the manager."""
    return await _decide(bot, press, agrees=False)


async def _decide(bot: Services, press: Press, *, agrees: bool) -> Answer:
    if press.number is None:
        return None
    word = managers.Word(press.workspace, press.person, press.number, agrees)
    try:
        await bot.transactions.run(managers.decide, word)
    except BotError as error:
        return blocks.sentence(str(error))
    return None


PRESSES = {
    ActionId.NAME_MANAGER: on_name_manager,
    ActionId.AGREE_TO_MANAGE: on_agree,
    ActionId.DECLINE_TO_MANAGE: on_decline,
}
FORMS = {ModalId.MANAGER: on_manager_form}
