"""Rosters as CSV: commas, semicolons or tabs, with or without a byte-order mark; every mistake with its line."""

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date

from bot.errors import CommandFailed
from bot.yaml_reading import find_date

MOST_BYTES = 5 * 1024 * 1024
MOST_LINES = 20_000
MOST_CELL = 255
MOST_PROBLEMS = 20

TOO_LARGE = "This file has more than 5 MB; a roster of thousands needs less. Is it the right file?"
TOO_LONG = "This roster has more than {most} lines: split it into several files."
NO_TEXT = "This is not text in UTF-8. In a spreadsheet choose “Save as … CSV UTF-8” and give me that file."
NOTHING = "There is nobody in this roster."
NO_HEADER = (
    "The first line must name the columns: person (a Slack id, @name or e-mail address), and if you like manager,"
    " programme, cohort, starts_on, ends_on, completed_on."
)
NO_PERSON = "None of the columns names the people: call one “person”, “email” or “Slack id”."
UNKNOWN_COLUMN = "I do not know the column “{column}”: the columns are person, manager, programme, cohort, starts_on, ends_on and completed_on."  # noqa: E501
COLUMN_TWICE = "The column “{column}” is there twice."
LINE = "line {line}: {text}"
CELLS = "this line has {found} cells, the first line has {wanted}."
EMPTY_PERSON = "nobody is named here."
LONG_CELL = "one cell has more than 255 characters; is a quotation mark missing?"
BAD_QUOTES = "a quotation mark is not closed, or stands in the wrong place."
BAD_DATE = "“{text}” is no date: write it as 2027-03-01."
DATES_REVERSED = "the last day ({last}) comes before the first ({first})."
TWICE = "{who} stands in line {first} already."

_COLUMNS = {
    "person": (
        "person",
        "email",
        "e-mail",
        "mail",
        "slack id",
        "slack_id",
        "id",
        "user",
        "name",
        "member",
        "learner",
    ),
    "manager": ("manager", "line manager", "reports to", "boss"),
    "programme": ("programme", "program", "course"),
    "cohort": ("cohort", "run", "group"),
    "starts_on": ("starts_on", "starts on", "start", "start date"),
    "ends_on": ("ends_on", "ends on", "end", "end date"),
    "completed_on": ("completed_on", "completed on", "completed", "completion date", "finished on"),
}
_NAMES = {alias: column for column, aliases in _COLUMNS.items() for alias in aliases}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_ID = re.compile(r"[UW][A-Z0-9]{2,63}")


class BadRoster(CommandFailed):
    """This roster has mistakes; each line that has one is named."""

    def __init__(self, problems: Sequence[str]) -> None:
        more = len(problems) - MOST_PROBLEMS
        shown = [*problems[:MOST_PROBLEMS], *([f"… and {more} more"] if more > 0 else [])]
        super().__init__("\n".join(shown))


@dataclass(frozen=True, slots=True)
class RosterLine:
    """What one line says about one person; what it leaves out is empty."""

    line: int
    person: str
    manager: str = ""
    programme: str = ""
    cohort: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    completed_on: date | None = None


@dataclass(slots=True)
class _Reading:
    columns: list[str]
    problems: list[str] = field(default_factory=list)
    seen: dict[tuple[str, str, str], int] = field(default_factory=dict)


def read_roster(raw: bytes) -> list[RosterLine]:
    """The lines of a roster; raises BadRoster with every mistake, so that nothing is half taken in."""
    text = _decode(raw)
    rows = _rows(text)
    if not rows:
        raise BadRoster([NOTHING])
    columns, rest = _header(rows)
    reading = _Reading(columns)
    lines = [made for number, cells in rest if (made := _line(reading, number, cells)) is not None]
    if reading.problems:
        raise BadRoster(reading.problems)
    if not lines:
        raise BadRoster([NOTHING])
    return lines


def person_id(text: str) -> str | None:
    """The Slack id that this is, written plainly or as a mention; None for a name or an address."""
    mention = _MENTION.fullmatch(text)
    if mention is not None:
        return mention[1]
    return text if _ID.fullmatch(text) else None


def is_email(text: str) -> bool:
    """Whether this is meant as an e-mail address."""
    before, at, after = text.partition("@")
    return bool(before and at and "." in after and " " not in text)


def _decode(raw: bytes) -> str:
    if len(raw) > MOST_BYTES:
        raise BadRoster([TOO_LARGE])
    encoding = "utf-16" if raw[:2] in (b"\xff\xfe", b"\xfe\xff") else "utf-8-sig"
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise BadRoster([NO_TEXT]) from error
    if "\0" in text:
        raise BadRoster([NO_TEXT])
    return text


def _rows(text: str) -> list[tuple[int, list[str]]]:
    """The lines that are not empty, with their numbers."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    rows: list[tuple[int, list[str]]] = []
    begins = 1
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if any(stripped):
                rows.append((begins, stripped))
            if len(rows) > MOST_LINES:
                raise BadRoster([TOO_LONG.format(most=MOST_LINES)])
            begins = reader.line_num + 1
    except csv.Error as error:
        raise BadRoster([LINE.format(line=begins, text=BAD_QUOTES)]) from error
    return rows


def _delimiter(text: str) -> str:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return max((",", ";", "\t"), key=first.count)


def _header(rows: list[tuple[int, list[str]]]) -> tuple[list[str], list[tuple[int, list[str]]]]:
    first = [" ".join(cell.lower().split()) for cell in rows[0][1]]
    known = [_NAMES.get(cell, "") for cell in first]
    if not any(known):
        if all(len(cells) == 1 and _names_somebody(cells[0]) for _, cells in rows):
            return ["person"], rows
        raise BadRoster([LINE.format(line=rows[0][0], text=NO_HEADER)])
    _check_header(rows[0][0], first, known)
    return known, rows[1:]


def _names_somebody(cell: str) -> bool:
    return person_id(cell) is not None or cell.startswith("@") or is_email(cell)


def _check_header(line: int, first: Sequence[str], known: Sequence[str]) -> None:
    problems = [
        UNKNOWN_COLUMN.format(column=cell[:40]) for cell, name in zip(first, known, strict=True) if not name
    ]
    doubles = sorted({name for name in known if name and known.count(name) > 1})
    problems += [COLUMN_TWICE.format(column=name) for name in doubles]
    problems += [] if "person" in known else [NO_PERSON]
    if problems:
        raise BadRoster([LINE.format(line=line, text=text) for text in problems])


def _line(reading: _Reading, number: int, cells: Sequence[str]) -> RosterLine | None:
    mistakes = list(_mistakes(reading, cells))
    if mistakes:
        reading.problems += [LINE.format(line=number, text=text) for text in mistakes]
        return None
    given = dict(zip(reading.columns, cells, strict=True))
    days = {name: find_date(given.pop(name, "")) for name in ("starts_on", "ends_on", "completed_on")}
    line = RosterLine(number, **given, **days)  # type: ignore[arg-type]  # texts and days by their names
    key = (line.person.casefold(), line.programme, line.cohort)
    first = reading.seen.setdefault(key, number)
    if first != number:
        text = TWICE.format(who=line.person, first=first)
        reading.problems.append(LINE.format(line=number, text=text))
    return line


def _mistakes(reading: _Reading, cells: Sequence[str]) -> Iterator[str]:
    if len(cells) != len(reading.columns):
        yield CELLS.format(found=len(cells), wanted=len(reading.columns))
        return
    if any(len(cell) > MOST_CELL for cell in cells):
        yield LONG_CELL
        return
    given = dict(zip(reading.columns, cells, strict=True))
    if not given["person"]:
        yield EMPTY_PERSON
    days = {name: given.get(name, "") for name in ("starts_on", "ends_on", "completed_on")}
    yield from (BAD_DATE.format(text=text[:40]) for text in days.values() if text and find_date(text) is None)
    first, last = find_date(days["starts_on"]), find_date(days["ends_on"])
    if first is not None and last is not None and last < first:
        yield DATES_REVERSED.format(first=first, last=last)
