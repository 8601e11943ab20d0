"""What people typed into our forms, made safe to show: unlike text of messages it was never escaped."""

import re

from bot.blocks.said import clean, plain, said, shorten

_ADDRESS = re.compile(r"(?<![<\w|/])https?://[^\s<>|\"'`]+[^\s<>|\"'`.,:;!?)\]}*_~]")
MOST_SUBJECTS = 8
MOST_LETTERS = 40
_BETWEEN = re.compile(r"[,;\n#]+")
_NOT_IN_A_LABEL = re.compile(r"[^\w+.&/-]+")


def typed(text: str, limit: int) -> str:
    """The text as mrkdwn of at most `limit` characters: no ping, its web addresses can be followed."""
    return shorten(said(_ADDRESS.sub(r"<\g<0>>", shorten(clean(text).strip(), limit))), limit)


def one_line(text: str, limit: int) -> str:
    """The text as plain words on one line."""
    return shorten(" ".join(plain(text).split()), limit)


def labels(text: str) -> tuple[str, ...]:
    """The subjects in what somebody typed: short, lower case, each once, at most eight."""
    words = (
        _NOT_IN_A_LABEL.sub("-", part.strip().lower()).strip("-.") for part in _BETWEEN.split(clean(text))
    )
    return tuple(dict.fromkeys(word[:MOST_LETTERS].strip("-.") for word in words if word))[:MOST_SUBJECTS]
