"""The direct messages that entries are made of: their words, sealed; one by one, or as an entry."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime

from bot.blocks.kit import plain
from bot.incoming import DirectChange, DirectMessage
from bot.rules import journal
from bot.slack_ts import instant_of
from storage import journal as stored
from storage.check_ins import Prompt
from storage.journal import Entry, EntryPart, PartState, Way
from storage.people import names_of
from storage.sealing import seal, unseal
from storage.session import Session

FILE_NOTE = "(with {files}, in Slack)"
ONE_FILE, FILES = "a file", "{number} files"
_PERSON = re.compile(r"<@([UW][A-Z0-9]+)")


def words_in(session: Session, fact: DirectMessage | DirectChange) -> str:
    """What the person wrote as plain text, people by name; that there were files is a word about them."""
    names = names_of(session, fact.workspace, set(_PERSON.findall(fact.text)))
    words = seen(plain(fact.text, names))
    if not fact.files:
        return words
    number = len(fact.files)
    note = FILE_NOTE.format(files=ONE_FILE if number == 1 else FILES.format(number=number))
    return f"{words}\n{note}".strip()


def seen(words: str) -> str:
    """The words without what stands around them; nothing, when there is nothing among them that can be seen."""
    return words.strip() if any(unicodedata.category(letter)[0] not in "CZ" for letter in words) else ""


def part_of(
    session: Session,
    workspace: str,
    place: tuple[str, str],
    person: str | None,
    words: str,
    state: PartState,
    *,
    root: str | None = None,
    version: str | None = None,
) -> EntryPart:
    """Note a direct message that may belong to the journal, with its words sealed; one that is known is changed."""
    sealed = seal(session, workspace, words) if words else ""
    part = stored.find_part(session, workspace, *place)
    if part is None:
        part = EntryPart(workspace=workspace, channel=place[0], ts=place[1], sealed=sealed)
        session.add(part)
    part.person, part.root, part.state = person or part.person, root or part.root, state.value
    part.sealed = sealed
    part.changed_ts = version or part.changed_ts
    session.flush()
    return part


def entry_of(
    session: Session, parts: Sequence[EntryPart], prompt: Prompt | None, way: Way, now: datetime
) -> Entry:
    """Make one entry of these messages, which are in the order in which they were written."""
    first = parts[0]
    words = "\n".join(unseal(session, first.workspace, part.sealed) for part in parts)
    entry = journal.record_answer(session, first.workspace, first.person or "", prompt, words, way, now)
    entry.written_at = instant_of(first.ts)
    for part in parts:
        part.entry, part.state = entry.id, PartState.KEPT.value
    session.flush()
    return entry
