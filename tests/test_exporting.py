import csv
import json
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.config import Settings
from bot.errors import CommandFailed
from bot.exporting import export
from bot.incoming import MessageFact, ReactionFact
from bot.rules import messages, reactions
from storage.session import Database
from storage.workspaces import Workspace

NOW = datetime(2026, 1, 5, 9, tzinfo=UTC)
TABLES = {"spaces", "people", "contributions", "discussions", "questions", "reactions"}
SECRET = "what only the private ones may read"


@pytest.fixture
def settings(database: Database, database_url: str) -> Settings:
    """A database with public and private life in it."""
    said = [
        MessageFact("T1", "C1", "1.0", author="U1", text="#solution =1+1"),
        MessageFact("T1", "C1", "2.0", author="U2", text="how? #ask"),
        MessageFact("T1", "C1", "3.0", author="U1", text="so", thread_ts="2.0"),
        MessageFact("T1", "C1", "4.0", author="U3", text="#til left out"),
        MessageFact("T1", "C1", "5.0", author="U4", text="#til from elsewhere", external=True),
        MessageFact("T1", "G1", "6.0", author="U1", text=f"#til {SECRET}", private=True),
        MessageFact("T1", "G1", "7.0", author="U1", text=SECRET, thread_ts="6.0", private=True),
    ]
    given = [
        ReactionFact("T1", channel, ts, who, "tada", standing=True, event_ts="8.0")
        for channel, ts, who in (("C1", "1.0", "U2"), ("C1", "1.0", "U3"), ("G1", "6.0", "U2"))
    ]
    with database.write() as session:
        session.add(Workspace(id="T1"))
        session.flush()
        messages.record(session, said, NOW)
        reactions.record(session, given, NOW)
        session.execute(text("UPDATE spaces SET name = 'hidden' WHERE id = 'G1'"))
        session.execute(text("UPDATE people SET name = '@SUM(A1)' WHERE id = 'U1'"))
        session.execute(text("UPDATE people SET left_out = :yes WHERE id = 'U3'"), {"yes": True})
        session.commit()
    return Settings(database_url=database_url)


def read_csv(folder: Path, table: str) -> list[dict[str, str]]:
    """The rows of one file."""
    with (folder / f"{table}.csv").open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def read_json(folder: Path, table: str) -> list[dict[str, Any]]:
    """The rows of one file."""
    found: list[dict[str, Any]] = json.loads((folder / f"{table}.json").read_text("utf-8"))
    return found


def test_both_formats_hold_every_table(settings: Settings, tmp_path: Path) -> None:
    """One file per table, the same rows in both formats."""
    for form, read in (("csv", read_csv), ("json", read_json)):
        folder = tmp_path / form
        written = export(settings, folder, form)  # type: ignore[arg-type]
        assert {path.name for path in written} == {f"{table}.{form}" for table in TABLES} | {"export.json"}
        counts = json.loads((folder / "export.json").read_text())["rows"]
        assert {table: len(read(folder, table)) for table in TABLES} == counts
        assert counts == {
            "spaces": 2,
            "people": 2,
            "contributions": 1,
            "discussions": 1,
            "questions": 1,
            "reactions": 1,
        }


def test_nothing_private_leaves(settings: Settings, tmp_path: Path) -> None:
    """Of a private space there is its id and its counts; of those left out and of externals nothing."""
    export(settings, tmp_path / "out", "json")
    everything = "".join(path.read_text("utf-8") for path in (tmp_path / "out").iterdir())
    for word in (SECRET, "hidden", "left out", "from elsewhere", "U3", "U4"):
        assert word not in everything
    private = next(space for space in read_json(tmp_path / "out", "spaces") if space["id"] == "G1")
    assert (private["name"], private["messages"], private["replies"]) == ("", 2, 1)


def test_nobody_is_counted(settings: Settings, tmp_path: Path) -> None:
    """The file of people says who they are; numbers about people are for them alone."""
    export(settings, tmp_path / "out", "json")
    known = {"workspace", "id", "name", "is_bot", "is_guest", "is_deactivated"}
    assert {column for person in read_json(tmp_path / "out", "people") for column in person} == known


def test_a_spreadsheet_runs_nothing(settings: Settings, tmp_path: Path) -> None:
    """A cell that begins like a formula is marked as text; others stay as they are."""
    export(settings, tmp_path / "out", "csv")
    assert read_csv(tmp_path / "out", "people")[0]["name"] == "'@SUM(A1)"
    assert read_csv(tmp_path / "out", "contributions")[0]["text"] == "#solution =1+1"


def test_an_earlier_export_is_replaced_and_nothing_else(settings: Settings, tmp_path: Path) -> None:
    """A folder that holds somebody's files is refused and left as it was; an export makes room for the next."""
    folder = tmp_path / "out"
    folder.mkdir()
    export(settings, folder, "csv")
    export(settings, folder, "json")
    assert not list(folder.glob("*.csv"))
    (folder / "notes.txt").write_text("mine")
    before = sorted(folder.iterdir())
    with pytest.raises(CommandFailed, match="other files"):
        export(settings, folder, "csv")
    assert sorted(folder.iterdir()) == before
    assert [path.name for path in tmp_path.glob(".out-*")] == []


def test_a_failed_export_leaves_nothing_behind(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The folder appears whole or not at all."""

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    write: Callable[..., None] = full
    monkeypatch.setattr("bot.exporting._write_csv", write)
    with pytest.raises(OSError, match="No space"):
        export(settings, tmp_path / "out", "csv")
    assert not (tmp_path / "out").exists()
    assert [path.name for path in tmp_path.glob(".out-*")] == []
