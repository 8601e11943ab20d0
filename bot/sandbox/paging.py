"""Cursor pagination: pages of an honest size and cursors that nobody can guess a meaning into."""

import base64
import binascii
from collections.abc import Callable, Sequence
from typing import TypeVar

from bot.sandbox.arguments import Arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.model import Json

Item = TypeVar("Item")


def page(
    items: Sequence[Item], args: Arguments, key: Callable[[Item], str], default: int = 100, most: int = 1000
) -> tuple[list[Item], Json]:
    """The page that was asked for and its response_metadata; a cursor names the last item before it."""
    limit = args.number("limit", default, most)
    start = _start(items, args.get("cursor"), key)
    chosen = list(items[start : start + limit])
    more = start + limit < len(items)
    return chosen, {"next_cursor": _cursor(key(chosen[-1])) if more and chosen else ""}


def _start(items: Sequence[Item], cursor: str, key: Callable[[Item], str]) -> int:
    if not cursor:
        return 0
    wanted = _read(cursor)
    for index, item in enumerate(items):
        if key(item) == wanted:
            return index + 1
    raise SlackError("invalid_cursor")


def _cursor(value: str) -> str:
    return base64.urlsafe_b64encode(f"next:{value}".encode()).decode()


def _read(cursor: str) -> str:
    try:
        text = base64.b64decode(cursor.encode(), altchars=b"-_", validate=True).decode()
    except (binascii.Error, ValueError):
        raise SlackError("invalid_cursor") from None
    if not text.startswith("next:"):
        raise SlackError("invalid_cursor")
    return text.removeprefix("next:")
