"""The hot inserts: any number of rows with one statement per table, the rows handed over as one JSON text.

One parameter instead of thousands keeps the statement prepared and the group commit cheap on both databases.
"""

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Any, Literal

import orjson
from sqlalchemy import TextClause, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

ColumnType = Literal["text", "boolean", "integer", "bigint", "jsonb"]
_NOTHING: Mapping[str, str] = MappingProxyType({})


class BulkInsert:
    """`INSERT … SELECT` from a JSON array of arrays, with the given conflict clause."""

    def __init__(
        self,
        table: str,
        columns: dict[str, ColumnType],
        conflict: str,
        computed: Mapping[str, str] = _NOTHING,
    ) -> None:
        """Prepare the statement for `table`; `columns` maps each column to its PostgreSQL type, in row order.

        `computed` replaces a column's value by an SQL expression that names the row's values as {column}.
        """
        insert = f"INSERT INTO {table} ({', '.join(columns)})"
        self._sqlite = text(f"{insert} {_from_json_each(columns, computed)} {conflict}")
        self._postgresql = text(f"{insert} {_from_jsonb(columns, computed)} {conflict}")

    def __call__(self, session: Session, rows: Iterable[Sequence[Any]]) -> None:
        """Insert the rows, sorted so that two writers lock in one order."""
        ordered = sorted(rows, key=lambda row: tuple(str(value) for value in row[:5]))
        if ordered:
            session.execute(self._statement(session), {"rows": orjson.dumps(ordered).decode()})

    def _statement(self, session: Session) -> TextClause:
        return self._sqlite if session.get_bind().dialect.name == "sqlite" else self._postgresql


def _from_json_each(columns: dict[str, ColumnType], computed: Mapping[str, str]) -> str:
    values = {name: f"json_extract(r.value, '$[{n}]')" for n, name in enumerate(columns)}
    # "WHERE true" keeps SQLite from reading ON CONFLICT as the ON of a join.
    # Every name in these texts is a literal of ours.
    return f"SELECT {_select(values, computed)} FROM json_each(:rows) AS r WHERE true"  # noqa: S608


def _from_jsonb(columns: dict[str, ColumnType], computed: Mapping[str, str]) -> str:
    values = {
        name: f"r.value -> {n}" if kind == "jsonb" else f"CAST(r.value ->> {n} AS {kind})"
        for n, (name, kind) in enumerate(columns.items())
    }
    return f"SELECT {_select(values, computed)} FROM jsonb_array_elements(CAST(:rows AS jsonb)) AS r(value)"  # noqa: S608


def _select(values: dict[str, str], computed: Mapping[str, str]) -> str:
    return ", ".join(
        computed[name].format_map(values) if name in computed else value for name, value in values.items()
    )


def insert_or_ignore(session: Session, table: type[Any]) -> Any:
    """An INSERT that leaves an existing row alone, in the dialect of the session's database."""
    dialect = sqlite if session.get_bind().dialect.name == "sqlite" else postgresql
    return dialect.insert(table).on_conflict_do_nothing()
