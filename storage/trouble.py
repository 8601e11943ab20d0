"""What a failing database means for the operator, in one sentence without its password."""

from sqlalchemy.exc import ArgumentError, DatabaseError, DBAPIError, NoSuchModuleError, ProgrammingError

NO_TABLES = "The database has no tables of this version: run python -m bot db upgrade."

# Words of SQLite and PostgreSQL, and what they mean; the first that occurs counts.
MEANINGS = (
    (
        "unable to open database file",
        "DATABASE_URL names a file that cannot be opened: check folder and permissions.",
    ),
    ("file is not a database", "DATABASE_URL names a file that is no SQLite database: choose another."),
    ("database disk image is malformed", "The SQLite file is damaged: put back the last backup."),
    (
        "readonly database",
        "The SQLite file cannot be written: check the permissions of the file and its folder.",
    ),
    ("disk is full", "The disk is full: make room and try again; nothing half-done was kept."),
    ("no space left", "The database's disk is full: make room and try again; nothing half-done was kept."),
    ("database is locked", "The SQLite file is locked by another program: stop that and try again."),
    ("no such table", NO_TABLES),
    (
        "password authentication failed",
        "PostgreSQL refused the user or password in DATABASE_URL: correct them.",
    ),
    (
        "no password supplied",
        "PostgreSQL wants a password: write it into DATABASE_URL as user:password@host.",
    ),
    (
        "connection refused",
        "Nobody listens at the host and port of DATABASE_URL: start PostgreSQL or correct them.",
    ),
    ("name or service not known", "The host in DATABASE_URL is not known: correct it."),
    ("failed to resolve host", "The host in DATABASE_URL is not known: correct it."),
    ("could not translate host", "The host in DATABASE_URL is not known: correct it."),
    (
        "timeout expired",
        "PostgreSQL does not answer at the host of DATABASE_URL: check host, port and firewall.",
    ),
    ("does not exist", "PostgreSQL has no such database or role: create it, or correct DATABASE_URL."),
)


def explain(error: BaseException) -> str | None:
    """The sentence for a database error; None when it is something else."""
    if isinstance(error, ArgumentError | NoSuchModuleError):
        return "DATABASE_URL is not a database address: use sqlite:///commonplace.db or postgresql://user@host/name."
    if isinstance(error, ProgrammingError) and getattr(error.orig, "sqlstate", "") == "42P01":
        return NO_TABLES
    if isinstance(error, DatabaseError):
        return _meaning(error)
    return None


def _meaning(error: DBAPIError) -> str:
    said = str(error.orig).lower()
    for words, meaning in MEANINGS:
        if words in said:
            return meaning
    return f"The database failed ({type(error.orig).__name__}): see its own log, and check DATABASE_URL."
