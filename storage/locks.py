"""Locks on PostgreSQL: whatever two transactions may both settle, they take one after the other."""

from collections.abc import Iterable

from sqlalchemy import TextClause, select, text

from storage.session import Session

# One order for everybody, taken before anything is read: else a message and a reaction to it, in two
# transactions, would each miss the other.
_LOCK = text(
    "SELECT pg_advisory_xact_lock(k) FROM (SELECT hashtextextended(x, 0) AS k"
    " FROM unnest(CAST(:subjects AS text[])) AS x ORDER BY 1) AS s"
)
_LOCK_FREE = text(
    "SELECT x FROM unnest(CAST(:subjects AS text[])) AS x"
    " WHERE pg_try_advisory_xact_lock(hashtextextended(x, 0))"
)

_IDS = text("SELECT pg_advisory_xact_lock_shared(hashtextextended(:ids, 0))")
_CHANGE_IDS = text("SELECT pg_advisory_xact_lock(hashtextextended(:ids, 0))")


def lock(session: Session, subjects: Iterable[str]) -> None:
    """Hold these subjects (`workspace/channel/ts` or `kind/id`) until the transaction ends; SQLite has one writer."""
    wanted = sorted(set(subjects))
    if wanted and session.get_bind().dialect.name == "postgresql":
        session.execute(_LOCK, {"subjects": wanted})


def lock_free(session: Session, subjects: Iterable[str]) -> set[str]:
    """Hold those of these subjects that nobody else holds, without waiting, and say which."""
    wanted = sorted(set(subjects))
    if not wanted or session.get_bind().dialect.name != "postgresql":
        return set(wanted)
    return set(session.scalars(_LOCK_FREE, {"subjects": wanted}))


def hold_ids(session: Session, workspace: str) -> None:
    """No space of this workspace gets another id until the transaction ends; many may hold this together."""
    _on_ids(session, workspace, _IDS)


def change_ids(session: Session, workspace: str) -> None:
    """Wait until nobody else holds the ids of this workspace's spaces, and keep them until the transaction ends."""
    _on_ids(session, workspace, _CHANGE_IDS)


def _on_ids(session: Session, workspace: str, statement: TextClause) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(statement, {"ids": f"{workspace}/ids"})


def answers(session: Session) -> bool:
    """Whether the database answers at all; raises what it raises when not."""
    return session.scalar(select(1)) == 1
