"""Reads YAML that strangers wrote: no anchors, tags or surprises, and every complaint knows its line and column.

Values are taken as they are written: `yes` in a title stays "yes", and a date is only a date where one is wanted.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import get_close_matches
from typing import Any, TypeVar

import yaml

T = TypeVar("T")

MOST_BYTES = 256 * 1024
DEEPEST = 8
MOST_PROBLEMS = 20
NULL = "tag:yaml.org,2002:null"
TOO_LARGE = "this file has more than 256 KB; a programme needs a few. Is it the right file?"
NOT_UTF8 = "this is not text in UTF-8: save it as UTF-8 and try again."
EMPTY = "there is nothing in this file."
NO_ANCHORS = "anchors and aliases (& and *) are not used here: write the text out."
NO_TAGS = "tags (!) are not used here: write the value alone."
TOO_DEEP = "this is nested deeper than any programme."
ONE_DOCUMENT = "there are two documents in this file (---): put each programme into a file of its own."
TABS = "there is a tab here: YAML is indented with spaces only."
BAD = "this is no YAML: {problem}."
WANT_MAPPING = "names and values are wanted here, such as “title: …”."
WANT_LIST = "a list is wanted here: one line each, beginning with “- ”."
WANT_TEXT = "a text is wanted here, not a list and no names."
UNKNOWN = "there is no field “{key}” here{near}."
NEAR = "; did you mean “{near}”?"
FIELDS = "; the fields are {fields}"
TWICE = "“{key}” stands here twice, first in line {line}."
MISSING = "“{key}” is missing."
NO_NUMBER = "a whole number from {least} to {most} is wanted here, not “{text}”."
NO_YES = "yes or no is wanted here, not “{text}”."
NO_DATE = "a date such as 2027-03-01 is wanted here, not “{text}”."


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing that is wrong, and where; line and column count from 1."""

    line: int
    column: int
    field: str
    text: str

    def sentence(self) -> str:
        """As people read it."""
        at = f"line {self.line}, column {self.column}"
        return f"{at}, {self.field}: {self.text}" if self.field else f"{at}: {self.text}"


class Unusable(Exception):
    """The file cannot be read any further; `problem` says why."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.sentence())
        self.problem = problem


@dataclass(slots=True)
class Cell:
    """One place of the file, with its name such as `weeks[2].title`; complaints go to the common list."""

    node: yaml.Node
    name: str
    problems: list[Problem] = field(repr=False)

    def wrong(self, text: str, name: str | None = None) -> None:
        """Note that something is wrong here."""
        mark = self.node.start_mark
        self.problems.append(
            Problem(mark.line + 1, mark.column + 1, self.name if name is None else name, text)
        )

    def is_empty(self) -> bool:
        """Whether nothing is written here."""
        return isinstance(self.node, yaml.ScalarNode) and (
            (self.node.tag == NULL and not self.node.style) or not self.node.value.strip()
        )

    def fields(self, known: tuple[str, ...], required: tuple[str, ...] = ()) -> Mapping[str, "Cell"]:
        """The named values here; unknown names, doubles and missing ones are noted."""
        if not isinstance(self.node, yaml.MappingNode):
            self.wrong(WANT_MAPPING)
            return {}
        found: dict[str, Cell] = {}
        lines: dict[str, int] = {}
        for key_node, value in self.node.value:
            key = str(key_node.value) if isinstance(key_node, yaml.ScalarNode) else "?"
            at = Cell(key_node, self.name, self.problems)
            if key in lines:
                at.wrong(TWICE.format(key=key, line=lines[key]))
            elif key not in known:
                at.wrong(UNKNOWN.format(key=key[:40], near=_near(key, known)))
            else:
                found[key] = Cell(value, f"{self.name}.{key}" if self.name else key, self.problems)
            lines.setdefault(key, key_node.start_mark.line + 1)
        for key in required:
            if key not in lines:
                self.wrong(MISSING.format(key=key))
        return found

    def list(self, most: int, too_many: str) -> Iterator["Cell"]:
        """The entries of the list here; nothing written is an empty list."""
        if self.is_empty():
            return
        if not isinstance(self.node, yaml.SequenceNode):
            self.wrong(WANT_LIST)
            return
        if len(self.node.value) > most:
            self.wrong(too_many.format(most=most))
            return
        for number, node in enumerate(self.node.value, 1):
            yield Cell(node, f"{self.name}[{number}]", self.problems)

    def text(self) -> str:
        """The words here, without white space around them."""
        if isinstance(self.node, yaml.ScalarNode):
            return "" if self.is_empty() else str(self.node.value).strip()
        self.wrong(WANT_TEXT)
        return ""

    def number(self, least: int, most: int) -> int:
        """The whole number here; `least` when there is none."""
        text = self.text()
        if text.isascii() and text.isdigit() and len(text) < 10 and least <= int(text) <= most:  # noqa: PLR2004
            return int(text)
        self.wrong(NO_NUMBER.format(least=least, most=most, text=text[:40]))
        return least

    def yes(self) -> bool:
        """Yes or no."""
        text = self.text().lower()
        if text not in {"yes", "no", "true", "false"}:
            self.wrong(NO_YES.format(text=text[:40]))
        return text in {"yes", "true"}

    def date(self) -> date | None:
        """The day here."""
        text = self.text()
        found = find_date(text)
        if found is None:
            self.wrong(NO_DATE.format(text=text[:40]))
        return found


def find_date(text: str) -> date | None:
    """The day that this text writes as 2027-03-01, else None."""
    try:
        return date.fromisoformat(text) if len(text) == len("2027-03-01") else None
    except ValueError:
        return None


def read_yaml(raw: bytes, read: Callable[[Cell], T]) -> tuple[T | None, list[Problem]]:
    """What `read` makes of the file, and all that is wrong with it (at most 20 things), in the file's order."""
    problems: list[Problem] = []
    try:
        made = read(Cell(_root(raw), "", problems))
    except Unusable as unusable:
        return None, [unusable.problem]
    return made, sorted(problems, key=lambda one: (one.line, one.column))[:MOST_PROBLEMS]


def _root(raw: bytes) -> yaml.Node:
    text = _decoded(raw)
    try:
        _look_over(text)
        root = yaml.compose(text, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        raise _no_yaml(error, text) from error
    except yaml.reader.ReaderError as error:
        line = text.count("\n", 0, error.position) + 1
        raise Unusable(Problem(line, 1, "", BAD.format(problem="there is a control character"))) from error
    if root is None:
        raise Unusable(Problem(1, 1, "", EMPTY))
    return root


def _decoded(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise Unusable(Problem(1, 1, "", TOO_LARGE))
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unusable(Problem(raw.count(b"\n", 0, error.start) + 1, 1, "", NOT_UTF8)) from error


def _look_over(text: str) -> None:
    """Refuse what could explode before anything is built from it."""
    depth = documents = 0
    for event in yaml.parse(text, Loader=yaml.SafeLoader):
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise _unusable(event, NO_ANCHORS)
        # A quoted scalar has the tag "!", which nobody wrote.
        if getattr(event, "tag", None) not in {None, "!"}:
            raise _unusable(event, NO_TAGS)
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        documents += isinstance(event, yaml.DocumentStartEvent)
        if depth > DEEPEST:
            raise _unusable(event, TOO_DEEP)
        if documents > 1:
            raise _unusable(event, ONE_DOCUMENT)


def _unusable(event: Any, text: str) -> Unusable:
    return Unusable(Problem(event.start_mark.line + 1, event.start_mark.column + 1, "", text))


def _no_yaml(error: yaml.MarkedYAMLError, text: str) -> Unusable:
    mark = error.problem_mark or error.context_mark
    line, column = (mark.line + 1, mark.column + 1) if mark is not None else (1, 1)
    lines = text.splitlines()
    if "\\t" in (error.problem or "") or (line <= len(lines) and "\t" in lines[line - 1][: column + 1]):
        return Unusable(Problem(line, column, "", TABS))
    return Unusable(Problem(line, column, "", BAD.format(problem=error.problem or "it breaks off")))


def _near(key: str, known: tuple[str, ...]) -> str:
    near = get_close_matches(key.lower(), known, n=1)
    return NEAR.format(near=near[0]) if near else FIELDS.format(fields=", ".join(known))
