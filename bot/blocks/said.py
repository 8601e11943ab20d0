"""Somebody's Slack text, made safe to show again: no ping, no lying link, escaped exactly once."""

import re
from collections.abc import Mapping
from typing import Final

from bot.blocks.escaping import clean, escape, escape_strays, unescape
from bot.blocks.links import Link, parse_link
from bot.blocks.shorten import first_line, shorten

__all__ = ["clean", "escape", "first_line", "hush", "plain", "quote", "said", "shorten", "unescape"]

SOMEONE = "@someone"
SOME_CHANNEL = "#channel"
SOME_GROUP = "@group"
SOME_DATE = "a date"

NO_NAMES: Final[Mapping[str, str]] = {}

_TOKEN = re.compile(r"<([^<>]*+)>")
_CROWD = re.compile(r"<!(?!date\^)([^<>]*+)>")
_PERSON = re.compile(r"@([UWB][A-Z0-9]+)(?:\|(.*))?", re.DOTALL)
_CHANNEL = re.compile(r"#([CGD][A-Z0-9]+)(?:\|(.*))?", re.DOTALL)
_KIND = re.compile(r"[a-z_]+")


def said(text: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """The text as mrkdwn that pings nobody; `names` gives people (and channels) their names by id.

    Text of events comes escaped and stays so; stray `<`, `>` and `&` are escaped too, so that doing it
    twice changes nothing. Channels stay live tokens: Slack shows their names only to those who may see them.
    """
    return "".join(
        escape_strays(piece) if outside else _token_as_mrkdwn(piece, names)
        for outside, piece in _pieces(clean(text))
    )


def plain(text: str, names: Mapping[str, str] = NO_NAMES) -> str:
    """The same text without any markup, for titles and plain_text objects; never put it into mrkdwn."""
    return "".join(
        unescape(piece) if outside else _token_as_words(piece, names)
        for outside, piece in _pieces(clean(text))
    )


def hush(text: str) -> str:
    """Our mrkdwn with every call to a crowd (`<!channel>`, a user group …) turned into words."""
    return _CROWD.sub(lambda found: escape_strays(_special_words(found[1])), text)


def quote(text: str) -> str:
    """Mrkdwn as quoted lines."""
    return "\n".join(f"> {line}".rstrip() for line in text.strip().split("\n"))


def _pieces(text: str) -> list[tuple[bool, str]]:
    """The text in order: (True, what stands outside tokens), (False, the inside of a token)."""
    parts = _TOKEN.split(text)
    return [(index % 2 == 0, part) for index, part in enumerate(parts)]


def _token_as_mrkdwn(body: str, names: Mapping[str, str]) -> str:
    if channel := _CHANNEL.fullmatch(body):
        return f"<#{channel[1]}>"
    if link := parse_link(body):
        return _link_as_mrkdwn(link)
    return escape_strays(_words(body, names))


def _token_as_words(body: str, names: Mapping[str, str]) -> str:
    if channel := _CHANNEL.fullmatch(body):
        name = names.get(channel[1]) or unescape(channel[2] or "")
        return _named("#", name, SOME_CHANNEL)
    if link := parse_link(body):
        return unescape(link.shown or link.url)
    return unescape(_words(body, names))


def _words(body: str, names: Mapping[str, str]) -> str:
    """A token that is neither link nor channel, as escaped words."""
    if person := _PERSON.fullmatch(body):
        return _named("@", escape_strays(names.get(person[1]) or person[2] or ""), SOMEONE)
    if body.startswith("!"):
        return _special_words(body[1:])
    target, _, label = body.partition("|")
    if ":" in target:  # a link of a kind we do not follow
        return label.strip() or target
    return f"&lt;{escape_strays(body)}&gt;"


def _special_words(body: str) -> str:
    """`here`, `subteam^S1|@docs`, `date^…|3 November`: the label, else a word that says what it is."""
    command, _, label = body.partition("|")
    kind = command.partition("^")[0]
    if not _KIND.fullmatch(kind):
        return f"&lt;!{body}&gt;"
    if kind == "date":
        return label or SOME_DATE
    if kind == "subteam":
        return _named("@", label, SOME_GROUP)
    return _named("@", label or kind, SOME_GROUP)


def _named(sign: str, name: str, otherwise: str) -> str:
    word = " ".join(clean(name).split()).lstrip(sign)
    return sign + word if word else otherwise


def _link_as_mrkdwn(link: Link) -> str:
    url = escape_strays(link.url)
    return f"<{url}|{escape_strays(link.shown)}>" if link.shown else f"<{url}>"
