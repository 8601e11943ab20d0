"""Locks on what a transaction may settle, taken in one order by everybody before anything is read."""

from collections.abc import Iterable

from sqlalchemy import text
from sqlalchemy.orm import Session

# Else a message and a reaction to it, in two transactions, would each miss the other.
_LOCK = text(
    "SELECT pg_advisory_xact_lock(k) FROM (SELECT hashtextextended(x, 0) AS k"
    " FROM unnest(CAST(:subjects AS text[])) AS x ORDER BY 1) AS s"
)


def lock_subjects(session: Session, subjects: Iterable[str]) -> None:
    """Hold these subjects until the transaction ends; SQLite has one writer and needs none of it."""
    wanted = sorted(set(subjects))
    if wanted and session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"subjects": wanted})
