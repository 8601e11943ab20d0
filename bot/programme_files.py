"""Programmes as files: readable YAML in, values out, every mistake with its line; and the templates that ship."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from bot import programme_specs as limits
from bot.errors import CommandFailed
from bot.programme_specs import CheckIn, Idea, ProgrammeSpec, Run, Week, is_address, is_key, key_from
from bot.yaml_reading import Cell, Problem, read_yaml

TEMPLATES = Path(__file__).parent / "programme_templates"
NO_SUCH_TEMPLATE = "There is no template “{name}”: choose one of {names}."

TOO_LONG = "this has {length} characters; {most} are enough."
TOO_MANY = "there are more than {most} here."
NEEDED = "this must not be empty."
ALIKE = "this question stands here already, first in {first}: ask something else."
SAME_DAY = "there is a check-in for day {day} already."
BAD_KEY = "only small letters, digits and hyphens make a key, such as “new-manager”."
BAD_LINK = "this is no web address: it begins with https://."
REVERSED = "the last day ({last}) comes before the first ({first})."
SAME_RUN = "there is a run of this name already."

_PROGRAMME = (
    *("key", "title", "purpose", "subject", "sponsor", "weeks", "check_ins", "items", "closing"),
    *("circle_questions", "runs"),
)


@dataclass(frozen=True, slots=True)
class Template:
    """A programme that ships with the app, and its text."""

    spec: ProgrammeSpec
    text: str


class BadFile(CommandFailed):
    """The file of a programme has mistakes; each has a sentence."""

    def __init__(self, name: str, problems: list[Problem]) -> None:
        super().__init__("\n".join(f"{name}, {problem.sentence()}" for problem in problems))
        self.problems = problems


def read_programme(raw: bytes, name: str) -> ProgrammeSpec:
    """The programme in a file; raises BadFile with every mistake."""
    spec, problems = read_yaml(raw, _programme)
    if problems or spec is None:
        raise BadFile(name, problems)
    return spec


@lru_cache(maxsize=1)
def templates() -> dict[str, Template]:
    """The templates that ship, by key."""
    found = {}
    for path in sorted(TEMPLATES.glob("*.yml")):
        raw = path.read_bytes()
        spec = read_programme(raw, path.name)
        found[spec.key] = Template(spec, raw.decode())
    return found


def template(name: str) -> Template:
    """One of them; raises CommandFailed when there is none of this name."""
    known = templates()
    if name not in known:
        raise CommandFailed(NO_SUCH_TEMPLATE.format(name=name, names=", ".join(known)))
    return known[name]


def _programme(root: Cell) -> ProgrammeSpec:
    fields = root.fields(_PROGRAMME, required=("title",))
    title = _text(fields, "title", limits.MOST_TITLE, needed=True)
    key = _text(fields, "key", limits.MOST_KEY) or key_from(title)
    if not is_key(key) and (title or "key" in fields):
        fields.get("key", root).wrong(BAD_KEY)
    return ProgrammeSpec(
        key=key,
        title=title,
        purpose=_text(fields, "purpose", limits.MOST_PURPOSE),
        subject=_text(fields, "subject", limits.MOST_LABEL).lower(),
        sponsor=_text(fields, "sponsor", limits.MOST_NAME),
        weeks=tuple(_week(cell) for cell in _entries(fields, "weeks", limits.MOST_WEEKS)),
        check_ins=_check_ins(fields),
        items=tuple(_idea(cell) for cell in _entries(fields, "items", limits.MOST_ITEMS)),
        closing=_questions(fields, "closing", limits.MOST_CLOSING),
        circle_questions=_questions(fields, "circle_questions", limits.MOST_CIRCLE),
        runs=_runs(fields),
    )


def _week(cell: Cell) -> Week:
    fields = cell.fields(("title", "lesson", "starter", "contributions"), required=("title",))
    voices = []
    for one in _entries(fields, "contributions", limits.MOST_VOICES):
        voices.append(one.text())
        _check_link(one, voices[-1])
    lesson = _text(fields, "lesson", limits.MOST_LINK)
    if lesson:
        _check_link(fields["lesson"], lesson)
    return Week(
        _text(fields, "title", limits.MOST_TITLE, needed=True),
        lesson,
        _text(fields, "starter", limits.MOST_STARTER),
        tuple(dict.fromkeys(voices)),
    )


def _check_link(cell: Cell, link: str) -> None:
    if not is_address(link):
        cell.wrong(BAD_LINK)


def _check_ins(fields: "Fields") -> tuple[CheckIn, ...]:
    made: list[CheckIn] = []
    asked: dict[str, str] = {}
    for cell in _entries(fields, "check_ins", limits.MOST_CHECK_INS):
        parts = cell.fields(("day", "question", "still_used"), required=("day", "question"))
        day = parts["day"].number(1, limits.LAST_DAY) if "day" in parts else 0
        if day and day in {one.day for one in made}:
            parts["day"].wrong(SAME_DAY.format(day=day))
        question = _text(parts, "question", limits.MOST_QUESTION, needed=True)
        if question:
            _check_alike(parts["question"], question, asked)
        made.append(CheckIn(day, question, "still_used" in parts and parts["still_used"].yes()))
    return tuple(sorted(made, key=lambda one: one.day))


def _idea(cell: Cell) -> Idea:
    fields = cell.fields(("when", "then", "days"), required=("when", "then"))
    days = fields["days"].number(1, limits.LAST_ITEM_DAY) if "days" in fields else 14
    when = _text(fields, "when", limits.MOST_HALF, needed=True)
    return Idea(when, _text(fields, "then", limits.MOST_HALF, needed=True), days)


def _questions(fields: "Fields", name: str, most: int) -> tuple[str, ...]:
    asked: dict[str, str] = {}
    made = []
    for cell in _entries(fields, name, most):
        made.append(_checked(cell, limits.MOST_ASKED, needed=True))
        _check_alike(cell, made[-1], asked)
    return tuple(made)


def _check_alike(cell: Cell, question: str, asked: dict[str, str]) -> None:
    folded = " ".join(question.casefold().split())
    if folded in asked:
        cell.wrong(ALIKE.format(first=asked[folded]))
    asked.setdefault(folded, cell.name)


def _runs(fields: "Fields") -> tuple[Run, ...]:
    made: list[Run] = []
    for cell in _entries(fields, "runs", limits.MOST_RUNS):
        run = _run(cell)
        if run is not None and run.name in {one.name for one in made}:
            cell.wrong(SAME_RUN)
        made += [run] if run is not None else []
    return tuple(made)


def _run(cell: Cell) -> Run | None:
    known = ("name", "space", "sponsor", "facilitator", "starts_on", "ends_on", "people")
    fields = cell.fields(known, required=("name", "starts_on", "ends_on"))
    name = _text(fields, "name", limits.MOST_NAME, needed=True)
    first, last = ((fields[key].date() if key in fields else None) for key in ("starts_on", "ends_on"))
    if first is None or last is None:
        return None
    if last < first:
        fields["ends_on"].wrong(REVERSED.format(first=first, last=last))
    space, sponsor, facilitator = (
        _text(fields, key, limits.MOST_NAME) for key in ("space", "sponsor", "facilitator")
    )
    people = tuple(
        dict.fromkeys(
            _checked(one, limits.MOST_NAME, needed=True)
            for one in _entries(fields, "people", limits.MOST_PEOPLE)
        )
    )
    return Run(name, first, last, space, sponsor, facilitator, people)


Fields = Mapping[str, Cell]


def _entries(fields: Fields, name: str, most: int) -> list[Cell]:
    return list(fields[name].list(most, TOO_MANY)) if name in fields else []


def _text(fields: Fields, name: str, most: int, *, needed: bool = False) -> str:
    return _checked(fields[name], most, needed=needed) if name in fields else ""


def _checked(cell: Cell, most: int, *, needed: bool = False) -> str:
    before = len(cell.problems)
    text = cell.text()
    if len(text) > most:
        cell.wrong(TOO_LONG.format(length=len(text), most=most))
    if needed and not text and len(cell.problems) == before:
        cell.wrong(NEEDED)
    return text
