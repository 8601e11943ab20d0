"""The library: what people contributed and discussed is found again by whoever could open it, best first (2.4).

With it come the people who know, shown with their evidence (2.5).
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.blocks.library import Found, Knower, Piece, Result
from bot.blocks.library_unclear import Unclear
from bot.blocks.said import first_line, plain
from bot.blocks.unmarked import unmarked
from bot.rules.choices import Choices, read_choices
from bot.rules.library_excerpt import excerpt
from bot.rules.library_words import Reader, Wanted, read_words, readable
from storage.contributions import Contribution, ContributionState, find_contributions
from storage.discussions import Discussion, Question, find_questions
from storage.library import DISCUSSION, QUESTION, Place, Search, find_places
from storage.library_evidence import find_evidence
from storage.library_shelf import find_left_out, find_threads
from storage.messages import Message, find_messages
from storage.people import names_of
from storage.search import Term
from storage.session import Session
from storage.workspaces import get_workspace

PAGE = 8
_MENTION = re.compile(r"<@([A-Z0-9]+)")
FREE_PLAN = timedelta(days=90)  # what Slack's free plan still shows
TITLE = 100
KNOWERS_IN_FIND, KNOWERS_IN_WHO = 3, 10
MOST_CONSIDERED = 200  # best results whose people are counted


@dataclass(frozen=True, slots=True)
class Query:
    """Somebody searches; `people_first` is `/learn who`."""

    workspace: str
    person: str
    typed: str
    page: int = 0
    people_first: bool = False


def find(session: Session, query: Query, now: datetime) -> Found | Unclear:
    """A page of what this person finds, with what they typed as they may correct it.

    Rights are read anew each time, whatever page is asked for; a page behind the last is the first.
    """
    reader = Reader(session, query.workspace, query.person, now)
    typed = readable(reader, query.typed)
    wanted = read_words(reader, query.typed)
    if isinstance(wanted, Unclear):
        return wanted.having(typed)
    choices = read_choices(session, query.workspace)
    search = _search(query, wanted, choices, now)
    page = max(query.page, 0)
    places, total = find_places(session, search, page * PAGE, PAGE if page else MOST_CONSIDERED)
    if page and not places:
        page = 0
        places, total = find_places(session, search, 0, MOST_CONSIDERED)
    knowers = _knowers(session, query, places) if page == 0 else ()
    results = tuple(_results(session, search, places[:PAGE], choices))
    return Found(typed, results, total, page, PAGE, knowers, people_first=query.people_first)


def _search(query: Query, wanted: Wanted, choices: Choices, now: datetime) -> Search:
    return Search(
        query.workspace,
        query.person,
        tuple(wanted.terms),
        tuple(wanted.spaces),
        tuple(wanted.by),
        tuple(wanted.kinds),
        tuple(wanted.subjects),
        wanted.since,
        now - FREE_PLAN if choices.free_plan else None,
    )


def _knowers(session: Session, query: Query, places: Sequence[Place]) -> tuple[Knower, ...]:
    most = KNOWERS_IN_WHO if query.people_first else KNOWERS_IN_FIND
    evidence = find_evidence(session, query.workspace, places, most)
    return tuple(
        Knower(e.person, e.contributions, e.answers, e.replies, is_you=e.person == query.person)
        for e in evidence
    )


@dataclass(frozen=True, slots=True)
class _Shelf:
    """Everything stored about the results of one page, by place."""

    messages: dict[tuple[str, str], Message]
    contributions: dict[tuple[str, str], Contribution]
    questions: dict[tuple[str, str | None], Question]
    discussions: dict[tuple[str, str], Discussion]
    names: dict[str, str]
    hidden: set[str]


def _results(session: Session, search: Search, places: Sequence[Place], choices: Choices) -> Iterable[Result]:
    if not places:
        return
    shelf = _take_down(session, search.workspace, places)
    url = get_workspace(session, search.workspace).url
    for place in places:
        yield _result(shelf, place, search.terms, choices, url)


def _take_down(session: Session, workspace: str, places: Sequence[Place]) -> _Shelf:
    at = [(place.channel, place.ts) for place in places]
    found = find_messages(session, workspace, [*at, *((place.channel, place.hit) for place in places)])
    given = [c for c in find_contributions(session, workspace, at) if c.state == ContributionState.KEPT]
    asked = [q for q in find_questions(session, workspace, at) if not q.withdrawn]
    people = {message.author for message in found if message.author}
    people |= {c.author for c in given} | {q.asker for q in asked}
    people |= {person for message in found for person in _MENTION.findall(message.text)}
    return _Shelf(
        {(m.channel, m.ts): m for m in found},
        {(c.channel, c.ts): c for c in given if c.ts is not None},
        {(q.channel, q.ts): q for q in asked},
        {(d.channel, d.ts): d for d in find_threads(session, workspace, at)},
        names_of(session, workspace, people),
        find_left_out(session, workspace, people),
    )


def _result(shelf: _Shelf, place: Place, terms: Sequence[Term], choices: Choices, url: str) -> Result:
    key = (place.channel, place.ts)
    hit = shelf.messages[place.channel, place.hit]
    first = shelf.messages.get(key)
    given, asked, discussed = (
        shelf.contributions.get(key),
        shelf.questions.get(key),
        shelf.discussions.get(key),
    )
    author = _author(shelf, first, given, asked)
    # The first message may have been deleted, or its author left out: then the reply stands for the thread.
    shown = first if first is not None and not first.deleted and author is not None else hit
    text = unmarked(plain(_own_words(shown, given, asked) if shown is first else shown.text, shelf.names))
    # What the app posted for a form begins with who says it; the form's own words say it once.
    words = (unmarked(plain(hit.text, shelf.names)) if hit is not shown else "") or text
    said_by = None if hit is shown else hit.author
    title = _title(given, text, words, choices)
    return Result(
        title=title,
        kind=given.kind if given else QUESTION if asked else DISCUSSION,
        is_answered=asked is not None and asked.answer_ts is not None,
        author=shelf.names.get((author if shown is first else hit.author) or ""),
        channel=place.channel,
        ts=shown.ts,
        link_ts=hit.ts,
        thread_ts=hit.thread_ts,
        workspace_url=url,
        replies=discussed.replies if discussed else 0,
        said_by=shelf.names.get(said_by or ""),
        words=() if hit is shown and _says_all(title, words, choices) else _words(given, text, words, terms),
    )


def _own_words(first: Message, given: Contribution | None, asked: Question | None) -> str:
    """What somebody wrote: into the form, else the message itself; what the app posted for them is not theirs."""
    typed = (given.text if given else "") or (asked.text if asked else "")
    posted_for_them = given is not None and given.form is not None and first.author != given.author
    return typed if typed or posted_for_them else first.text


def _says_all(title: str, words: str, choices: Choices) -> bool:
    """Whether a short post is its own title, so that showing it below says the same thing twice."""
    return _without_tag(words, choices) == title


def _author(
    shelf: _Shelf, first: Message | None, given: Contribution | None, asked: Question | None
) -> str | None:
    """Whose result it is: a form's words were posted by the app and are the person's; nobody who is left out."""
    author = given.author if given else asked.asker if asked else first.author if first else None
    return None if author in shelf.hidden else author


def _words(given: Contribution | None, text: str, words: str, terms: Sequence[Term]) -> tuple[Piece, ...]:
    """The lines to show: of the message that matched, else of the form where the match was."""
    found = excerpt(words, terms)
    if given is None or any(piece.bold for piece in found):
        return found
    # Without words of its own the title above says it all.
    form = excerpt(f"{given.title} {text} {given.challenge}" if text else given.challenge, terms)
    return form if any(piece.bold for piece in form) else found


def _title(given: Contribution | None, text: str, words: str, choices: Choices) -> str:
    title = unmarked(given.title) if given is not None and given.title else text or words
    return first_line(_without_tag(first_line(title, TITLE), choices), TITLE)


def _without_tag(line: str, choices: Choices) -> str:
    tags = {*choices.tags, choices.ask_tag}
    words = line.split()
    while len(words) > 1 and _is_tag(words[0], tags):
        words = words[1:]
    while len(words) > 1 and _is_tag(words[-1], tags):
        words = words[:-1]
    return " ".join(words)


def _is_tag(word: str, tags: set[str]) -> bool:
    return word.startswith("#") and word.strip("#.,:;!?").lower() in tags
