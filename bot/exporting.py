"""Export: what may leave goes into CSV or JSON files, one per table; of private spaces only counts leave."""

import csv
import json
import shutil
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

from bot.config import Settings
from bot.errors import CommandFailed
from storage.exports import Exported, exported_tables
from storage.session import Database, Session, open_database

Format = Literal["csv", "json"]
Rows = Iterable[tuple[Any, ...]]

MARK = "export.json"  # tells an earlier export from somebody's other files
MADE_BY = "commonplace"
# A spreadsheet takes a cell that begins so for a formula, and would run it.
_FORMULAS = ("=", "+", "-", "@", "\t", "\r", "\n")

NOT_OURS = "{folder} holds other files: name a new folder, an empty one, or one of an earlier export."


def export(settings: Settings, folder: Path, format: Format) -> list[Path]:  # noqa: A002  the option's name
    """Write all tables into `folder`, which appears whole or not at all; returns the files.

    An earlier export there is replaced. Raises CommandFailed when the folder holds anything else.
    """
    folder = folder.absolute()
    if not _may_replace(folder):
        raise CommandFailed(NOT_OURS.format(folder=folder))
    folder.parent.mkdir(parents=True, exist_ok=True)
    draft = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        with closing(open_database(settings.database_url)) as database:
            _write_all(database, draft, format)
        _put_in_place(draft, folder)
    finally:
        shutil.rmtree(draft, ignore_errors=True)
    return sorted(folder.iterdir())


def _may_replace(folder: Path) -> bool:
    if not folder.exists():
        return True
    if not folder.is_dir():
        return False
    found = {path.name for path in folder.iterdir()}
    ours = {MARK, *(f"{table.name}.{end}" for table in exported_tables() for end in ("csv", "json"))}
    return not found or (found <= ours and _is_marked(folder))


def _is_marked(folder: Path) -> bool:
    try:
        mark = json.loads((folder / MARK).read_text("utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(mark, dict) and mark.get("made_by") == MADE_BY


def _write_all(database: Database, draft: Path, format_: Format) -> None:
    write = _write_csv if format_ == "csv" else _write_json
    counts = {}
    with database.read() as session:  # one reading transaction: the tables fit together
        for table in exported_tables():
            counts[table.name] = _write_table(session, table, draft / f"{table.name}.{format_}", write)
    mark = {"made_by": MADE_BY, "format": format_, "rows": counts}
    (draft / MARK).write_text(json.dumps(mark, indent=2) + "\n", "utf-8")


def _write_table(
    session: Session, table: Exported, path: Path, write: Callable[[Path, list[str], Rows], None]
) -> int:
    count = 0

    def counted() -> Iterator[tuple[Any, ...]]:
        nonlocal count
        for row in table.rows(session):
            count += 1
            yield tuple(value.isoformat() if isinstance(value, datetime) else value for value in row)

    write(path, table.columns, counted())
    return count


def _write_csv(path: Path, columns: list[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(columns)
        writer.writerows([_safe(value) for value in row] for row in rows)


def _write_json(path: Path, columns: list[str], rows: Rows) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write("[")
        for n, row in enumerate(rows):
            file.write(",\n" if n else "\n")
            file.write(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False))
        file.write("\n]\n")


def _safe(value: object) -> object:
    """The value, with a mark in front of what a spreadsheet would run."""
    if isinstance(value, str) and value.lstrip(" ").startswith(_FORMULAS):
        return f"'{value}"
    return value


def _put_in_place(draft: Path, folder: Path) -> None:
    """Make the finished draft the folder; what was there goes once the new one stands."""
    if not folder.exists():
        draft.rename(folder)
        return
    earlier = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    try:
        folder.replace(earlier)
        try:
            draft.rename(folder)
        except OSError:
            earlier.replace(folder)
            raise
    finally:
        shutil.rmtree(earlier, ignore_errors=True)
