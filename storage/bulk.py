"""The hot inserts: any number of rows with one statement per table, the rows handed over as one JSON text.

One parameter instead of thousands keeps the statement prepared and the group commit cheap on both databases.
"""

from collections.abc import Iterable, Sequence
from typing import Any, Literal

import orjson
from sqlalchemy import Row, TextClause, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

ColumnType = Literal["text", "boolean", "integer", "bigint", "jsonb"]


class BulkInsert:
    """`INSERT … SELECT` from a JSON array of arrays, with the given conflict clause."""

    def __init__(
        self, table: str, columns: dict[str, ColumnType], conflict: str, returning: str = ""
    ) -> None:
        """Prepare the statement for `table`; `columns` maps each column to its PostgreSQL type, in row order."""
        names = ", ".join(columns)
        tail = f"{conflict} RETURNING {returning}" if returning else conflict
        self.returns = bool(returning)
        self._sqlite = text(f"INSERT INTO {table} ({names}) {_from_json_each(len(columns))} {tail}")
        self._postgresql = text(f"INSERT INTO {table} ({names}) {_from_jsonb(columns)} {tail}")

    def __call__(self, session: Session, rows: Iterable[Sequence[Any]]) -> list[Row[Any]]:
        """Insert the rows, sorted so that two writers lock in one order, and return what RETURNING gives."""
        ordered = sorted(rows, key=lambda row: tuple(str(value) for value in row[:3]))
        if not ordered:
            return []
        result = session.execute(self._statement(session), {"rows": orjson.dumps(ordered).decode()})
        return list(result) if self.returns else []

    def _statement(self, session: Session) -> TextClause:
        return self._sqlite if session.get_bind().dialect.name == "sqlite" else self._postgresql


def _from_json_each(width: int) -> str:
    values = ", ".join(f"json_extract(r.value, '$[{n}]')" for n in range(width))
    # "WHERE true" keeps SQLite from reading ON CONFLICT as the ON of a join.
    return f"SELECT {values} FROM json_each(:rows) AS r WHERE true"


def _from_jsonb(columns: dict[str, ColumnType]) -> str:
    values = ", ".join(
        f"r.value -> {n}" if kind == "jsonb" else f"(r.value ->> {n})::{kind}"
        for n, kind in enumerate(columns.values())
    )
    return f"SELECT {values} FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS r(value)"


def insert_or_ignore(session: Session, table: type[Any]) -> Any:
    """An INSERT that leaves an existing row alone, in the dialect of the session's database."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()
