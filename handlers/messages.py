"""Hears everything said: in spaces it is recorded, to the app itself it is answered and never stored."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import structlog

from bot.errors import BotError
from bot.incoming import DirectMessage, LetterHeard, MessageFact, parse_message
from bot.rules import direct, letters, messages
from handlers.hearing import Services, hear
from storage.failures import is_away

log = structlog.get_logger(__name__)


async def on_message(bot: Services, body: Mapping[str, Any]) -> None:
    """A message, its edit or its deletion."""
    fact = parse_message(body)
    if isinstance(fact, DirectMessage):
        await _on_direct(bot, fact)
    elif isinstance(fact, LetterHeard):
        await hear(bot, letters.record_heard, letters.Heard(fact.workspace, fact.key, fact.channel, fact.ts))
    elif isinstance(fact, MessageFact):
        await hear(bot, messages.record, fact)
        if fact.letter_key is not None:
            heard = letters.Heard(fact.workspace, fact.letter_key, fact.channel, fact.ts)
            await hear(bot, letters.record_heard, heard)


async def _on_direct(bot: Services, fact: DirectMessage) -> None:
    """What fails for a reason of ours is not set aside, because its words are stored nowhere: the person is told."""
    for rule in (direct.hear, direct.apologise):
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
