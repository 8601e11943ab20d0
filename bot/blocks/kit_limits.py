"""Slack's limits in one place: our own words that are too long raise, people's words are shortened."""

from collections.abc import Iterable, Sequence
from typing import Any, TypeVar

from bot.blocks.escaping import clean
from bot.blocks.said import hush
from bot.blocks.shorten import shorten

Thing = TypeVar("Thing")
Block = dict[str, Any]  # Slack's JSON: a block, an element or a text object

TEXT = 3_000
FIELD = 2_000
FIELDS = 10
HEADER = 150
CONTEXT_ELEMENTS = 10
ACTION_ELEMENTS = 25
LABEL = 2_000
ALT_TEXT = 2_000
URL = 3_000
BUTTON = 75
BUTTON_VALUE = 2_000
OPTION = 75
OPTION_VALUE = 150
OPTIONS = 100
OPTION_GROUPS = 100
FEW_OPTIONS = 10
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150
TYPED = 3_000
FILES = 10
CONFIRM_TITLE = 100
CONFIRM_TEXT = 300
CONFIRM_BUTTON = 30
IDENTIFIER = 255
MESSAGE_TEXT = 4_000
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
VIEW_TITLE = 24
VIEW_BYTES = 250_000
PRIVATE_METADATA = 3_000

NOTHING = "…"


def mrkdwn(text: str, limit: int = TEXT) -> Block:
    """Our markup with people's words passed through `said`; shortened, no crowd is called."""
    return {
        "type": "mrkdwn",
        "text": shorten(hush(text), limit) if text.strip() else NOTHING,
        "verbatim": True,
    }


def plain_text(text: str, limit: int = TEXT) -> Block:
    """People's words without markup (through `plain`), shortened."""
    words = clean(text).strip()
    return {"type": "plain_text", "text": shorten(words, limit) if words else NOTHING, "emoji": True}


def own_text(text: str, limit: int, what: str) -> Block:
    """Our own words without markup; raises ValueError when Slack would refuse them."""
    if not text.strip():
        raise ValueError(f"{what} is empty.")
    return {"type": "plain_text", "text": own(text, limit, what), "emoji": True}


def own(text: str, limit: int, what: str) -> str:
    """The text itself; raises ValueError when it is longer than Slack allows."""
    if len(text) > limit:
        raise ValueError(f"{what} has {len(text)} characters, Slack allows {limit}: {text[:60]!r}")
    return text


def identifier(name: str, what: str) -> str:
    """An action, block or callback id as plain str; raises ValueError when empty or too long."""
    if not name:
        raise ValueError(f"{what} is empty.")
    return str(own(name, IDENTIFIER, what))


def counted(things: Sequence[Thing], most: int, what: str) -> list[Thing]:
    """The things as a list; raises ValueError when there is none or there are more than Slack allows."""
    if not 1 <= len(things) <= most:
        raise ValueError(f"{what}: {len(things)} given, Slack allows 1 to {most}.")
    return list(things)


def all_different(names: Iterable[str], what: str) -> None:
    """Raise ValueError when a name comes twice."""
    seen: set[str] = set()
    for name in names:
        if name in seen:
            raise ValueError(f"{what} {name!r} comes twice.")
        seen.add(name)


def given(**values: object) -> Block:
    """Only the values that are there: Slack refuses null."""
    return {name: value for name, value in values.items() if value is not None}
