"""Plans in words: an item as a sentence, a day, how somebody answered."""

import re
from datetime import date

from bot.blocks import kit
from bot.blocks.links import DAYS, MONTHS
from bot.blocks.typed import typed

MOST_HALF = 300  # characters of "when …" and of "I will …"
SENTENCE = "When {cue}, I will {action}."
_CUE_START = re.compile(r"\A(when|whenever|if|as soon as)\s+", re.IGNORECASE)
_ACTION_START = re.compile(r"\A(then\s+)?(i\s+will|i['’]ll|i\s+shall)\s+", re.IGNORECASE)
_ENDS = " \t\r\n,.;:…"


def day_words(day: date) -> str:
    """A day as people say it: "Friday 4 December"."""
    return f"{DAYS[day.weekday()]} {day.day} {MONTHS[day.month - 1]}"


def half(text: str, start: re.Pattern[str]) -> str:
    """One half of an item without the words that we put before it, on one line."""
    words = " ".join(kit.plain(text).split()).strip(_ENDS)
    return start.sub("", words).strip(_ENDS) or words


def cue_of(text: str) -> str:
    """What follows "When"."""
    return half(text, _CUE_START)


def action_of(text: str) -> str:
    """What follows "I will"."""
    return half(text, _ACTION_START)


def plain_item(cue: str, action: str) -> str:
    """The item as plain words; escape them before they go into mrkdwn."""
    return SENTENCE.format(cue=cue_of(cue), action=action_of(action))


def shown_item(cue: str, action: str) -> str:
    """The item as mrkdwn: it pings nobody."""
    return typed(plain_item(cue, action), 2 * MOST_HALF + 50)
