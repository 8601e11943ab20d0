"""The database: how we connect to SQLite or PostgreSQL, to write in one place and to read beside it."""

import os
from contextlib import suppress
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from sqlalchemy import Engine, create_engine, event, make_url
from sqlalchemy.engine import URL
from sqlalchemy.orm import Session

from bot.secrets import Vault

__all__ = ["Database", "Session", "open_database"]  # rules take a Session and know nothing else of SQLAlchemy

FILE_MODE = 0o600
VAULT = "vault"  # what a session carries for storage.sealing
BUSY_SECONDS = 5
# Longer than PostgreSQL takes to notice a deadlock (1 s), shorter than Slack waits; then the transaction is repeated.
LOCK_SECONDS = 2
# Without these a server that vanished without a word would hold us for a quarter of an hour.
_NOTICE_A_DEAD_SERVER = {
    "keepalives_idle": 10,  # seconds
    "keepalives_interval": 5,
    "keepalives_count": 3,
    "tcp_user_timeout": 20_000,  # milliseconds
}
_WRITER_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}",
    # A full disk must not strike while SQLite spills a sort: small temporary tables stay in memory.
    "PRAGMA temp_store=MEMORY",
)


@dataclass(frozen=True)
class Database:
    """Two ways to the same data: `writer` for transactions of one thread, `reader` for queries beside it."""

    url: str
    writer: Engine
    reader: Engine
    vault: Vault | None = None  # without it nothing private can be read, only counted

    @property
    def is_sqlite(self) -> bool:
        """Whether this is a SQLite file (and so has one process that writes)."""
        return self.writer.dialect.name == "sqlite"

    def write(self) -> Session:
        """A session whose transaction may write; commit it yourself."""
        return Session(self.writer, expire_on_commit=False, info={VAULT: self.vault})

    def read(self) -> Session:
        """A session that only reads."""
        return Session(self.reader, expire_on_commit=False, info={VAULT: self.vault})

    def close(self) -> None:
        """Close every connection."""
        self.writer.dispose()
        self.reader.dispose()


def open_database(url: str, vault: Vault | None = None) -> Database:
    """Prepare engines for `url`; nothing is connected yet. Raises sqlalchemy's ArgumentError for a bad address.

    `vault` lets sessions seal and unseal private words.
    """
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite":
        return Database(url, _sqlite_writer(parsed), _sqlite_reader(parsed), vault)
    return Database(url, _postgresql_writer(parsed), _postgresql(parsed, size=4), vault)


def _sqlite_writer(url: URL) -> Engine:
    engine = create_engine(
        url,
        hide_parameters=True,
        pool_size=2,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "do_connect")
    def keep_to_ourselves(_dialect: Any, _record: Any, args: Any, _given: Any) -> None:
        """What people wrote is in there: others on the machine need not read it."""
        if url.database and url.database != ":memory:":
            with suppress(OSError):  # the driver says it better
                os.close(os.open(args[0], os.O_CREAT | os.O_RDWR, FILE_MODE))

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # The driver's own transaction handling would begin too late and never immediately.
        connection.isolation_level = None
        for pragma in _WRITER_PRAGMAS:
            connection.execute(pragma)

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def _sqlite_reader(url: URL) -> Engine:
    query = {**url.query, "mode": "ro", "uri": "true"}
    engine = create_engine(
        url.set(database=f"file:{quote(url.database or '')}", query=query),
        hide_parameters=True,
        pool_size=2,
        connect_args={"check_same_thread": False, "timeout": BUSY_SECONDS},
    )

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute(f"PRAGMA busy_timeout={BUSY_SECONDS * 1000}")

    @event.listens_for(engine, "begin")
    def begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine


def _postgresql_writer(url: URL) -> Engine:
    engine = _postgresql(url, size=2)

    @event.listens_for(engine, "connect")
    def set_up(connection: Any, _record: Any) -> None:
        # Without it one transaction that hangs would hold up every other that settles the same.
        connection.execute(f"SET lock_timeout = '{LOCK_SECONDS}s'")
        connection.commit()

    return engine


def _postgresql(url: URL, size: int) -> Engine:
    return create_engine(
        url,
        hide_parameters=True,
        pool_size=size,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 10, **_NOTICE_A_DEAD_SERVER},
    )
