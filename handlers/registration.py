"""Registers one Bolt listener per kind of request; the tables say which function hears what."""

import re
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from slack_bolt.app.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

import handlers
from bot.blocks.commands import form_lost
from bot.blocks.contributions import sentence
from bot.errors import BotError, Overloaded
from bot.ids import COMMAND
from bot.interactions import parse_command, parse_press, parse_shortcut, parse_submission
from bot.metrics import count_useless
from bot.rules import attention
from handlers import answering, commands
from handlers.failures import on_failure
from handlers.hearing import Answer, FormLost, Services, under_its_id

ANYTHING = re.compile(".*", re.DOTALL)
Body = dict[str, Any]
Listener = Callable[..., Awaitable[None]]


def register(app: AsyncApp, bot: Services) -> None:
    """Every kind of request that the app listens to."""
    for event, function in handlers.EVENTS.items():
        app.event(event)(_event_listener(bot, function))
    app.command(COMMAND)(_command_listener(bot))
    app.action(ANYTHING)(_press_listener(bot))
    app.view(ANYTHING)(_form_listener(bot))
    app.view_closed(ANYTHING)(_close_listener())
    app.shortcut(ANYTHING)(_shortcut_listener(bot))
    app.error(_on_failure)


async def _on_failure(error: Exception, body: Body) -> Any:
    return await on_failure(error, body)


def _event_listener(
    bot: Services, function: Callable[[Services, Mapping[str, Any]], Awaitable[None]]
) -> Listener:
    async def on_event(body: Body) -> None:
        await function(bot, body)

    return on_event


def _command_listener(bot: Services) -> Listener:
    async def on_command(ack: AsyncAck, body: Body) -> None:
        use = parse_command(body)
        try:
            answer = await commands.on_learn(bot, use, handlers.WORDS)
        except FormLost:
            answer = form_lost(use.words)
        said = answering.for_command(answer)
        await (ack(**said) if said else ack())

    return on_command


def _press_listener(bot: Services) -> Listener:
    async def on_press(ack: AsyncAck, body: Body) -> None:
        press = parse_press(body)
        function = handlers.PRESSES.get(press.action)  # type: ignore[call-overload]  # StrEnum keys equal text
        if function is None:
            count_useless("press")
        else:
            press = await under_its_id(bot, press.workspace, press)
            await bot.transactions.run(attention.record_press, press)
            await answering.say_privately(bot, press.response_url, await _answer(function(bot, press)))
        await ack()

    return on_press


def _form_listener(bot: Services) -> Listener:
    async def on_form(ack: AsyncAck, body: Body) -> None:
        form = parse_submission(body)
        function = handlers.FORMS.get(form.form)  # type: ignore[call-overload]  # StrEnum keys equal text
        if function is None:
            count_useless("form")
            await ack()
            return
        form = await under_its_id(bot, form.workspace, form)
        said = answering.for_form(await _answer(function(bot, form), acks_with_it=True))
        await (ack(**said) if said else ack())

    return on_form


def _close_listener() -> Listener:
    async def on_close(ack: AsyncAck) -> None:
        await ack()

    return on_close


def _shortcut_listener(bot: Services) -> Listener:
    async def on_shortcut(ack: AsyncAck, body: Body) -> None:
        use = parse_shortcut(body)
        function = handlers.SHORTCUTS.get(use.shortcut)  # type: ignore[call-overload]  # StrEnum keys equal text
        if function is None:
            count_useless("shortcut")
        else:
            use = await under_its_id(bot, use.workspace, use)
            await answering.say_privately(bot, use.response_url, await _answer(function(bot, use)))
        await ack()

    return on_shortcut


async def _answer(work: Awaitable[Answer], *, acks_with_it: bool = False) -> Answer:
    """What a handler answers; a refusal is an answer too, and loses nothing that was typed.

    A form that Slack did not show in time has left no time to say so, unless the ack itself says it: whoever pressed
    presses again.
    """
    try:
        return await work
    except Overloaded:
        raise
    except FormLost as error:
        return sentence(str(error)) if acks_with_it else None
    except BotError as error:
        return sentence(str(error))
