"""What an error of a database means: try again at once, wait until the database is back, or a fault of our own."""

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

DatabaseError = SQLAlchemyError  # anything the database raises
DatabaseAway = OperationalError  # mostly that it is away; `is_away` tells exactly

# serialization failure, deadlock, lock not available, and a unique key that another writer inserted meanwhile
_PASSING_STATES = {"40001", "40P01", "55P03", "23505"}
_PASSING_WORDS = ("database is locked", "database table is locked", "database schema is locked")

# PostgreSQL's classes: connection, rollback for others' sake, resources, locks, an operator's hand, its own disk; and
# a server that only reads while another takes over.
_AWAY_CLASSES = ("08", "40", "53", "55", "57", "58")
_AWAY_STATES = {"25006"}
# SQLite's: busy, locked, no memory, read-only, interrupted, i/o error, full, cannot open, locking protocol
_AWAY_CODES = {5, 6, 7, 8, 9, 10, 13, 14, 15}


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the same transaction may succeed when run again at once."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in _PASSING_STATES or any(words in str(error.orig) for words in _PASSING_WORDS)


def is_away(error: BaseException) -> bool:
    """Whether the database is locked, full, or cannot be reached, so that no fact is to blame and all work later."""
    if not isinstance(error, DBAPIError):
        return False
    code = getattr(error.orig, "sqlite_errorcode", None)
    if code is not None:
        return (code & 0xFF) in _AWAY_CODES
    state = getattr(error.orig, "sqlstate", None)
    if state is not None:
        return state in _AWAY_STATES or state.startswith(_AWAY_CLASSES)
    # Without a state it never came to a statement: the connection was refused, or broke.
    return error.connection_invalidated or isinstance(error, OperationalError)
