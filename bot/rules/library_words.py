"""Reads what somebody typed after `/learn find`: words, "phrases" and filters, in any order."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from difflib import get_close_matches

from bot.blocks.library_unclear import FILTERS, KINDS, Trouble, Unclear
from bot.blocks.said import clean, unescape
from storage.library_shelf import find_named, find_visible_spaces
from storage.search import Term, read_term
from storage.session import Session

_QUOTES = str.maketrans("“”„‟«»", '""""""')
_TOKEN = re.compile(r"<([#@])([A-Z0-9]+)(?:\|([^<>]*))?>")
_PIECE = re.compile(
    r'(?P<key>[A-Za-z]+):(?:\s*(?=[<#@]))?(?P<value>"[^"]*"|<[^<>]*>|@?"[^"]*"|[^\s"]*)'
    r'|"(?P<phrase>[^"]*)"|(?P<word><[^<>]*>|[^\s"]+)|"'
)
_AGO = re.compile(r"(\d{1,5})\s*([dwmy]?)", re.IGNORECASE)
_DAYS = {"d": 1, "": 1, "w": 7, "m": 30, "y": 365}
_DATE = re.compile(r"(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?")
# What other searches call a filter; a word before a colon that is none of ours and none of these may be code.
_ELSEWHERE = {
    "from",
    "before",
    "after",
    "on",
    "during",
    "has",
    "to",
    "with",
    "type",
    "tag",
    "channel",
    "author",
}
_CODE = re.compile(r"[/:\d]")
_KIND_WORDS = {"til": "insight", "tip": "insight", "clip": "demo", "video": "demo", "thread": "discussion"}
_EARLIEST = datetime(2002, 1, 1, tzinfo=UTC)


@dataclass(slots=True)
class Wanted:
    """What was typed, read: the words to find and the filters around them, as ids and instants."""

    terms: list[Term] = field(default_factory=list)
    spaces: list[str] = field(default_factory=list)
    by: list[str] = field(default_factory=list)
    kinds: list[str] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    since: datetime | None = None
    had_words: bool = False


@dataclass(frozen=True, slots=True)
class Reader:
    """Who typed, and where names are looked up."""

    session: Session
    workspace: str
    person: str
    now: datetime


def read_words(reader: Reader, typed: str) -> Wanted | Unclear:
    """The search that was typed, or what is unclear about it."""
    wanted = Wanted()
    for piece in _PIECE.finditer(clean(typed).translate(_QUOTES)):
        key = piece["key"]
        problem = None
        if key is not None and (key.lower() in FILTERS or _looks_like_filter(key, piece["value"])):
            problem = _read_filter(reader, wanted, key.lower(), piece["value"])
        else:
            _add_words(wanted, piece)
        if problem is not None:
            return problem
    if wanted.had_words and not wanted.terms:
        return Unclear(Trouble.NO_LETTERS)
    return wanted


def readable(reader: Reader, typed: str) -> str:
    """What was typed with names instead of ids, wherever the name leads back to the same."""

    def named(token: re.Match[str]) -> str:
        sign, key = token[1], token[2]
        if sign == "#":
            names = dict(find_visible_spaces(reader.session, reader.workspace, reader.person))
            return f"#{names[key]}" if names.get(key) else f"<#{key}>"
        found = find_named(reader.session, reader.workspace)
        name = dict(found).get(key, "")
        if not name or '"' in name or len(_called(found, name)) != 1:
            return f"<@{key}>"
        return f'"@{name}"' if " " in name else f"@{name}"

    return unescape(_TOKEN.sub(named, " ".join(clean(typed).split("\n"))))


def _add_words(wanted: Wanted, piece: re.Match[str]) -> None:
    text = piece["phrase"] if piece["phrase"] is not None else piece[0]
    term = read_term(unescape(text), exact=piece["phrase"] is not None)
    wanted.had_words = wanted.had_words or bool(text.strip(' "'))
    if term is not None:
        wanted.terms.append(term)


def _looks_like_filter(key: str, value: str) -> bool:
    if not value:
        return False
    return key.lower() in _ELSEWHERE or (key.islower() and not _CODE.match(value))


def _read_filter(reader: Reader, wanted: Wanted, key: str, value: str) -> Unclear | None:
    bare = unescape(value).replace('"', "").strip()
    if key not in FILTERS:
        near = get_close_matches(key, FILTERS, n=1, cutoff=0.6)
        return Unclear(Trouble.FILTER, f"{key}:{bare}", tuple(near))
    if not bare.strip("#@"):
        return Unclear(Trouble.EMPTY, key)
    return _READERS[key](reader, wanted, bare)


def _read_space(reader: Reader, wanted: Wanted, value: str) -> Unclear | None:
    spaces = find_visible_spaces(reader.session, reader.workspace, reader.person)
    token = _TOKEN.fullmatch(value)
    name = value.lstrip("#").casefold()
    known = dict(spaces)
    found = [
        s for s in known if s == (token[2] if token else value) or (not token and known[s].casefold() == name)
    ]
    if found:
        wanted.spaces += found
        return None
    names = {called.casefold(): called for _, called in spaces if called}
    shown = token[3] or "that space" if token else value.lstrip("#")
    return Unclear(Trouble.SPACE, shown, tuple(names[n] for n in get_close_matches(name, names, n=1)))


def _read_person(reader: Reader, wanted: Wanted, value: str) -> Unclear | None:
    token = _TOKEN.fullmatch(value)
    name = value.lstrip("@")
    if token is not None and token[1] == "@":
        wanted.by.append(token[2])
        return None
    if name.casefold() == "me":
        wanted.by.append(reader.person)
        return None
    people = find_named(reader.session, reader.workspace)
    found = _called(people, name)
    if len(found) == 1:
        wanted.by.append(found[0])
        return None
    names = dict(people)
    if found:
        return Unclear(Trouble.PEOPLE, name, tuple(sorted(names[person] for person in found))[:4])
    near = get_close_matches(name, sorted(set(names.values())), n=1)
    return Unclear(Trouble.PERSON, name, tuple(near))


def _called(people: list[tuple[str, str]], name: str) -> list[str]:
    """Who is called exactly so; else whose name has this as one of its words."""
    wanted = name.casefold()
    whole = [person for person, called in people if person == name or called.casefold() == wanted]
    return whole or [person for person, called in people if wanted in called.casefold().split()]


def _read_kind(reader: Reader, wanted: Wanted, value: str) -> Unclear | None:
    del reader
    word = value.lstrip("#").lower()
    readings = [_KIND_WORDS.get(form, form) for form in (word, word.removesuffix("s"))]
    kind = next((reading for reading in readings if reading in KINDS), None)
    if kind is None:
        return Unclear(Trouble.KIND, value)
    wanted.kinds.append(kind)
    return None


def _read_subject(reader: Reader, wanted: Wanted, value: str) -> Unclear | None:
    del reader
    wanted.subjects.append(value.lstrip("#").lower())
    return None


def _read_since(reader: Reader, wanted: Wanted, value: str) -> Unclear | None:
    since = _instant(value, reader.now)
    if since is None or since > reader.now:
        return Unclear(Trouble.SINCE if since is None else Trouble.FUTURE, value)
    wanted.since = max(since, wanted.since or _EARLIEST)
    return None


def _instant(value: str, now: datetime) -> datetime | None:
    try:
        if date := _DATE.fullmatch(value):
            return datetime(int(date[1]), int(date[2] or 1), int(date[3] or 1), tzinfo=UTC)
        if ago := _AGO.fullmatch(value):
            return now - timedelta(days=int(ago[1]) * _DAYS[ago[2].lower()])
    except (ValueError, OverflowError):
        return None
    return None


_READERS = {
    "in": _read_space,
    "by": _read_person,
    "kind": _read_kind,
    "subject": _read_subject,
    "since": _read_since,
}
