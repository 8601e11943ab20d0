"""Hears asking: `/learn ask`, its form, "Ask for an answer" and "This answers it"."""

from bot.blocks.kit import plain
from bot.ids import ModalId, ShortcutId
from bot.interactions import CommandUse, ShortcutUse, Submission
from bot.rules import asking, questions
from bot.rules.sharing import Wrong
from handlers.hearing import Answer, Errors, Services, Show, open_form


async def on_ask(bot: Services, use: CommandUse) -> Answer:
    """`/learn ask`: the form, with what was typed behind the word as its question."""
    typed = plain(use.words.partition(" ")[2]).strip()
    form = await bot.transactions.read(asking.open_form, use.workspace, use.person, use.channel, typed)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def on_ask_shortcut(bot: Services, use: ShortcutUse) -> Answer:
    """The global shortcut: the form."""
    form = await bot.transactions.read(asking.open_form, use.workspace, use.person, None)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def on_ask_instead(bot: Services, form: Submission) -> Answer:
    """From a message that is not ours to an empty form."""
    return Show(await bot.transactions.read(asking.open_form, form.workspace, form.person, None))


async def on_ask_form(bot: Services, form: Submission) -> Answer:
    """The form was sent."""
    done = await bot.transactions.run(asking.ask, form)
    return Errors(done.by_block) if isinstance(done, Wrong) else Show(done)


async def on_ask_for_answer(bot: Services, use: ShortcutUse) -> Answer:
    """The message shortcut "Ask for an answer"."""
    answer = await bot.transactions.run(asking.ask_about, use)
    await open_form(bot, use.workspace, use.trigger, answer)
    return None


async def on_this_answers(bot: Services, use: ShortcutUse) -> Answer:
    """The message shortcut "This answers it"."""
    answer = await bot.transactions.run(asking.this_answers, use)
    await open_form(bot, use.workspace, use.trigger, answer)
    return None


WORDS = {"ask": on_ask}
FORMS = {ModalId.ASK: on_ask_form, ModalId.ASK_INSTEAD: on_ask_instead}
SHORTCUTS = {
    ShortcutId.ASK: on_ask_shortcut,
    ShortcutId.ASK_FOR_ANSWER: on_ask_for_answer,
    ShortcutId.THIS_ANSWERS: on_this_answers,
}
SETTLE = {"question": questions.settle_sent}
REGRET = {"question": questions.regret}
