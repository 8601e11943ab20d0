"""The pages of the journal: one's own entries, one entry, what others shared; and what is said about them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.blocks import kit
from bot.blocks.typed import one_line, typed
from bot.ids import ActionId, ModalId

JOURNAL, ENTRY, SHARED = "My journal", "My journal", "Shared with me"
CLOSE, SEARCH = "Close", "Search"
WORDS = "words"
WRITE_BUTTON, EXPORT_BUTTON, SHARED_BUTTON = "Write", "Export", "Shared with me"
WEEKLY_ON, WEEKLY_OFF = "Start a weekly reflection", "End the weekly reflection"
OPEN, MORE, BACK, READ = "Open", "More", "Back", "Read"
EDIT_BUTTON, SIGHT_BUTTON, INSIGHT_BUTTON, DELETE_BUTTON = "Edit", "Who sees it", "Share as insight", "Delete"

SEARCH_LABEL, SEARCH_HINT = "Search", "Words that you wrote. Accents and capitals make no difference."
ALL_PROGRAMMES = "Everything I wrote"
ONLY_MINE = "Everything here is encrypted. Only you see an entry, unless you choose otherwise for it."
EMPTY = (
    "Nothing yet. Write a line about what you learned today, what surprised you, or what you want to try. It stays"
    " yours: encrypted, and seen by nobody else unless you choose so."
)
NOTHING_YET = "Nothing yet: this would be the first thing you write about it."
OPEN_FIRST = "*Open* an entry below: there you can edit it, delete it, and say who sees it."
NOTHING_FOUND = "None of your entries has these words. Fewer words may find more."
COUNT = "{first}–{last} of {total}"
ONE_ENTRY, ENTRIES = "1 entry", "{total} entries"
UNREADABLE = (
    "This entry cannot be opened: it was sealed with a key that I do not have. Whoever runs me can mend that."
)
DELETED = "Deleted. I keep none of its words."
FROM = "From *{name}*'s journal"
FOR_YOU = "{name} chose to show you this. It is not for passing on."
NOTHING_SHARED = "Nobody shares an entry with you at the moment."
NEW = "🔹 new"
DELETE_ASK, DELETE_TEXT, DELETE_YES = "Delete this entry?", "Its words cannot be brought back.", "Delete"
EXPORT_SENT = (
    "Your journal comes to our direct messages in a moment, as one file to read and one for other programs. Nobody else"
    " gets them."
)
EXPORT_EMPTY = "There is nothing to export yet."
EXPORT_COMMENT = "Your journal, as you asked. Delete these files here once you have saved them."
WEEKLY_IS_ON = (
    "Done: once a week, at your hour at the end of your working week, I ask you one question. It rests in weeks with a"
    " check-in."
)
WEEKLY_IS_OFF = "Done: no weekly question any more. Your journal stays as it is."
PIECE = 2_800  # characters of an entry in one block; Slack takes 3,000 once escaped
PIECES = 6  # in one page of an entry: a view holds 250,000 bytes
PREVIEW = 220


@dataclass(frozen=True, slots=True)
class Row:
    """One entry in a list; `about` is its programme or whose it is, in plain words."""

    entry: int
    at: datetime
    about: str
    preview: str | None  # None: it cannot be opened
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a journal, newest first; `page` counts from 0."""

    rows: Sequence[Row]
    total: int
    page: int
    page_size: int
    programmes: Sequence[str]
    programme: str
    typed: str
    reflects: bool


@dataclass(frozen=True, slots=True)
class Reading:
    """One entry as somebody may read it now; `name` is whose it is when it is not their own."""

    entry: int
    at: datetime
    about: str
    question: str
    words: str | None
    page: int
    readers: Sequence[str]
    name: str | None = None


def pieces(words: str) -> list[str]:
    """The words in pieces that a block takes, cut between lines or words where that is possible."""
    found = []
    while words:
        size = PIECE
        while len(kit.escape(words[:size])) > PIECE:
            size //= 2
        cut = len(words) if len(words) <= size else _between(words, size)
        found.append(words[:cut])
        words = words[cut:]
    return found


def _between(words: str, size: int) -> int:
    cut = max(words.rfind("\n", 0, size), words.rfind(" ", 0, size)) + 1
    return cut if cut > size // 2 else size


def journal(page: Page, notice: str = "") -> kit.Modal:
    """A page of somebody's own journal."""
    search = kit.text_input(
        SEARCH_LABEL, WORDS, WORDS, page.typed or None, optional=True, hint=SEARCH_HINT, max_length=200
    )
    blocks = [kit.section(notice)] if notice else []
    blocks += [_tools(page), search]
    for row in page.rows:
        blocks += _row(row, kit.button(OPEN, ActionId.OPEN_ENTRY, value=str(row.entry)))
    if not page.rows:
        blocks.append(kit.section(NOTHING_FOUND if page.typed or page.programme else EMPTY))
    blocks += [*_pages(page), kit.context(ONLY_MINE)]
    return kit.Modal(ModalId.JOURNAL, JOURNAL, blocks, submit=SEARCH, close=CLOSE)


def shared_with_me(rows: Sequence[Row]) -> kit.Modal:
    """What colleagues share with somebody: whose, when, and a button; no words."""
    blocks = [kit.section(NOTHING_SHARED)] if not rows else []
    for row in rows:
        text = f"*{kit.escape(row.about)}* · {_date(row.at)}" + (f" · {NEW}" if row.is_new else "")
        blocks.append(kit.section(text, kit.button(READ, ActionId.READ_ENTRY, value=str(row.entry))))
    return kit.Modal("shared_with_me", SHARED, blocks, close=CLOSE)


def entry(reading: Reading, under: str = "") -> kit.Modal:
    """One entry, to whoever may read it; `under` is the list that it was opened from."""
    own = reading.name is None
    blocks = [kit.context(_about(reading))]
    if reading.question:
        blocks.append(kit.section(kit.quote(typed(reading.question, 1_000))))
    shown = pieces(reading.words)[reading.page * PIECES :][:PIECES] if reading.words else []
    blocks += [kit.section(kit.escape(piece)) for piece in shown]
    if reading.words is None:
        blocks.append(kit.section(UNREADABLE))
    blocks += _turn(reading)
    blocks += (
        _own_part(reading) if own else [kit.context(FOR_YOU.format(name=kit.escape(reading.name or "")))]
    )
    remembered = {"entry": reading.entry, "under": under}
    return kit.Modal("entry", ENTRY if own else SHARED, blocks, close=CLOSE, private_metadata=remembered)


def _tools(page: Page) -> kit.Block:
    tools = [
        kit.button(WRITE_BUTTON, ActionId.WRITE_ENTRY, style="primary"),
        kit.button(SHARED_BUTTON, ActionId.SHARED_WITH_ME),
        kit.button(EXPORT_BUTTON, ActionId.EXPORT_JOURNAL),
        _weekly(page.reflects),
    ]
    if page.programmes:
        options = [kit.option(ALL_PROGRAMMES, "-"), *(kit.option(name, name) for name in page.programmes)]
        menu = kit.select(
            ALL_PROGRAMMES, "unused", ActionId.JOURNAL_PROGRAMME, options, initial=page.programme or "-"
        )
        tools.append(kit.control(menu))
    return kit.actions("tools", *tools)


def _weekly(is_on: bool) -> kit.Block:
    says, wanted = (WEEKLY_OFF, "off") if is_on else (WEEKLY_ON, "on")
    return kit.button(says, ActionId.SWITCH_REFLECTION, value=wanted)


def _row(row: Row, button: kit.Block) -> list[kit.Block]:
    about = f" · {kit.escape(row.about)}" if row.about else ""
    preview = kit.escape(one_line(row.preview, PREVIEW)) if row.preview is not None else UNREADABLE
    return [kit.divider(), kit.section(f"*{_date(row.at)}*{about}\n{preview}", button)]


def _pages(page: Page) -> list[kit.Block]:
    if page.total <= page.page_size:
        total = ONE_ENTRY if page.total == 1 else ENTRIES.format(total=page.total)
        return [kit.context(total)] if page.total else []
    first = page.page * page.page_size + 1
    count = COUNT.format(first=first, last=first + len(page.rows) - 1, total=page.total)
    buttons = []
    if page.page:
        buttons.append(kit.button(BACK, ActionId.JOURNAL_PAGE, value=str(page.page - 1)))
    rows = [kit.actions("back", *buttons)] if buttons else []
    if first + page.page_size <= page.total:
        more = kit.button(MORE, ActionId.JOURNAL_PAGE, value=str(page.page + 1))
        rows.append(kit.actions("more", more))
    return [kit.context(count), *rows]


def _turn(reading: Reading) -> list[kit.Block]:
    """Back and More within a long entry."""
    number = len(pieces(reading.words or ""))
    rows = []
    if reading.page:
        rows.append(kit.actions("back", _turn_to(BACK, reading.page - 1)))
    if (reading.page + 1) * PIECES < number:
        rows.append(kit.actions("more", _turn_to(MORE, reading.page + 1)))
    return rows


def _turn_to(words: str, page: int) -> kit.Block:
    return kit.button(words, ActionId.MORE_OF_ENTRY, value=str(page))


def _own_part(reading: Reading) -> list[kit.Block]:
    seen = "; ".join(reading.readers)
    value = str(reading.entry)
    ask = kit.confirm(DELETE_ASK, DELETE_TEXT, DELETE_YES, style="danger")
    row = kit.actions(
        "entry",
        kit.button(EDIT_BUTTON, ActionId.EDIT_ENTRY, value=value),
        kit.button(SIGHT_BUTTON, ActionId.WHO_SEES_IT, value=value),
        kit.button(INSIGHT_BUTTON, ActionId.ENTRY_AS_INSIGHT, value=value),
        kit.button(DELETE_BUTTON, ActionId.DELETE_ENTRY, value=value, style="danger", confirm=ask),
    )
    shown = f"Besides you, it can be read by: {seen}." if seen else "Only you see it."
    return [kit.divider(), kit.context(shown), row]


def _about(reading: Reading) -> str:
    of = f" · {kit.escape(reading.about)}" if reading.about else ""
    whose = f"{FROM.format(name=kit.escape(reading.name))} · " if reading.name is not None else ""
    return f"{whose}{_date(reading.at)}{of}"


def _date(at: datetime) -> str:
    return kit.date_token(at, "{date_long}", f"{at:%Y-%m-%d}")
