"""Full-text search over what was posted: FTS5 on SQLite, tsvector on PostgreSQL, behind one function.

The index follows the table by triggers (SQLite) or as a generated column (PostgreSQL), both made in the first
migration, so no path of the code can forget it.
"""

import re
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

MOST_HITS = 2_000  # of one search, best first; what a person pages through is far less
_WORD = re.compile(r"\w+", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Hit:
    """A message that matches; a smaller `rank` is a better match."""

    channel: str
    ts: str
    thread_ts: str | None
    rank: float


_SQLITE = text(
    "SELECT m.channel, m.ts, m.thread_ts, s.rank FROM message_search s JOIN messages m ON m.id = s.rowid"
    " WHERE message_search MATCH :query AND m.workspace = :workspace AND NOT m.deleted"
    " ORDER BY s.rank, m.ts DESC LIMIT :most"
)
_POSTGRESQL = text(
    "SELECT channel, ts, thread_ts, -ts_rank(search, query) AS rank FROM messages,"
    " to_tsquery('simple', :query) AS query"
    " WHERE search @@ query AND workspace = :workspace AND NOT deleted"
    " ORDER BY rank, ts DESC LIMIT :most"
)


def search_messages(session: Session, workspace: str, words: str) -> list[Hit]:
    """The messages that hold every word (the beginning of a word is enough), best first.

    No words, no hits. What the searcher may see is decided by the caller: see rules.library.
    """
    terms = _WORD.findall(words)[:20]
    if not terms:
        return []
    sqlite = session.get_bind().dialect.name == "sqlite"
    query = (
        " ".join(f'"{term}"*' for term in terms) if sqlite else " & ".join(f"'{term}':*" for term in terms)
    )
    rows = session.execute(
        _SQLITE if sqlite else _POSTGRESQL, {"query": query, "workspace": workspace, "most": MOST_HITS}
    )
    return [Hit(*row) for row in rows]
