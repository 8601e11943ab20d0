"""Slack's escaping (`&`, `<`, `>` and nothing else) and the characters that are never shown."""

import re

_STRAY_AMPERSAND = re.compile(r"&(?!(?:amp|lt|gt);)")
_LINE_END = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
# Control characters, and the marks that turn the reading direction of everything after them.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_HALF_CHARACTER = re.compile("[\ud800-\udfff]")


def escape(text: str) -> str:
    """Text that was never escaped (a name, what was typed into a form) as mrkdwn; do it once only."""
    return clean(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def escape_strays(text: str) -> str:
    """Escape what is not escaped yet; doing it twice changes nothing."""
    return _STRAY_AMPERSAND.sub("&amp;", text).replace("<", "&lt;").replace(">", "&gt;")


def unescape(text: str) -> str:
    """Slack's three entities as the characters they stand for."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def clean(text: str) -> str:
    """The text without control characters and direction overrides, every line ended by one newline."""
    return _HALF_CHARACTER.sub("\ufffd", _UNSEEN.sub("", _LINE_END.sub("\n", text)))
