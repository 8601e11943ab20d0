"""Hears asking: `/learn ask`, its form, "Ask for an answer" and "This answers it"."""

from bot.blocks.kit import plain
from bot.ids import ModalId, ShortcutId
from bot.interactions import ShortcutUse, Submission
from bot.rules import asking, questions
from bot.rules.sharing import Wrong
from handlers.hearing import Answer, Errors, Services, Show, open_form
from handlers.opening import Opening

ASKING = Opening(asking.open_form, lambda typed: plain(typed).strip())  # typed is the question


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


WORDS = {"ask": ASKING.by_command}
FORMS = {ModalId.ASK: on_ask_form, ModalId.ASK_INSTEAD: ASKING.instead}
SHORTCUTS = {
    ShortcutId.ASK: ASKING.by_shortcut,
    ShortcutId.ASK_FOR_ANSWER: on_ask_for_answer,
    ShortcutId.THIS_ANSWERS: on_this_answers,
}
SETTLE = {"question": questions.settle_sent}
REGRET = {"question": questions.regret}
