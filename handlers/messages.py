"""Hears everything said: in spaces it is recorded, to the app itself it is answered and never stored."""

from collections.abc import Mapping
from typing import Any

from bot.incoming import DirectMessage, LetterHeard, MessageFact, parse_message
from bot.rules import direct, letters, messages
from handlers.hearing import Services, hear


async def on_message(bot: Services, body: Mapping[str, Any]) -> None:
    """A message, its edit or its deletion."""
    fact = parse_message(body)
    if isinstance(fact, DirectMessage):
        await bot.transactions.run(direct.hear, fact)
    elif isinstance(fact, LetterHeard):
        await hear(bot, letters.record_heard, letters.Heard(fact.workspace, fact.key, fact.channel, fact.ts))
    elif isinstance(fact, MessageFact):
        await hear(bot, messages.record, fact)
        if fact.letter_key is not None:
            heard = letters.Heard(fact.workspace, fact.letter_key, fact.channel, fact.ts)
            await hear(bot, letters.record_heard, heard)
