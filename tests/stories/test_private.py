"""What somebody writes to the app itself is kept nowhere: not in a table, an index, a log or a call to Slack."""

import json
from io import StringIO
from pathlib import Path

from sqlalchemy import inspect, select, text
from sqlalchemy import table as table_of

from storage.session import Database
from tests.people import eventually
from tests.stories.conftest import Office

MARKER = "quince-marmalade-7203"


async def test_a_direct_message_is_stored_nowhere(office: Office, tmp_path: Path, logged: StringIO) -> None:
    """Written, answered in a thread, edited and deleted: the words are in no file, row, log line or API call."""
    before = len(await office.asha.dm_from_app())
    post = await office.asha.tells_app(f"dear diary {MARKER}")
    await eventually(lambda: answered(office, before))
    await office.asha.replies(post, f"and another thing {MARKER}")
    await office.asha.edits(post, f"on second thoughts {MARKER}")
    await office.asha.deletes(post)
    await office.settles()
    assert MARKER not in everything_stored(office.database)
    assert MARKER not in logged.getvalue()
    assert MARKER not in json.dumps(await office.workplace.calls())
    assert MARKER.encode() not in files_of_the_database(tmp_path)


def files_of_the_database(folder: Path) -> bytes:
    """The SQLite file with its log; nothing on PostgreSQL."""
    return b"".join(file.read_bytes() for file in folder.rglob("commonplace.db*"))


async def test_logs_carry_ids_and_never_words(office: Office, logged: StringIO) -> None:
    """What is said in a space, typed into a command or written in a form's place is in no log line."""
    await office.asha.posts("#kitchen", f"#solution {MARKER}")
    await office.asha.types(f"/learn find {MARKER}")
    await office.asha.types(f"/learn {MARKER}")
    await office.settles()
    assert MARKER not in logged.getvalue()


async def answered(office: Office, before: int) -> bool:
    return len(await office.asha.dm_from_app()) > before


def everything_stored(database: Database) -> str:
    """Every row of every table, as text."""
    with database.read() as session:
        tables = inspect(session.connection()).get_table_names()
        rows = (
            row for table in tables for row in session.execute(select(text("*")).select_from(table_of(table)))
        )
        return "\n".join(str(tuple(row)) for row in rows)
