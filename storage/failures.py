"""Which errors of a database pass by themselves, so that a transaction is worth another try."""

from sqlalchemy.exc import DBAPIError, OperationalError, SQLAlchemyError

DatabaseError = SQLAlchemyError  # anything the database raises
DatabaseAway = OperationalError  # it is locked, full, or cannot be reached: the same may work later

# serialization failure, deadlock, lock not available, and a unique key that another writer inserted meanwhile
_PASSING_STATES = {"40001", "40P01", "55P03", "23505"}
_PASSING_WORDS = ("database is locked", "database table is locked", "database schema is locked")


def is_worth_repeating(error: BaseException) -> bool:
    """Whether the same transaction may succeed when run again at once."""
    if not isinstance(error, DBAPIError):
        return False
    if error.connection_invalidated:
        return True
    state = getattr(error.orig, "sqlstate", None)
    return state in _PASSING_STATES or any(words in str(error.orig) for words in _PASSING_WORDS)
