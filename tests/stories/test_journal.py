"""The journal: words that stand nowhere but sealed in their entry, and are shown to whom their writer chose."""

import json
from io import StringIO
from pathlib import Path
from typing import Any

from sqlalchemy import inspect, select, text
from sqlalchemy import table as table_of

from bot.ids import ActionId
from storage.journal import Entry, find_entries
from storage.people import Person as KnownPerson
from storage.sealing import unseal
from storage.session import Database
from tests.people import Person
from tests.stories.after_programme import ends, id_of, told, waits_for
from tests.stories.conftest import Office

MARKER = "quince-marmalade-7203"
WORDS = "words"


async def test_a_marker_written_on_every_way_is_nowhere_but_sealed(
    office: Office, tmp_path: Path, logged: StringIO
) -> None:
    """No file of the database, no row, log line or call has the words, but what its writer or whom they chose opened.

    Written in a thread, plainly, several in a row, edited, by form, command and shortcut; then shared and read.
    """
    await ends(office, "asha", "mara", manager="ada")
    question = await waits_for(office, office.asha, "How is your dough")
    prompt = await office.asha.replies(question, f"in the thread {MARKER}-1")
    await office.asha.replies(question, f"and more {MARKER}-2")
    await office.settles()
    await office.asha.edits(prompt, f"in the thread, edited {MARKER}-3")
    await office.asha.tells_app(f"plain, nothing asked {MARKER}-4")
    where = await told(office.asha, "keep this in your journal")
    await office.asha.presses(where, ActionId.KEEP_WORDS, "0")
    await office.asha.presses(question, ActionId.WRITE_ANSWER)
    await submits_words(office.asha, f"by form {MARKER}-5")
    await office.asha.types(f"/learn journal write from the command {MARKER}-6")
    view = await office.asha.form()
    await office.asha.submits(view, {WORDS: {WORDS: f"from the command, changed {MARKER}-7"}})
    await closes_all(office.asha)
    await office.asha.uses_shortcut("write_in_journal")
    await submits_words(office.asha, f"by shortcut {MARKER}-8")
    await office.settles()
    assert sorted(await journal_of(office, "asha")) == [
        f"by form {MARKER}-5",
        f"by shortcut {MARKER}-8",
        f"from the command, changed {MARKER}-7",
        f"in the thread, edited {MARKER}-3\nand more {MARKER}-2",
        f"plain, nothing asked {MARKER}-4",
    ]
    hidden = await calls_with_marker(office)
    # The command itself carried words, and they are in the form that its person asked for.
    assert [call["method"] for call in hidden] == ["views.open"]
    await shares_newest(office, office.asha, "manager", "cohort")
    await office.settles()
    card = await told(office.ada, "would like you to read")
    before = len(await calls_with_marker(office))
    await office.ada.presses(card, ActionId.READ_ENTRY)
    assert MARKER in str(await office.ada.form())
    opened = (await calls_with_marker(office))[before:]
    assert [call["method"] for call in opened] == ["views.open"]
    assert_nowhere(office.database, tmp_path, logged)


async def test_the_others_read_only_while_it_is_shared(office: Office) -> None:
    """A card with a button and no words; Read opens it; after narrowing Read says kindly that it is over."""
    await ends(office, "asha", "mara", manager="ada")
    await writes(office, office.asha, f"for my manager {MARKER}")
    await shares_newest(office, office.asha, "manager")
    await office.settles()
    card = await told(office.ada, "would like you to read")
    assert MARKER not in str(await office.ada.dm())
    await office.ada.presses(card, ActionId.READ_ENTRY)
    view = await office.ada.form()
    assert MARKER in str(view)
    await office.ada.closes(view)
    await office.mara.types("/learn journal shared")
    assert "Nobody shares" in str(await office.mara.form())
    await shares_newest(office, office.asha)
    await office.settles()
    assert "keeps this entry to themselves" in str(await office.ada.dm())


async def test_not_this_and_deleting_in_slack_leave_nothing(office: Office) -> None:
    """The button under "Saved", and the deletion of the message itself."""
    await ends(office, "asha")
    question = await waits_for(office, office.asha, "How is your dough")
    await office.asha.replies(question, f"not meant for it {MARKER}")
    await office.settles()
    saved = await in_thread(office.asha, question, "only you see it")
    await office.asha.presses(saved, ActionId.NOT_THIS)
    await office.settles()
    assert await journal_of(office, "asha") == []
    assert "Taken out of your journal" in str(await office.asha.sees("app", question))
    post = await office.asha.replies(question, f"second thoughts {MARKER}")
    await office.settles()
    assert len(await journal_of(office, "asha")) == 1
    await office.asha.deletes(post)
    await office.settles()
    assert await journal_of(office, "asha") == []


async def test_the_journal_is_read_searched_edited_deleted_and_exported(office: Office) -> None:
    """One page shows it; accents make no difference; the files come by direct message."""
    for number in range(8):
        await writes(office, office.asha, f"Crème brûlée number {number}")
    await office.asha.types("/learn journal creme 3")
    view = await office.asha.form()
    assert "number 3" in str(view)
    assert "number 4" not in str(view)
    button = next(block["accessory"] for block in view["blocks"] if "accessory" in block)
    await office.asha.presses(view, ActionId.OPEN_ENTRY, button["value"])
    entry = await office.asha.form()
    await office.asha.presses(entry, ActionId.EDIT_ENTRY, button["value"])
    form = await office.asha.form()
    await office.asha.submits(form, {WORDS: {WORDS: "Only custard"}})
    assert "Only custard" in str((await office.asha.views())[-1])
    await office.asha.presses((await office.asha.views())[-1], ActionId.DELETE_ENTRY, button["value"])
    await office.settles()
    assert len(await journal_of(office, "asha")) == 7
    answer = await office.asha.types("/learn journal export")
    assert "comes to our direct messages" in str(answer)
    await office.settles()
    files = [file for message in await office.asha.dm_from_app() for file in message.get("files", [])]
    assert sorted(file["name"].rsplit(".")[-1] for file in files) == ["json", "md"]


async def test_the_weekly_reflection_comes_and_is_answered(office: Office) -> None:
    """Switched on by a command, without any programme; a plain message answers it."""
    answer = await office.asha.types("/learn journal weekly")
    assert "once a week" in str(answer)
    question = await waits_for(office, office.asha, "Five minutes for you", days=8)
    assert "your company may export" in str(question)
    await office.asha.tells_app("I learned to wait")
    await office.settles()
    assert await journal_of(office, "asha") == ["I learned to wait"]
    await waits_for(office, office.asha, "Only you see it, unless you choose otherwise", days=8)


async def writes(office: Office, person: Person, words: str) -> None:
    """This person writes in their journal, by form."""
    await person.types("/learn journal write")
    await submits_words(person, words)
    await office.settles()


async def submits_words(person: Person, words: str) -> None:
    """The form is filled in and closed."""
    view = await person.form()
    answer = await person.submits(view, {WORDS: {WORDS: words}})
    assert "errors" not in answer, answer
    await closes_all(person)


async def shares_newest(office: Office, person: Person, *audiences: str) -> None:
    """This person chooses who sees what they wrote last."""
    number = newest(office.database, await id_of(office, person.name)).id
    await person.types("/learn journal")
    view = await person.form()
    await person.presses(view, ActionId.OPEN_ENTRY, str(number))
    await person.presses(await person.form(), ActionId.WHO_SEES_IT, str(number))
    form = await person.form()
    offered = [one["value"] for one in form["blocks"][0]["element"]["options"]]
    chosen = [value for value in offered if value.split(":")[0] in audiences]
    answer = await person.submits(form, {"readers": {"readers": chosen}})
    assert "errors" not in answer, answer
    await closes_all(person)


async def closes_all(person: Person) -> None:
    """Whatever forms are open are closed."""
    views = await person.views()
    if views:
        await person.closes(views[-1], clear=True)


async def in_thread(person: Person, root: Any, words: str) -> dict[str, Any]:
    """The newest message of a thread that shows these words."""
    found = [one for one in await person.sees("app", root) if words in str(one)]
    assert found, words
    return found[-1]


def newest(database: Database, person: str) -> Entry:
    """What somebody wrote last."""
    with database.read() as session:
        workspace = session.scalars(select(KnownPerson.workspace)).first()
        return find_entries(session, str(workspace), person)[0]


async def journal_of(office: Office, name: str) -> list[str]:
    """What somebody's journal says, opened with the key."""
    person = await id_of(office, name)
    with office.database.read() as session:
        workspace = str(session.scalars(select(KnownPerson.workspace)).first())
        entries = find_entries(session, workspace, person)
        return [unseal(session, workspace, entry.sealed) for entry in entries]


async def calls_with_marker(office: Office) -> list[dict[str, Any]]:
    """The calls to Slack that carry the words."""
    return [call for call in await office.workplace.calls() if MARKER in json.dumps(call)]


def assert_nowhere(database: Database, folder: Path, logged: StringIO) -> None:
    """Neither in the log, nor in any table, nor in a file of the database."""
    assert MARKER not in logged.getvalue()
    with database.read() as session:
        for name in inspect(session.connection()).get_table_names():
            for row in session.execute(select(text("*")).select_from(table_of(name))):
                assert MARKER not in str(tuple(row)), name
    files = b"".join(file.read_bytes() for file in folder.rglob("commonplace.db*"))
    assert MARKER.encode() not in files
