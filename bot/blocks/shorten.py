"""Texts cut to size between words, never inside an entity, a `<token>` or an emoji."""

import re
import unicodedata

_TOKEN = re.compile(r"<[^<>]*+>")
_ENTITY = re.compile(r"&(?:amp|lt|gt);")
_MARKUP = "`*_~> \t"


def first_line(text: str, limit: int) -> str:
    """The first line that says something, at most `limit` characters; of mrkdwn or of plain text."""
    for line in text.split("\n"):
        if line.strip(_MARKUP):
            return shorten(line.strip(), limit)
    return ""


def shorten(text: str, limit: int) -> str:
    """At most `limit` characters, cut between words, with "…" where something is missing.

    An entity or a `<token>` is never cut in two. Raises ValueError when not even the "…" fits.
    """
    if limit < 1:
        raise ValueError("A text cannot be shortened to less than one character.")
    if len(text) <= limit:
        return text
    # "… and retry." is not followed by three dots more; a semicolon may end an entity.
    return text[: _between_words(text, limit - 1)].rstrip().rstrip(".,: \n") + "…"


def _between_words(text: str, end: int) -> int:
    cut = _outside_tokens(text, end)
    if text[cut].isspace():
        return cut
    space = max(text.rfind(" ", 0, cut), text.rfind("\n", 0, cut))
    # A single word longer than half the room (or a script without spaces) is cut inside the word.
    if space <= end // 2:
        return _between_characters(text, cut)
    return _outside_tokens(text, space)


def _outside_tokens(text: str, cut: int) -> int:
    start = text.rfind("<", 0, cut)
    if start >= 0 and text.find(">", start, cut) < 0 and _TOKEN.match(text, start):
        return start
    start = text.rfind("&", max(0, cut - 4), cut)
    if start >= 0 and text.find(";", start, cut) < 0 and _ENTITY.match(text, start):
        return start
    return cut


def _between_characters(text: str, cut: int) -> int:
    """Step back over joiners, accents and skin tones, so that no emoji or letter is cut in two."""
    earliest = max(0, cut - 24)
    while cut > earliest and (_joins(text[cut]) or text[cut - 1] == "\u200d"):
        cut -= 1
    return cut


def _joins(character: str) -> bool:
    return (
        character in "\u200d\ufe0f"
        or "\U0001f3fb" <= character <= "\U0001f3ff"
        or unicodedata.combining(character) != 0
    )
