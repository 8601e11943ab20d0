"""Gives handlers' answers the form that Slack wants: an ack with text, errors under blocks, or a response_url post."""

from http import HTTPStatus
from typing import Any

import structlog
from aiohttp import ClientError
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.addresses import is_slacks
from bot.blocks.contributions_forms import note
from bot.blocks.kit import Message
from handlers.hearing import Answer, Clear, Errors, Services, Show

log = structlog.get_logger(__name__)

PATIENCE_SECONDS = 2  # the press itself is acked only afterwards, and Slack waits three seconds for that


def for_command(answer: Answer) -> dict[str, Any] | None:
    """What the ack of a command carries: a message for this person only, or nothing."""
    return {"response_type": "ephemeral", **answer.payload()} if isinstance(answer, Message) else None


def for_form(answer: Answer) -> dict[str, Any] | None:
    """What the ack of a form carries; None closes it."""
    if isinstance(answer, Errors):
        return {"response_action": "errors", "errors": answer.by_block}
    if isinstance(answer, Show):
        return {"response_action": "update", "view": answer.modal.view()}
    if isinstance(answer, Clear):
        return {"response_action": "clear"}
    if isinstance(answer, Message):  # on top of the form, which keeps what was typed
        return {"response_action": "push", "view": note(answer.text).view()}
    return None


async def say_privately(bot: Services, response_url: str, answer: Answer) -> None:
    """Say something only this person sees, beside what they pressed; may be lost without harm."""
    if not isinstance(answer, Message):
        return
    if not is_slacks(response_url, sandboxed=bot.sandboxed):
        log.warning("answer not said: its address is not Slack's")
        return
    # A second try could say it twice.
    client = AsyncWebhookClient(response_url, timeout=PATIENCE_SECONDS, retry_handlers=[])
    said = {"response_type": "ephemeral", "replace_original": False, **answer.payload()}
    try:
        answered = await client.send_dict(said)
    except (ClientError, TimeoutError) as error:
        log.warning("answer not said", error=type(error).__name__)
        return
    if answered.status_code != HTTPStatus.OK:
        log.warning("answer not said", status=answered.status_code)
