"""Hears goals: naming one's own, and a manager who stands behind it."""

from bot.blocks.programmes_cards import GOAL_EMPTY, sentence
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.payloads import find_id
from bot.rules import goals, programmes_pages
from handlers.hearing import Answer, Errors, Services
from handlers.programmes_showing import BELOW, back, push, refuse


async def on_open_goal(bot: Services, press: Press) -> Answer:
    """The form of one's goal."""
    goal = goals.Goal(press.workspace, press.person, press.number or 0)
    try:
        form = await bot.transactions.read(goals.open_form, goal)
    except BotError as error:
        return await refuse(bot, press, str(error))
    await push(bot, press, form)
    return None


async def on_goal(bot: Services, form: Submission) -> Answer:
    """Somebody names their goal."""
    words = form.words("goal")
    if not words:
        return Errors({"goal": GOAL_EMPTY})
    enrolment = form.metadata.get("enrolment")
    goal = goals.Goal(
        form.workspace, form.person, enrolment if isinstance(enrolment, int) else 0, words[:500]
    )
    try:
        await bot.transactions.run(goals.name, goal)
    except BotError as error:
        return Errors({"goal": str(error)})
    if find_id(form.metadata.get(BELOW)) is None:
        return None
    page = await bot.transactions.read(
        programmes_pages.overview, form.workspace, form.person, bot.clock.now()
    )
    return await back(bot, form, page)


async def on_confirm(bot: Services, press: Press) -> Answer:
    """A manager stands behind a goal."""
    goal = goals.Goal(press.workspace, press.person, press.number or 0)
    try:
        await bot.transactions.run(goals.confirm, goal)
    except BotError as error:
        return sentence(str(error))
    return None


PRESSES = {ActionId.SET_GOAL: on_open_goal, ActionId.CONFIRM_GOAL: on_confirm}
FORMS = {ModalId.GOAL: on_goal}
