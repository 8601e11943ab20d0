"""Reading payloads that nobody can be sure of: a field that is missing, or of another type, counts as empty.

`find_` may be None; what makes something a fact raises Unreadable when it is not there.
"""

import re
from collections.abc import Mapping
from typing import Any

LONGEST_TEXT = 40_000  # Slack itself cuts there
MOST_DIGITS = 18  # of a number that every database takes
_ID = re.compile(r"[A-Za-z0-9_]{1,64}")
_TS = re.compile(r"[0-9]{1,12}\.[0-9]{1,9}")
_EMOJI = re.compile(r"[^\s:]{1,100}")

Body = Mapping[str, Any]


class Unreadable(ValueError):
    """A payload lacks what would make it a fact."""


def emoji_name(value: object) -> str:
    """An emoji's name without its skin tone; raises Unreadable."""
    name = text(value).split("::", 1)[0]
    if not _EMOJI.fullmatch(name):
        raise Unreadable("emoji")
    return name


def workspace_of(body: Body) -> str:
    """The workspace whose installation this was delivered to; raises Unreadable."""
    authorizations = body.get("authorizations")
    first = mapping(authorizations[0]) if isinstance(authorizations, list) and authorizations else {}
    team = mapping(body.get("team"))
    found = find_id(first.get("team_id")) or find_id(body.get("team_id")) or find_id(team.get("id"))
    if found is None:
        raise Unreadable("workspace")
    return found


def is_direct(channel: str) -> bool:
    """Whether this is a direct message, whatever else the payload says; nothing said there is ever recorded."""
    return channel.startswith("D")


def mapping(value: object) -> Body:
    """`value` if it is an object, else an empty one."""
    return value if isinstance(value, Mapping) else {}


def text(value: object) -> str:
    """`value` if it is text, without what no database takes (NUL, lone surrogates), cut at Slack's own limit."""
    if not isinstance(value, str):
        return ""
    if not value.isascii():
        value = value.encode("utf-8", "replace").decode()
    return value.replace("\x00", "")[:LONGEST_TEXT]


def number(value: object) -> int | None:
    """`value` if it is a whole number that a database takes, else None."""
    fits = isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 2**62
    return value if fits and isinstance(value, int) else None


def typed_number(written: str) -> int | None:
    """The whole number that these digits are, None for anything else and for what no database takes."""
    is_one = written.isascii() and written.isdecimal() and len(written) <= MOST_DIGITS
    return int(written) if is_one else None


def find_id(value: object) -> str | None:
    """`value` if it looks like one of Slack's ids."""
    return value if isinstance(value, str) and _ID.fullmatch(value) else None


def slack_id(value: object) -> str:
    """One of Slack's ids; raises Unreadable."""
    found = find_id(value)
    if found is None:
        raise Unreadable("id")
    return found


def find_ts(value: object) -> str | None:
    """`value` if it looks like one of Slack's ts."""
    return value if isinstance(value, str) and _TS.fullmatch(value) else None


def slack_ts(value: object) -> str:
    """One of Slack's ts; raises Unreadable."""
    found = find_ts(value)
    if found is None:
        raise Unreadable("ts")
    return found
