"""What Slack is asked before people can be enrolled: who is in a user group, a file, whom addresses mean."""

import asyncio
from dataclasses import replace

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError

from bot import email_lookup
from bot.blocks.runs_forms import NO_FILE, NO_GROUP
from bot.errors import BotError
from bot.ids import ModalId
from bot.interactions import Submission
from bot.payloads import mapping, text
from bot.roster_files import RosterLine, read_roster
from bot.rules.programmes_sent import Sent, Wrong
from bot.slack_reading import code_of
from bot.uploads import Unfit, fetch
from handlers.hearing import Services

log = structlog.get_logger(__name__)

SLACK_SECONDS = 1.5  # before a form is answered; Slack waits three


async def complete_form(bot: Services, form: Submission) -> Sent | Wrong:
    """What Slack must be asked about a form before a rule can decide."""
    sent = Sent(form.workspace, form)
    if form.form != ModalId.ENROL:
        return sent
    lines: tuple[RosterLine, ...] = ()
    for block in ("pasted", "file"):
        try:
            raw = form.words(block).encode() if block == "pasted" else await _file(bot, form)
            lines += tuple(read_roster(raw)) if raw else ()
        except BotError as error:
            return Wrong({block: str(error)[:2_900]})
    group = form.words("group")
    members = await find_members(bot, form.workspace, group) if group else ()
    if members is None:
        return Wrong({"group": NO_GROUP})
    client = await bot.client_for(form.workspace)
    emails = await email_lookup.look_up(client, email_lookup.addresses_in(lines), SLACK_SECONDS)
    return replace(sent, group=members, lines=lines, emails=emails)


async def _file(bot: Services, form: Submission) -> bytes:
    files = form.files("file")
    if not files:
        return b""
    client = await bot.client_for(form.workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            return await fetch(client, files[0].id)
    except (SlackApiError, aiohttp.ClientError, TimeoutError, Unfit) as error:
        raise BotError(NO_FILE) from error


async def find_groups(bot: Services, workspace: str) -> tuple[tuple[str, str], ...]:
    """The user groups; none where Slack does not tell us, and the form then goes without."""
    client = await bot.client_for(workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS / 2):
            answer = await client.usergroups_list()
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("user groups not read", reason=reason_of(error))
        return ()
    found = [mapping(one) for one in answer.get("usergroups") or []]
    return tuple((text(one.get("id")), text(one.get("handle"))) for one in found if one.get("handle"))


async def find_members(bot: Services, workspace: str, group: str) -> tuple[str, ...] | None:
    """Who is in a user group; None where Slack does not tell us."""
    client = await bot.client_for(workspace)
    try:
        async with asyncio.timeout(SLACK_SECONDS):
            answer = await client.usergroups_users_list(usergroup=group)
    except (SlackApiError, aiohttp.ClientError, TimeoutError) as error:
        log.info("user group not read", reason=reason_of(error))
        return None
    return tuple(text(one) for one in answer.get("users") or ())


def reason_of(error: Exception) -> str:
    """Why Slack did not tell, for the log."""
    return code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
