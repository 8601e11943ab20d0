"""What every handler is given, and how a fact gets from Slack into the database or, if our code fails, aside."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.blocks.kit import Message, Modal
from bot.clock import Clock
from bot.errors import BotError
from bot.former_ids import readdress
from bot.interactions import CommandUse, Press, ShortcutUse, Submission
from bot.slack_reading import code_of
from bot.transactions import Transactions
from storage.failures import is_away
from storage.spaces import find_former_ids

R = TypeVar("R")
FORM_SECONDS = 2.0  # what is shown before the ack: Slack waits three for that, and a trigger lives no longer

log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Services:
    """What handlers work with."""

    transactions: Transactions
    clock: Clock
    client_for: Callable[[str], Awaitable[AsyncWebClient]]
    own_user: Callable[[str], Awaitable[str | None]]  # the app's user in a workspace
    set_aside: Callable[[Callable[..., Any], Any, bool, Exception], Awaitable[None]]
    forget: Callable[[str], None]  # the token of a workspace that uninstalled the app
    meet: Callable[[str], None]  # read names, kinds and members of the spaces of a workspace, soon
    sandboxed: bool = False  # Slack is a sandbox on this machine


@dataclass(frozen=True, slots=True)
class Errors:
    """A form was filled in wrongly: what to say under which block; everything typed stays."""

    by_block: dict[str, str]


@dataclass(frozen=True, slots=True)
class Show:
    """Show this form instead of the one that was sent."""

    modal: Modal


@dataclass(frozen=True, slots=True)
class Clear:
    """Close every form of the stack."""


# A message is the instant answer only that person sees (a form opened meanwhile needs none).
Answer = Message | Errors | Show | Clear | None
OnCommand = Callable[[Services, CommandUse], Awaitable[Answer]]
OnPress = Callable[[Services, Press], Awaitable[Answer]]
OnForm = Callable[[Services, Submission], Awaitable[Answer]]
OnShortcut = Callable[[Services, ShortcutUse], Awaitable[Answer]]


async def under_its_id(bot: Services, workspace: str, act: R) -> R:
    """What somebody did, with the ids that spaces have now: a button may be older than a change of ids."""
    return readdress(act, await bot.transactions.read(find_former_ids, workspace))


async def hear(bot: Services, rule: Callable[..., Any], fact: Any) -> None:
    """Record a fact through a hot rule; one that our own code cannot take in is set aside, and then acked.

    Raises Overloaded, and whatever the database raises when it is away: then Slack delivers again.
    """
    try:
        await bot.transactions.record(rule, fact)
    except BotError:
        raise
    except Exception as error:  # a fault of our own: acking without keeping it would lose it
        if is_away(error):
            raise
        await bot.set_aside(rule, fact, True, error)


async def hear_alone(bot: Services, rule: Callable[..., R], fact: Any) -> R | None:
    """The same through a rule that takes one fact; returns what the rule does, None for a fact set aside."""
    try:
        return await bot.transactions.run(rule, fact)
    except BotError:
        raise
    except Exception as error:  # a fault of our own: acking without keeping it would lose it
        if is_away(error):
            raise
        await bot.set_aside(rule, fact, False, error)
        return None


class FormLost(BotError):
    """Slack did not show the form just now. Nothing was stored; please try once more."""


async def open_form(bot: Services, workspace: str, trigger: str, modal: Modal) -> None:
    """Show a form to whoever just pressed or typed; raises FormLost when Slack does not do it in time."""
    client = await bot.client_for(workspace)
    await _in_time(client.views_open(trigger_id=trigger, view=modal.view()))


async def push_form(bot: Services, workspace: str, trigger: str, modal: Modal) -> None:
    """Show a form on top of the open one; raises FormLost."""
    client = await bot.client_for(workspace)
    await _in_time(client.views_push(trigger_id=trigger, view=modal.view()))


async def redraw_form(bot: Services, press: Press, modal: Modal) -> None:
    """Draw the open form anew, unless it changed meanwhile; raises FormLost."""
    client = await bot.client_for(press.workspace)
    await _in_time(client.views_update(view_id=press.view, hash=press.view_hash, view=modal.view()))


async def refresh_view(bot: Services, workspace: str, view: str, modal: Modal) -> None:
    """Draw a form below the one on top anew, as it is now; one that was closed meanwhile needs nothing."""
    client = await bot.client_for(workspace)
    with suppress(FormLost):
        await _in_time(client.views_update(view_id=view, view=modal.view()))


async def _in_time(showing: Awaitable[Any]) -> None:
    # slack_sdk leaves time to the session that all calls share, and that is patient.
    try:
        async with asyncio.timeout(FORM_SECONDS):
            await showing
    except (SlackApiError, ClientError, TimeoutError, ValueError) as error:
        reason = code_of(error) if isinstance(error, SlackApiError) else type(error).__name__
        log.warning("form not shown", reason=reason or "no answer")
        raise FormLost from error
