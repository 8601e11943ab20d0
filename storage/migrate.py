"""Migrations: bring a database to the tables that this version of the code expects."""

import sys
import tempfile
from contextlib import closing
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import storage.tables
from storage.session import Database, open_database

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7203_1955  # any number that nobody else uses: two replicas must not migrate at once


def upgrade(database: Database) -> None:
    """Apply every migration that is missing; safe to call at each start and from several processes."""
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            # Another replica may be at it, for as long as a large table takes.
            connection.execute(text("SET LOCAL lock_timeout = 0"))
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), "head")


def is_current(database: Database) -> bool:
    """Whether every migration has been applied."""
    with database.reader.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory(str(_SCRIPTS)).get_heads())


def draft(title: str) -> Path:
    """Write the next migration from what the tables have become since the last one; a person reads and mends it.

    Compared on SQLite; whatever PostgreSQL needs besides is written by hand.
    """
    latest = ScriptDirectory(str(_SCRIPTS)).get_current_head() or "0"
    revision = f"{int(latest) + 1:04}"
    with (
        tempfile.TemporaryDirectory() as folder,
        closing(open_database(f"sqlite:///{folder}/now.db")) as database,
    ):
        upgrade(database)
        with database.writer.begin() as connection:
            command.revision(_config(connection), title, autogenerate=True, rev_id=revision)
    return next((_SCRIPTS / "versions").glob(f"{revision}_*.py"))


def _config(connection: Connection) -> Config:
    config = Config(stdout=sys.stderr)  # what Alembic tells beside its work
    config.set_main_option("script_location", str(_SCRIPTS))
    config.set_main_option("file_template", "%%(rev)s_%%(slug)s")
    config.attributes["connection"] = connection
    config.attributes["metadata"] = storage.tables.METADATA
    return config
