"""What the commands about stored data do: open it, count it, take in, write out, copy."""

import dataclasses
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table

from bot.config import Settings
from bot.errors import CommandFailed
from storage import migrate
from storage.backup import back_up as copy_database
from storage.session import Database, open_database


def upgraded(settings: Settings) -> Database:
    """The database, made if there is none, with every migration applied."""
    database = open_database(settings.database_url)
    migrate.upgrade(database)
    return database


def open_current(settings: Settings) -> Database:
    """The database as it is; raises CommandFailed when there is none or its tables are of another version."""
    if settings.database_file and not settings.database_file.exists():
        raise CommandFailed(
            f"There is no database at {settings.database_file}: start the app or import something first, "
            "or correct DATABASE_URL."
        )
    database = open_database(settings.database_url)
    if not migrate.is_current(database):
        database.close()
        raise CommandFailed("The database has not the tables of this version: run python -m bot db upgrade.")
    return database


def read_counts(settings: Settings) -> dict[str, Any]:
    """How much of everything is stored."""
    from storage.stats import read_stats

    database = open_current(settings)
    try:
        with database.read() as session:
            return dict(read_stats(session))
    finally:
        database.close()


def import_file(
    settings: Settings, file: Path, workspace: str | None, channels: tuple[str, ...] | None
) -> dict[str, Any]:
    """Take in an export with a progress bar; what came in, as counts."""
    from bot.importing import import_export
    from bot.imports.progress import show_progress

    with show_progress() as advance:
        result = import_export(settings, file, workspace, channels, advance)
    return as_counts(result)


def export(settings: Settings, folder: Path, format_: Literal["csv", "json"]) -> list[Path]:
    """Write what may leave into `folder`; the files written."""
    open_current(settings).close()
    from bot.exporting import export as write_out

    return write_out(settings, folder, format_)


def back_up(settings: Settings, database_file: Path, target: Path | None) -> Path:
    """Copy the SQLite database to `target`, else beside itself under the time; returns the copy."""
    target = target or database_file.with_stem(f"{database_file.stem}-{datetime.now(UTC):%Y%m%dT%H%M%SZ}")
    database = open_current(settings)
    try:
        copy_database(database, target)
    except FileExistsError as error:
        raise CommandFailed(f"{target} exists already: name another file.") from error
    finally:
        database.close()
    return target


def as_counts(result: object) -> dict[str, Any]:
    """A result, whichever form its maker gave it, as names and values."""
    if dataclasses.is_dataclass(result) and not isinstance(result, type):
        return dataclasses.asdict(result)
    return dict(result) if isinstance(result, Mapping) else {"done": result}


def print_counts(counts: Mapping[str, Any]) -> None:
    """A table for people."""
    table = Table(show_header=False, box=None, pad_edge=False)
    for name, value in _flat(counts):
        table.add_row(name, f"{value:,}" if isinstance(value, int) else str(value))
    Console().print(table)


def _flat(counts: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in counts.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{before}{name} ")
        else:
            yield before + name.replace("_", " "), value
