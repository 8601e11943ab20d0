"""The database: the reader finds the file that the writer made, whatever it is called, and cannot write."""

from pathlib import Path

import pytest
from sqlalchemy import URL, text
from sqlalchemy.exc import OperationalError

from storage.session import LOCK_SECONDS, Database, open_database


@pytest.mark.parametrize("name", ["plain", "with space", "100%25", "why?", "sharp#1", "größe"])
def test_reader_and_writer_open_the_same_file(tmp_path: Path, name: str) -> None:
    """Also where the path holds what means something in an address."""
    address = URL.create("sqlite", database=str(tmp_path / f"{name}.db"))
    database = open_database(address.render_as_string())
    with database.write() as session:
        session.execute(text("CREATE TABLE notes (word TEXT)"))
        session.execute(text("INSERT INTO notes VALUES ('here')"))
        session.commit()
    with database.read() as session:
        assert session.scalar(text("SELECT word FROM notes")) == "here"
        with pytest.raises(OperationalError, match="readonly"):
            session.execute(text("DELETE FROM notes"))
    database.close()


def test_others_on_the_machine_cannot_read_the_database(tmp_path: Path) -> None:
    """A new file, and what SQLite puts beside it, is its owner's."""
    database = open_database(f"sqlite:///{tmp_path / 'new.db'}")
    with database.write() as session:
        session.execute(text("CREATE TABLE notes (word TEXT)"))
        session.commit()
        modes = {file.name: file.stat().st_mode & 0o077 for file in tmp_path.iterdir()}
    database.close()
    assert modes["new.db"] == 0
    assert set(modes.values()) == {0}


@pytest.mark.parametrize("backend", ["postgresql"], indirect=True)  # SQLite has one writer
def test_only_the_writer_is_impatient_with_locks(database: Database) -> None:
    """On PostgreSQL a transaction waits two seconds for others; readers and migrations wait as long as it takes."""
    with database.write() as session:
        assert session.scalar(text("SHOW lock_timeout")) == f"{LOCK_SECONDS}s"
    with database.read() as session:
        assert session.scalar(text("SHOW lock_timeout")) == "0"
