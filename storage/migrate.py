"""Migrations: bring a database to the tables that this version of the code expects."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import storage.tables
from storage.session import Database

_SCRIPTS = Path(__file__).parent / "migrations"
_LOCK = 7203_1955  # any number that nobody else uses: two replicas must not migrate at once


def upgrade(database: Database) -> None:
    """Apply every migration that is missing; safe to call at each start and from several processes."""
    with database.writer.begin() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(_config(connection), "head")


def is_current(database: Database) -> bool:
    """Whether every migration has been applied."""
    with database.reader.connect() as connection:
        applied = MigrationContext.configure(connection).get_current_heads()
    return set(applied) == set(ScriptDirectory(str(_SCRIPTS)).get_heads())


def _config(connection: Connection) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_SCRIPTS))
    config.attributes["connection"] = connection
    config.attributes["metadata"] = storage.tables.METADATA
    return config
