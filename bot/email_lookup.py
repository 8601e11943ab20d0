"""Whom an e-mail address means, asked of Slack only where it lets us: the scope users:read.email is nobody's duty."""

import asyncio
from collections.abc import Iterable

import aiohttp
import structlog
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.roster_files import RosterLine, is_email
from bot.slack_reading import code_of

MOST_AT_ONCE = (
    20  # in a form, where Slack waits three seconds; the command line asks for all, one after the other
)

log = structlog.get_logger(__name__)


def addresses_in(lines: Iterable[RosterLine]) -> list[str]:
    """The addresses that a roster names, each once."""
    named = (text.casefold() for line in lines for text in (line.person, line.manager))
    return list(dict.fromkeys(text for text in named if is_email(text)))


async def look_up(client: AsyncWebClient, addresses: Iterable[str], seconds: float) -> dict[str, str]:
    """The ids of those whom Slack tells us of within `seconds`; the others are not in it."""
    wanted = list(addresses)[:MOST_AT_ONCE]
    found: dict[str, str] = {}
    try:
        async with asyncio.timeout(seconds):
            for address, person in zip(
                wanted, await asyncio.gather(*(_ask(client, one) for one in wanted)), strict=True
            ):
                found |= {address: person} if person else {}
    except TimeoutError:
        log.info("addresses not looked up", reason="no answer in time")
    return found


async def _ask(client: AsyncWebClient, address: str) -> str | None:
    try:
        answer = await client.users_lookupByEmail(email=address)
    except (SlackApiError, aiohttp.ClientError) as error:
        reason = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
        log.info("address not looked up", reason=reason)
        return None
    return str(answer["user"]["id"])
