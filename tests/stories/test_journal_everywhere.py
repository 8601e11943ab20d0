"""Words for a journal stand nowhere but sealed in their entry, whatever way they came in and wherever one looks."""

import json
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text
from sqlalchemy import table as table_of

from bot.ids import ActionId
from storage.session import Database
from tests.stories.after_programme import ends, told, waits_for
from tests.stories.conftest import Office
from tests.stories.journalling import (
    WORDS,
    closes_all,
    in_thread,
    journal_of,
    shares_newest,
    submits_words,
)

MARKER = "medlar-jelly-4417"  # of this story alone: the files of a database server are shared with others


async def test_a_marker_written_on_every_way_is_nowhere_but_sealed(
    office: Office, tmp_path: Path, logged: StringIO
) -> None:
    """No file of the database, no row, log line or call has the words, but what its writer or whom they chose opened.

    Written in a thread, plainly, as a comment on a file, for two open questions, by form, command, shortcut and to the
    weekly question; edited and deleted in Slack and in the journal; searched, exported, shared and read.
    """
    await ends(office, "asha", "mara", manager="ada")
    await _writes_in_slack(office)
    await _writes_by_form(office)
    await _answers_one_of_two(office)
    hidden = await _calls_with_marker(office)
    # Only forms in front of the writer: nobody else has done anything yet, so nobody else can have one.
    assert {call["method"] for call in hidden} <= {"views.open", "views.push", "views.update"}
    await _searches_edits_and_exports(office)
    await _is_read(office)
    await office.settles()
    assert sorted(await journal_of(office, "asha")) == [
        f"by form {MARKER}-5",
        f"by shortcut, edited {MARKER}-9",
        f"from the command, changed {MARKER}-7",
        f"in the thread, edited {MARKER}-3\nand more {MARKER}-2\ncomment {MARKER}-c\n(with a file, in Slack)",
        f"plain, nothing asked {MARKER}-4",
        f"to one of two {MARKER}-r",
    ]
    for _ in range(3):
        await office.workplace.moves_clock(by="1d")
        await office.settles()
        assert_nowhere(office.database, tmp_path, logged)
    for person in (office.mara, office.tomas):
        assert MARKER not in json.dumps(await office.workplace.state(person.name))


async def _writes_in_slack(office: Office) -> None:
    asha = office.asha
    question = await waits_for(office, asha, "How is your dough")
    first = await asha.replies(question, f"in the thread {MARKER}-1")
    await asha.replies(question, f"and more {MARKER}-2", broadcast=True)
    picture = await asha.uploads(f"{MARKER}.png", b"png")
    await asha.replies(question, f"comment {MARKER}-c", files=[picture["id"]])
    await office.settles()
    await asha.edits(first, f"in the thread, edited {MARKER}-3")
    await asha.tells_app(f"plain, nothing asked {MARKER}-4")
    where = await told(asha, "keep this in your journal")
    await asha.presses(where, ActionId.KEEP_WORDS, "0")
    await office.workplace.moves_clock(by="1h")
    gone = await asha.tells_app(f"to be deleted {MARKER}-d")
    await office.settles()
    await asha.edits(gone, f"edited, then deleted {MARKER}-d")
    await asha.deletes(gone)
    await asha.tells_app(f"not for the journal {MARKER}-n")
    await office.settles()
    await asha.presses(await told(asha, "keep this in your journal"), ActionId.FORGET_WORDS, "")
    kept = await in_thread(asha, question, "only you see it")
    taken_out = await asha.replies(kept, f"and taken out {MARKER}-o")
    await office.settles()
    await asha.deletes(taken_out)


async def _writes_by_form(office: Office) -> None:
    asha = office.asha
    question = await told(asha, "How is your dough")
    await asha.presses(question, ActionId.WRITE_ANSWER)
    await submits_words(asha, f"by form {MARKER}-5")
    await asha.types(f"/learn journal write from the command {MARKER}-6")
    await asha.submits(await asha.form(), {WORDS: {WORDS: f"from the command, changed {MARKER}-7"}})
    await closes_all(asha)
    await asha.uses_shortcut("write_in_journal")
    await submits_words(asha, f"by shortcut {MARKER}-8")
    await office.settles()


async def _answers_one_of_two(office: Office) -> None:
    """The weekly question is open beside a check-in."""
    await office.asha.types("/learn journal weekly on")
    weekly = await waits_for(office, office.asha, "Five minutes for you", days=40)
    await office.asha.replies(weekly, f"to one of two {MARKER}-r")
    await office.settles()


async def _searches_edits_and_exports(office: Office) -> None:
    asha = office.asha
    await asha.types(f"/learn journal search shortcut {MARKER}-8")
    page = await asha.form()
    number = next(block["accessory"]["value"] for block in page["blocks"] if "accessory" in block)
    await asha.submits(page, {WORDS: {WORDS: f"shortcut {MARKER}-8"}})
    await asha.presses(await asha.form(), ActionId.OPEN_ENTRY, number)
    await asha.presses(await asha.form(), ActionId.EDIT_ENTRY, number)
    await asha.submits(await asha.form(), {WORDS: {WORDS: f"by shortcut, edited {MARKER}-9"}})
    await closes_all(asha)
    await asha.types("/learn journal export")
    await office.settles()
    files = [file for message in await asha.dm_from_app() for file in message.get("files", [])]
    assert sorted(file["name"].rsplit(".")[-1] for file in files) == ["json", "md"]


async def _is_read(office: Office) -> None:
    """By the manager whom the writer chose, and in no other way than by a form in front of them."""
    await shares_newest(office, office.asha, "manager", "cohort")
    await office.settles()
    card = await told(office.ada, "would like you to read")
    before = len(await _calls_with_marker(office))
    await office.ada.presses(card, ActionId.READ_ENTRY)
    assert MARKER in str(await office.ada.form())
    opened = (await _calls_with_marker(office))[before:]
    assert [call["method"] for call in opened] == ["views.open"]
    await closes_all(office.ada)


async def _calls_with_marker(office: Office) -> list[dict[str, Any]]:
    """The calls to Slack that carry the words."""
    return [call for call in await office.workplace.calls() if MARKER in json.dumps(call)]


def assert_nowhere(database: Database, folder: Path, logged: StringIO) -> None:
    """Neither in the log, nor in any table, nor in a file of the database."""
    assert MARKER not in logged.getvalue()
    assert "letter" in logged.getvalue()
    with database.read() as session:
        for name in inspect(session.connection()).get_table_names():
            for row in session.execute(select(text("*")).select_from(table_of(name))):
                assert MARKER not in str(tuple(row)), name
    for file in files_of(database, folder):
        assert MARKER.encode() not in file.read_bytes(), file


def files_of(database: Database, folder: Path) -> Iterator[Path]:
    """The file of SQLite and those beside it; of PostgreSQL this database's own, and the log of what is written."""
    if database.is_sqlite:
        yield from folder.rglob("commonplace.db*")
        return
    with database.read() as session:
        data, own = session.execute(
            text(
                "SELECT current_setting('data_directory'), oid FROM pg_database WHERE datname = current_database()"
            )
        ).one()
    for place in (Path(data, "base", str(own)), Path(data, "pg_wal")):
        yield from (file for file in place.rglob("*") if file.is_file())
