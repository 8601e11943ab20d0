"""How finding looks and what it says: the form with the words, the people who know, and the results."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256

from bot.blocks import kit
from bot.blocks.library_unclear import KINDS, Unclear, sentence
from bot.ids import ActionId, ModalId

FIND_TITLE, WHO_TITLE = "Find", "Who knows"
SEARCH, CLOSE = "Search", "Close"
MORE, BACK = "More", "Back"
LABEL = "What are you looking for?"
HINT = (
    "Words, or a “phrase in quotes”. Narrow it with in:#space by:@person kind:solution subject:git since:2026-01, "
    "in any order."
)
BEGIN = "Search what colleagues shared and discussed, in every space that you can open."
PEOPLE_WHO_KNOW = "*People who know*"
NOBODY = "Nobody has shared or answered anything on this yet, as far as you can see."
YOU = "that's you"
NOTHING = (
    "Nothing on this yet, in the spaces that you can open. Fewer or other words may help; or ask a space with "
    "`/learn ask`, and the next person will find the answer here."
)
RANGE = "{first}–{last} of {count}"
BEST_FIRST = "best first"
SOMEBODY = "a colleague"
UNTITLED = "(without words)"
ANSWERED = ":ballot_box_with_check: answered"
BY_LINE = "{kind} · {who} in {where} · {when}"
SAID_BY = "{who}: "
WORDS = "words"  # the block that one types into
MOST_TYPED = 3_000
# Signs that Slack reads as markup, as ones that look the same.
_AS_PLAIN = str.maketrans({"*": "∗", "`": "'", "~": "∼"})


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of plain text, bold where it matches."""

    text: str
    bold: bool = False


@dataclass(frozen=True, slots=True)
class Result:
    """One contribution or thread; `link_ts` is the message that matched, texts are plain."""

    title: str
    kind: str
    is_answered: bool
    author: str | None
    channel: str
    ts: str
    link_ts: str
    thread_ts: str | None
    workspace_url: str
    replies: int
    said_by: str | None
    words: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Knower:
    """Somebody who may know, and what shows it."""

    person: str
    contributions: int
    answers: int
    replies: int
    is_you: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """One page of a search; `page` counts from 0."""

    typed: str
    results: tuple[Result, ...]
    total: int
    page: int
    page_size: int
    knowers: tuple[Knower, ...] = ()
    people_first: bool = False


def mark(typed: str) -> str:
    """A short sign of what was searched, by which a page knows whether the words changed since."""
    return sha256(typed[:MOST_TYPED].strip().encode("utf-8", "replace")).hexdigest()[:16]


def blank(*, people_first: bool) -> kit.Modal:
    """The form before anything was typed."""
    return _modal("", [kit.context(BEGIN)], people_first=people_first)


def unclear_form(unclear: Unclear, *, people_first: bool) -> kit.Modal:
    """The form with what was typed and what is wrong with it."""
    complaint = kit.section(f":warning: {kit.escape(sentence(unclear))}")
    return _modal(unclear.typed, [complaint], people_first=people_first)


def found_form(found: Found) -> kit.Modal:
    """The form with a page of results below the words."""
    people = _people(found)
    summary = [kit.context(_summary(found))] if found.results else [kit.section(NOTHING)]
    body = [*people, *summary] if found.people_first else [*summary, *people]
    for result in found.results:
        body += [kit.divider(), *_result(result)]
    return _modal(found.typed, [*body, *_pages(found)], people_first=found.people_first)


def _modal(typed: str, body: Sequence[kit.Block], *, people_first: bool) -> kit.Modal:
    field = kit.text_input(
        LABEL, WORDS, WORDS, typed or None, optional=True, hint=HINT, max_length=MOST_TYPED
    )
    remembered = {"who": people_first, "about": mark(typed)}
    title = WHO_TITLE if people_first else FIND_TITLE
    return kit.Modal(ModalId.FIND, title, [field, *body], SEARCH, CLOSE, remembered)


def _summary(found: Found) -> str:
    count = _count(found.total, "result")
    first = found.page * found.page_size + 1
    if found.total <= found.page_size:
        return f"{count}, {BEST_FIRST}"
    return RANGE.format(first=first, last=first + len(found.results) - 1, count=count)


def _people(found: Found) -> list[kit.Block]:
    if not found.knowers:
        return [kit.context(NOBODY)] if found.people_first and found.page == 0 else []
    lines = [f"{kit.mention(knower.person)} · {_evidence(knower)}" for knower in found.knowers]
    return [kit.section("\n".join([PEOPLE_WHO_KNOW, *lines]))]


def _evidence(knower: Knower) -> str:
    shown = []
    if knower.contributions:
        shown.append(_count(knower.contributions, "contribution"))
    if knower.answers:
        shown.append(f"{_count(knower.answers, 'answer')} accepted")
    if knower.replies:
        shown.append(_count(knower.replies, "reply", "replies"))
    return ", ".join(shown) + (f" ({YOU})" if knower.is_you else "")


def _result(result: Result) -> list[kit.Block]:
    line = BY_LINE.format(
        kind=KINDS.get(result.kind, result.kind.capitalize()),
        who=kit.escape(result.author or SOMEBODY),
        where=f"<#{result.channel}>",
        when=_day(result.ts),
    )
    extras = [ANSWERED] if result.is_answered else []
    if result.replies:
        extras.append(_count(result.replies, "reply", "replies"))
    words = _words(result)
    text = _title(result) + (f"\n{words}" if words else "")
    return [kit.section(text), kit.context(" · ".join([line, *extras]))]


def _title(result: Result) -> str:
    title = result.title.translate(_AS_PLAIN) or UNTITLED
    if not result.workspace_url:
        return f"*{kit.escape(title)}*"
    url = kit.permalink(result.workspace_url, result.channel, result.link_ts, result.thread_ts)
    return f"*{kit.link(url, title)}*"


def _words(result: Result) -> str:
    """The lines below the title, unless they only say it again."""
    plain = "".join(piece.text for piece in result.words).strip()
    if plain == result.title and result.said_by is None and not any(p.bold for p in result.words):
        return ""
    shown = "".join(
        f"*{_harmless(piece.text)}*" if piece.bold else _harmless(piece.text) for piece in result.words
    )
    who = SAID_BY.format(who=kit.escape(result.said_by)) if result.said_by else ""
    return kit.quote(who + shown) if shown.strip() else ""


def _harmless(text: str) -> str:
    return kit.escape(text.translate(_AS_PLAIN))


def _day(ts: str) -> str:
    at = datetime.fromtimestamp(int(ts.partition(".")[0]), UTC)
    return kit.date_token(at, "{date_short}", f"{at:%Y-%m-%d}")


def _pages(found: Found) -> list[kit.Block]:
    buttons = []
    if found.page > 0:
        buttons.append(kit.button(BACK, ActionId.FIND_BACK, value=str(found.page - 1)))
    if (found.page + 1) * found.page_size < found.total:
        buttons.append(kit.button(MORE, ActionId.FIND_MORE, value=str(found.page + 1)))
    return [kit.actions("pages", *buttons)] if buttons else []


def _count(number: int, one: str, several: str | None = None) -> str:
    return f"{number:,} {one if number == 1 else several or one + 's'}"
