"""Hears finding: `/learn find`, `/learn who`, searching again in the form, and its pages."""

from bot.blocks import library as blocks
from bot.blocks.kit import Modal
from bot.blocks.library_unclear import Unclear, sentence
from bot.ids import ActionId, ModalId
from bot.interactions import CommandUse, Press, Submission
from bot.rules import library
from bot.rules.library import Query
from handlers.hearing import Answer, Errors, Services, Show, open_form, redraw_form

_LAST_PAGE = 99_999


async def on_find(bot: Services, use: CommandUse) -> Answer:
    """`/learn find …`: the form with the results."""
    return await _open(bot, use, people_first=False)


async def on_who(bot: Services, use: CommandUse) -> Answer:
    """`/learn who …`: the same, led by the people who know."""
    return await _open(bot, use, people_first=True)


async def on_search(bot: Services, form: Submission) -> Answer:
    """Other words were sent from the form."""
    who = form.metadata.get("who") is True
    outcome = await _find(bot, Query(form.workspace, form.person, form.words(blocks.WORDS), 0, who))
    if isinstance(outcome, Unclear):
        return Errors({blocks.WORDS: sentence(outcome)})
    return Show(blocks.found_form(outcome))


async def on_page(bot: Services, press: Press) -> Answer:
    """More or Back; when the words were changed meanwhile, they are searched from the first page."""
    value = press.values.get(blocks.WORDS)
    typed = value.strip() if isinstance(value, str) else ""
    same = press.metadata.get("about") == blocks.mark(typed)
    who = press.metadata.get("who") is True
    page = min(press.number or 0, _LAST_PAGE) if same else 0
    outcome = await _find(bot, Query(press.workspace, press.person, typed, page, who))
    await redraw_form(bot, press, _form(outcome, people_first=who))
    return None


async def _open(bot: Services, use: CommandUse, *, people_first: bool) -> Answer:
    typed = "".join(use.words.split(None, 1)[1:]).strip()
    form = blocks.blank(people_first=people_first)
    if typed:
        outcome = await _find(bot, Query(use.workspace, use.person, typed, 0, people_first))
        form = _form(outcome, people_first=people_first)
    await open_form(bot, use.workspace, use.trigger, form)
    return None


async def _find(bot: Services, query: Query) -> blocks.Found | Unclear:
    return await bot.transactions.read(library.find, query, bot.clock.now())


def _form(outcome: blocks.Found | Unclear, *, people_first: bool) -> Modal:
    if isinstance(outcome, Unclear):
        return blocks.unclear_form(outcome, people_first=people_first)
    return blocks.found_form(outcome)


WORDS = {"find": on_find, "who": on_who}
PRESSES = {ActionId.FIND_MORE: on_page, ActionId.FIND_BACK: on_page}
FORMS = {ModalId.FIND: on_search}
