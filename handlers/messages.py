"""Hears everything said: in spaces it is recorded, to the app itself it is answered and never stored."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

import structlog

from bot.errors import BotError
from bot.incoming import DirectChange, DirectMessage, LetterHeard, MessageFact, parse_message
from bot.rules import direct, letters, messages
from handlers.hearing import Services, hear, hear_alone
from storage.failures import is_away
from storage.session import Session

log = structlog.get_logger(__name__)


async def on_message(bot: Services, body: Mapping[str, Any]) -> None:
    """A message, its edit or its deletion."""
    fact = parse_message(body)
    if isinstance(fact, DirectMessage):
        await _on_direct(bot, fact, direct.hear, direct.apologise)
    elif isinstance(fact, DirectChange):
        await _on_direct_change(bot, fact)
    elif isinstance(fact, LetterHeard):
        await hear(bot, letters.record_heard, letters.Heard(fact.workspace, fact.key, fact.channel, fact.ts))
    elif isinstance(fact, MessageFact):
        await hear(bot, messages.record, fact)
        if fact.letter_key is not None:
            heard = letters.Heard(fact.workspace, fact.letter_key, fact.channel, fact.ts)
            await hear(bot, letters.record_heard, heard)


async def _on_direct_change(bot: Services, fact: DirectChange) -> None:
    """A deletion has no words, so one that fails is set aside and run again: what was deleted must not stay."""
    if fact.deleted:
        await hear_alone(bot, direct.hear_change, fact)
    else:
        await _on_direct(bot, fact, direct.hear_change, direct.apologise_for_change)


async def _on_direct(
    bot: Services, fact: DirectMessage | DirectChange, *rules: Callable[[Session, Any, datetime], None]
) -> None:
    """What fails for a reason of ours is not set aside, because its words are stored nowhere: the person is told."""
    for rule in rules:
        try:
            await bot.transactions.run(rule, fact)
        except BotError:
            raise
        except Exception as error:  # a fault of ours: delivered again it would only fail again
            if is_away(error):
                raise
            log.warning("direct message not taken in", rule=rule.__name__, error=type(error).__name__)
            fact = replace(fact, text="", files=())
        else:
            return
