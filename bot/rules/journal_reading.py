"""Reading journals: one's own in pages, by words and by programme; what others share; as files to keep."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson

from bot.blocks import journal as cards
from bot.blocks import journal_home as home
from bot.blocks import journal_views as blocks
from bot.blocks.journal_views import Page, Reading, Row
from bot.blocks.kit import Block
from bot.blocks.notes import NoteLine
from bot.errors import CannotDecrypt
from bot.rules import journal, journal_sharing, journal_sight
from bot.rules.journal import Act, may_read, words_of
from bot.rules.naming import name_of
from bot.rules.preferences import read_preferences
from storage import journal as stored
from storage import journal_people, outbox
from storage.inbox import heard_before
from storage.journal import Entry
from storage.people import find_person
from storage.session import Session

PAGE_SIZE = 6
MOST_SHARED = 40
LONGEST_TITLE = 70  # of a programme, as a choice in a menu
RENDER_NAME = "journal_export"
FORMATS = ("md", "json")


@dataclass(frozen=True, slots=True)
class Query:
    """What somebody wants to see of their own journal."""

    workspace: str
    person: str
    typed: str = ""
    programme: str = ""
    page: int = 0


@dataclass(frozen=True, slots=True)
class Export:
    """Somebody wants their journal as files; `key` makes the wish one of a kind."""

    workspace: str
    person: str
    key: str


def read_journal(session: Session, query: Query) -> Page:
    """A page of this person's own journal, the newest first; only their own entries are opened for it."""
    entries = stored.find_entries(session, query.workspace, query.person)
    about = _about(session, query.workspace, entries)
    titles = {prompt: title for prompt, (title, _) in about.items()}
    programmes = sorted({title for title in titles.values() if title})
    wanted = [one for one in entries if not query.programme or _title(titles, one) == query.programme]
    if query.typed:
        wanted = list(_matching(session, wanted, query.typed))
    last = max(0, (len(wanted) - 1) // PAGE_SIZE)
    page = min(max(0, query.page), last)
    shown = wanted[page * PAGE_SIZE :][:PAGE_SIZE]
    rows = [Row(one.id, one.written_at, _title(titles, one), _open(session, one)) for one in shown]
    reflects = read_preferences(session, query.workspace, query.person).reflection
    return Page(rows, len(wanted), page, PAGE_SIZE, programmes, query.programme, query.typed, reflects)


def look(session: Session, act: Act, now: datetime) -> Reading | None:
    """One entry for somebody who wants to read it now; None when they may not.

    That somebody else read it is noted. Whoever may not any more finds that on their card, too.
    """
    entry = stored.find_entry(session, act.workspace, act.entry)
    if entry is None:
        return None
    if not may_read(session, entry, act.person):
        journal_sharing.tell_readers(session, entry, [act.person], now)
        return None
    if entry.person != act.person:
        stored.add_look(session, act.workspace, entry.id, act.person, now)
    return _reading(session, entry, act.person, act.page)


def look_at_last(session: Session, act: Act, now: datetime) -> Reading | None:
    """What somebody wrote last about the same programme as the prompt `act.entry`; None when nothing."""
    del now
    prompt = journal.find_own_prompt(session, act.workspace, act.person, act.entry)
    entry = prompt and journal.last_entry(session, act.workspace, act.person, prompt.enrolment)
    return _reading(session, entry, act.person, 0) if entry else None


def shared_with(session: Session, workspace: str, person: str) -> list[Row]:
    """What others share with this person now, the latest first; none of the words."""
    cohorts = journal_people.find_cohorts(session, workspace, person)
    found = stored.find_shared_with(session, workspace, person, cohorts)
    return [
        Row(
            one.id,
            one.written_at,
            name_of(session, workspace, one.person),
            None,
            not stored.has_looked(session, one.id, person),
        )
        for one in found
        if may_read(session, one, person)
    ][:MOST_SHARED]


def note_lines(session: Session, workspace: str, person: str, now: datetime) -> list[NoteLine]:
    """For the morning note: who shared something with this person's cohort that they have not read."""
    del now
    names = list(dict.fromkeys(row.about for row in shared_with(session, workspace, person) if row.is_new))
    return [NoteLine(cards.cohort_line(names[:3], more=len(names) > len(names[:3])))] if names else []


def home_blocks(session: Session, workspace: str, person: str, now: datetime) -> list[Block]:
    """The journal on Home."""
    del now
    unread = sum(row.is_new for row in shared_with(session, workspace, person))
    return home.home(stored.count_entries(session, workspace, person), unread)


def export(session: Session, wish: Export, now: datetime) -> bool:
    """Send the person their journal as two files; False when it is empty. The letters hold none of its words."""
    if not stored.count_entries(session, wish.workspace, wish.person):
        return False
    if heard_before(session, wish.workspace, wish.key, now):
        return True
    known = find_person(session, wish.workspace, wish.person)
    for kind in FORMATS:
        name = f"my-journal-{now:%Y-%m-%d}.{kind}"
        payload = {"render": RENDER_NAME, "format": kind, "filename": name, "title": name}
        if kind == FORMATS[0]:
            payload["initial_comment"] = blocks.EXPORT_COMMENT
        letter = outbox.post_to_person(
            wish.workspace,
            wish.person,
            payload,
            dm=known.dm if known else None,
            method="files.upload",
            once=f"journal_export:{wish.key}:{kind}"[:255],
        )
        outbox.enqueue(session, letter, now)
    return True


def render_export(session: Session, workspace: str, person: str, payload: Mapping[str, Any]) -> str:
    """The file itself, written when it is sent: this person's own entries, the oldest first."""
    entries = stored.find_entries(session, workspace, person)[::-1]
    about = _about(session, workspace, entries)
    made = [_exported(session, entry, about) for entry in entries]
    if payload.get("format") == "json":
        return orjson.dumps(made, option=orjson.OPT_INDENT_2).decode() + "\n"
    return "\n".join(["# My journal", *(_as_markdown(one) for one in made)]) + "\n"


def fold(words: str) -> str:
    """The words for comparing: no accents, no capitals."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))


def _matching(session: Session, entries: Sequence[Entry], typed: str) -> Iterator[Entry]:
    wanted = fold(typed).split()
    for entry in entries:
        words = fold(_open(session, entry) or "")
        if all(word in words for word in wanted):
            yield entry


def _reading(session: Session, entry: Entry, reader: str, page: int) -> Reading:
    title, question = _about(session, entry.workspace, [entry]).get(entry.prompt or 0, ("", ""))
    own = entry.person == reader
    words = _open(session, entry)
    pages = len(blocks.pieces(words or "")) // blocks.PIECES
    return Reading(
        entry.id,
        entry.written_at,
        title,
        question,
        words,
        min(max(0, page), pages),
        journal_sight.reader_lines(session, entry) if own else (),
        None if own else name_of(session, entry.workspace, entry.person),
    )


def _open(session: Session, entry: Entry) -> str | None:
    try:
        return words_of(session, entry)
    except CannotDecrypt:
        return None


def _about(session: Session, workspace: str, entries: Sequence[Entry]) -> dict[int, tuple[str, str]]:
    prompts = sorted({one.prompt for one in entries if one.prompt is not None})
    found = journal_people.programme_titles(session, workspace, prompts)
    return {prompt: (title[:LONGEST_TITLE], question) for prompt, (title, question) in found.items()}


def _title(titles: Mapping[int, str], entry: Entry) -> str:
    return titles.get(entry.prompt or 0, "")


def _exported(session: Session, entry: Entry, about: Mapping[int, tuple[str, str]]) -> dict[str, str | None]:
    title, question = about.get(entry.prompt or 0, ("", ""))
    return {
        "written_at": entry.written_at.isoformat(),
        "changed_at": entry.changed_at.isoformat() if entry.changed_at else None,
        "programme": title or None,
        "question": question or None,
        "words": _open(session, entry),
    }


def _as_markdown(entry: Mapping[str, str | None]) -> str:
    day = (entry["written_at"] or "")[:10]
    title = f"## {day}" + (f", {entry['programme']}" if entry["programme"] else "")
    question = f"\n> {entry['question']}\n" if entry["question"] else ""
    return f"\n{title}\n{question}\n{entry['words'] if entry['words'] is not None else blocks.UNREADABLE}"
