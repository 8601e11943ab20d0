"""Hears plans: `/learn plan`, its page and forms, and the words of those who are asked to help."""

from dataclasses import replace

import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.kit import Modal
from bot.blocks.plans import sentence
from bot.blocks.plans_page import PAGE
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import CommandUse, Press, Submission
from bot.payloads import find_id
from bot.rules import plans, plans_acts, plans_items, plans_page
from bot.rules.plans_reading import Wrong
from handlers.hearing import Answer, Errors, Services, Show, open_form, push_form, redraw_form

log = structlog.get_logger(__name__)

BELOW = "below"  # the page under a form, as the form remembers it


async def on_plan(bot: Services, use: CommandUse) -> Answer:
    """`/learn plan`: the page."""
    page = await bot.transactions.read(plans_acts.show, use.workspace, use.person, bot.clock.now())
    await open_form(bot, use.workspace, use.trigger, page)
    return None


async def on_open_plan(bot: Services, press: Press) -> Answer:
    """A button that opens the page, or on the page another plan of one's own."""
    page = await bot.transactions.read(
        plans_acts.show, press.workspace, press.person, bot.clock.now(), press.number
    )
    if _is_on_page(press):
        await redraw_form(bot, press, page)
    else:
        await open_form(bot, press.workspace, press.trigger, page)
    return None


async def on_look(bot: Services, press: Press) -> Answer:
    """Somebody looks at a plan of somebody else."""
    if press.number is None:
        return None
    shown = await bot.transactions.read(plans_page.look, press.workspace, press.person, press.number)
    opens = push_form if _is_in_form(press) else open_form
    await opens(bot, press.workspace, press.trigger, shown)
    return None


async def on_open_form(bot: Services, press: Press) -> Answer:
    """A button that opens a form, on top of the page when it stands there."""
    try:
        form = await bot.transactions.read(plans_acts.open_for, press, bot.clock.now())
    except BotError as error:
        return await _refuse(bot, press, str(error))
    if _is_in_form(press):
        await push_form(bot, press.workspace, press.trigger, _remembers(form, press.view))
    else:
        await open_form(bot, press.workspace, press.trigger, form)
    return None


def _remembers(form: Modal, page: str | None) -> Modal:
    return replace(form, private_metadata={**(form.private_metadata or {}), BELOW: page})


async def on_act(bot: Services, press: Press) -> Answer:
    """A button that does something at once; on the page the page is drawn anew."""
    try:
        page = await bot.transactions.run(plans_acts.record_press, press)
    except BotError as error:
        return sentence(str(error))
    if _is_on_page(press):
        await redraw_form(bot, press, page)
    return None


async def on_row(bot: Services, press: Press) -> Answer:
    """One item more or less in the form that makes a plan."""
    try:
        form = await bot.transactions.read(plans_acts.record_row, press, bot.clock.now())
    except BotError:
        return None  # the form says so when it is sent
    await redraw_form(bot, press, _remembers(form, find_id(press.metadata.get(BELOW))))
    return None


async def on_form(bot: Services, form: Submission) -> Answer:
    """A form was sent: the page is shown with what became of it."""
    done = await bot.transactions.run(plans_acts.record_form, form)
    if isinstance(done, Wrong):
        return Errors(done.by_block)
    below = find_id(form.metadata.get(BELOW))
    if below is None:
        return Show(done)
    client = await bot.client_for(form.workspace)
    try:
        await client.views_update(view_id=below, view=done.view())
    except SlackApiError as error:  # the page was closed meanwhile
        log.info("page not redrawn", error=str(error.response.get("error")))
    return None


async def _refuse(bot: Services, press: Press, text: str) -> Answer:
    if not _is_on_page(press):
        return sentence(text)
    page = await bot.transactions.read(
        plans_page.open_page, press.workspace, press.person, bot.clock.now(), None, text
    )
    await redraw_form(bot, press, page)
    return None


def _is_in_form(press: Press) -> bool:
    """Whether the button stands in a form, not in a message or on Home."""
    return press.view is not None and press.channel is None and press.metadata.get("page") is not None


def _is_on_page(press: Press) -> bool:
    return press.metadata.get("page") == PAGE


WORDS = {"plan": on_plan}
PRESSES = {
    ActionId.OPEN_PLAN: on_open_plan,
    ActionId.LOOK_AT_PLAN: on_look,
    ActionId.ADD_PLAN_ROW: on_row,
    ActionId.REMOVE_PLAN_ROW: on_row,
    **dict.fromkeys(
        (
            ActionId.MAKE_PLAN,
            ActionId.ADD_ITEM,
            ActionId.CHANGE_ITEM,
            ActionId.ITEM_DONE,
            ActionId.CHANGE_BUDDY,
            ActionId.CHANGE_RATING,
            ActionId.CHOOSE_SOMEBODY,
            ActionId.ADD_WEEK_LINE,
            ActionId.CLOSE_PLAN,
        ),
        on_open_form,
    ),
    **dict.fromkeys(
        (
            ActionId.WEEK_DONE,
            ActionId.WEEK_SOME,
            ActionId.WEEK_NOT_YET,
            ActionId.ITEM_NOT_DONE,
            ActionId.ITEM_ANOTHER_MONTH,
            ActionId.ITEM_LET_GO,
            ActionId.AGREE_TO_HELP,
            ActionId.DECLINE_TO_HELP,
            ActionId.AGREE_TO_BUDDY,
            ActionId.DECLINE_TO_BUDDY,
        ),
        on_act,
    ),
}
FORMS = dict.fromkeys(
    (
        ModalId.MAKE_PLAN,
        ModalId.PLAN_ITEM,
        ModalId.PLAN_DONE,
        ModalId.PLAN_BUDDY,
        ModalId.PLAN_RATING,
        ModalId.PLAN_WEEK,
        ModalId.PLAN_CLOSING,
    ),
    on_form,
)
CALENDAR_CHANGED = (plans.replan, plans_items.replan_items)
