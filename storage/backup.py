"""A copy of the SQLite database, whole and consistent, made while the app runs."""

from pathlib import Path

from storage.session import Database


def back_up(database: Database, target: Path) -> None:
    """Write the SQLite database into `target`, which must not exist yet.

    Raises FileExistsError, and OSError where the copy cannot be written.
    """
    if target.exists():
        raise FileExistsError(target)
    draft = target.with_name(f".{target.name}.part")
    draft.unlink(missing_ok=True)
    # One statement, one snapshot: what is written meanwhile is in the next copy.
    # It must stand outside a transaction, which the engine would begin for us, so it goes to the driver.
    connection = database.reader.raw_connection()
    try:
        connection.cursor().execute("VACUUM INTO ?", (str(draft),))
    finally:
        connection.close()
    draft.rename(target)  # only a whole copy gets its name
