"""Hears the workspace's holiday calendars: the list, a new one with its file or user group, and removal."""

import asyncio
from datetime import date

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot.blocks import holidays as blocks
from bot.errors import BotError
from bot.ids import ActionId, ModalId
from bot.interactions import Press, Submission
from bot.payloads import find_id, mapping, text
from bot.rules import holiday_settings
from bot.rules.holiday_file import read_days
from bot.uploads import Unfit, fetch
from handlers.hearing import Answer, Errors, Services, Show, open_form, push_form, redraw_form

log = structlog.get_logger(__name__)
FETCH_SECONDS = 1.5  # of the three that Slack waits for
_AWAY = (SlackApiError, aiohttp.ClientError, TimeoutError)


async def on_open(bot: Services, press: Press) -> Answer:
    """The list, on top of the page of settings."""
    try:
        form = await bot.transactions.read(holiday_settings.open_list, press.workspace, press.person)
    except BotError:
        return None  # whoever is no admin any more sees that the page says so when it is opened anew
    show = push_form if press.view is not None else open_form
    await show(bot, press.workspace, press.trigger, form)
    return None


async def on_add(bot: Services, press: Press) -> Answer:
    """The form takes the list's place."""
    await redraw_form(bot, press, blocks.form(await _groups(bot, press.workspace)))
    return None


async def on_form(bot: Services, form: Submission) -> Answer:
    """A calendar was sent: its file and the members of its group are fetched, then it is kept."""
    found = await _days(bot, form)
    if isinstance(found, Errors):
        return found
    try:
        members = await _members(bot, form)
    except _AWAY:
        return Errors({"group": blocks.NO_GROUP})
    try:
        done = await bot.transactions.run(holiday_settings.add, holiday_settings.Given(form, found, members))
    except BotError as error:
        return Errors({"name": str(error)})
    return Errors(done.by_block) if isinstance(done, holiday_settings.Wrong) else Show(done)


async def on_remove(bot: Services, press: Press) -> Answer:
    """A calendar is removed; the list is drawn without it."""
    try:
        await redraw_form(bot, press, await bot.transactions.run(holiday_settings.remove, press))
    except BotError as error:
        log.info("calendar not removed", error=type(error).__name__)
    return None


async def _groups(bot: Services, workspace: str) -> list[tuple[str, str]]:
    """The user groups; none where Slack does not tell."""
    try:
        client = await bot.client_for(workspace)
        answer = await client.usergroups_list()
    except _AWAY as error:
        log.info("user groups not told", error=type(error).__name__)
        return []
    found = [mapping(one) for one in answer.get("usergroups") or []]
    return [(group, text(one.get("name")) or group) for one in found if (group := find_id(one.get("id")))]


async def _members(bot: Services, form: Submission) -> tuple[str, ...]:
    group = form.words("group")
    if not group:
        return ()
    client = await bot.client_for(form.workspace)
    answer = await client.usergroups_users_list(usergroup=group)
    return tuple(person for person in map(find_id, answer.get("users") or []) if person)


async def _days(bot: Services, form: Submission) -> tuple[date, ...] | Errors:
    """The free days in the form's file or text; none where neither was given."""
    files = form.files("file")
    try:
        async with asyncio.timeout(FETCH_SECONDS):
            content = await fetch(await bot.client_for(form.workspace), files[0].id) if files else b""
    except (Unfit, *_AWAY) as error:
        log.info("calendar not fetched", error=type(error).__name__)
        return Errors({"file": blocks.NO_FILE})
    content = content or form.words("pasted").encode()
    if not content:
        return ()
    try:
        # Beside the event loop and the database's writer: an enemy's file may take a while.
        return tuple(await asyncio.to_thread(read_days, content, bot.clock.now().date()))
    except BotError as error:
        return Errors({"file" if files else "pasted": str(error)})


PRESSES = {
    ActionId.OPEN_HOLIDAYS: on_open,
    ActionId.ADD_HOLIDAYS: on_add,
    ActionId.REMOVE_HOLIDAYS: on_remove,
}
FORMS = {ModalId.ADD_HOLIDAYS: on_form}
