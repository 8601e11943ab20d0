"""Full-text search over what was posted and contributed: FTS5 on SQLite, tsvector on PostgreSQL, one meaning.

The indexes follow the tables by triggers (SQLite) or as generated columns (PostgreSQL), made in migrations,
so no path of the code can forget them. Both see a text as runs of letters and digits, without case and the
accents of Latin letters. Scripts without spaces between words (Chinese, Japanese, Thai) make a whole phrase
such a run, so there only the beginning of a phrase is found.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Select, String, column, func, literal, literal_column, select, table
from sqlalchemy.orm import Session

from storage.contributions import Contribution, ContributionState
from storage.messages import Message

MOST_TERMS = 20
LONGEST_WORD = 500  # PostgreSQL indexes no word above 2,046 bytes
_RUN = re.compile(r"[^\W_]+")
_ACCENT = re.compile("([A-Za-z])[\u0300-\u036f]+")
_MESSAGES = table("message_search", column("rowid"), column("rank"))
_CONTRIBUTIONS = table("contribution_search", column("rowid"), column("rank"))


@dataclass(frozen=True, slots=True)
class Term:
    """Words that stand next to each other; unless `exact`, the last may go on."""

    words: tuple[str, ...]
    exact: bool = False


def fold(text: str) -> str:
    """The text as both indexes see it: lower case, Latin letters without their accents."""
    bare = _ACCENT.sub(r"\1", unicodedata.normalize("NFD", text))
    return unicodedata.normalize("NFC", bare).lower()


def read_term(piece: str, *, exact: bool = False) -> Term | None:
    """One piece of what somebody typed (`List.map`, `pre-commit`); None when it holds no letter or digit."""
    words = tuple(word[:LONGEST_WORD] for word in _RUN.findall(fold(piece)))
    return Term(words, exact) if words else None


def matching_messages(session: Session, terms: Sequence[Term]) -> Select[int, float]:
    """`id` and `rank` (smaller is better) of the messages that match by their or their contribution's words.

    A message may come twice. It holds every term; who may see it is decided by storage.library.
    """
    return _sqlite(terms) if session.get_bind().dialect.name == "sqlite" else _postgresql(terms)


def _sqlite(terms: Sequence[Term]) -> Select[int, float]:
    query = literal(" AND ".join(map(_fts5, _used(terms))), String)
    said = select(_MESSAGES.c.rowid.label("id"), _MESSAGES.c.rank.label("rank")).where(
        literal_column("message_search").op("MATCH")(query)
    )
    given = (
        select(Message.id, _CONTRIBUTIONS.c.rank)
        .select_from(_CONTRIBUTIONS)
        .join(Contribution, Contribution.id == _CONTRIBUTIONS.c.rowid)
        .join(Message, _same_place())
        .where(literal_column("contribution_search").op("MATCH")(query), _stands())
    )
    return _named(said, given)


def _postgresql(terms: Sequence[Term]) -> Select[int, float]:
    query = func.to_tsquery("simple", " & ".join(map(_tsquery, _used(terms))))
    ours: ColumnElement[str] = literal_column("messages.search")
    theirs: ColumnElement[str] = literal_column("contributions.search")
    said = select(Message.id, (-func.ts_rank(ours, query)).label("rank")).where(ours.op("@@")(query))
    given = (
        select(Message.id, -func.ts_rank(theirs, query))
        .join(Contribution, _same_place())
        .where(theirs.op("@@")(query), _stands())
    )
    return _named(said, given)


def _named(said: Select[int, float], given: Select[int, float]) -> Select[int, float]:
    both = said.union_all(given).subquery("matching")
    return select(both.c[0].label("id"), both.c[1].label("rank"))


def _stands() -> ColumnElement[bool]:
    """What was withdrawn is not found by its words either."""
    return Contribution.state == ContributionState.KEPT


def _same_place() -> ColumnElement[bool]:
    return (
        (Message.workspace == Contribution.workspace)
        & (Message.channel == Contribution.channel)
        & (Message.ts == Contribution.ts)
    )


def _used(terms: Iterable[Term]) -> list[Term]:
    """The first terms, each once: more of them cost time and hardly ever find more."""
    return list(dict.fromkeys(terms))[:MOST_TERMS]


def _fts5(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + ("" if term.exact else "*")


def _tsquery(term: Term) -> str:
    quoted = [f"'{word}'" for word in term.words]
    return "(" + " <-> ".join(quoted) + (")" if term.exact else ":*)")
