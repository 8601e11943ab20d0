"""Which names are emoji: Slack's form, with an optional skin tone."""

import re

REACTIONS_PER_MESSAGE = 23
_NAME = re.compile(r"[a-z0-9_+'\-]{1,100}(::skin-tone-[2-6])?")


def is_emoji(name: str) -> bool:
    """Whether this can be the name of an emoji (names are not looked up in a list)."""
    return bool(_NAME.fullmatch(name))
