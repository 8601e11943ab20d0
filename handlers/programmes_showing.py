"""How pages and forms of `/learn programme` are put on each other, and drawn anew when one of them is done."""

import asyncio
from dataclasses import replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks.kit import Modal
from bot.blocks.programmes_cards import sentence
from bot.blocks.programmes_view import PAGE
from bot.interactions import Press, Submission
from bot.payloads import find_id
from bot.rules import programmes_pages
from handlers.hearing import Answer, Services, Show, open_form, push_form, redraw_form
from handlers.rosters import SLACK_SECONDS, reason_of

log = structlog.get_logger(__name__)

BELOW = "below"  # the page under a form, as the form remembers it


async def push(bot: Services, press: Press, form: Modal) -> None:
    """A form on top of its page, or alone."""
    if is_on_page(press):
        below = {**(form.private_metadata or {}), BELOW: press.view}
        await push_form(bot, press.workspace, press.trigger, replace(form, private_metadata=below))
    else:
        await open_form(bot, press.workspace, press.trigger, form)


async def show(bot: Services, press: Press, page: Modal) -> None:
    """A page in the place of another, or alone."""
    if is_on_page(press):
        await redraw_form(bot, press, page)
    else:
        await open_form(bot, press.workspace, press.trigger, page)


async def back(bot: Services, form: Submission, page: Modal) -> Answer:
    """The page under a form that is done, as it is now."""
    below = find_id(form.metadata.get(BELOW))
    if below is None:
        return Show(page)
    client = await bot.client_for(form.workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            await client.views_update(view_id=below, view=page.view())
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:  # closed meanwhile
        log.info("page not redrawn", reason=reason_of(error))
    return None


async def refuse(bot: Services, press: Press, reason: str) -> Answer:
    """What stands against it, on the first page or as a message."""
    if not is_on_page(press):
        return sentence(reason)
    page = await bot.transactions.read(
        programmes_pages.overview, press.workspace, press.person, bot.clock.now(), reason
    )
    await redraw_form(bot, press, page)
    return None


def is_on_page(press: Press) -> bool:
    """Whether the button stands on one of these pages."""
    return press.metadata.get("page") == PAGE
