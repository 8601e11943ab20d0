"""What people do with their journals, for stories: write, choose who sees it, and what it says then."""

from typing import Any

from sqlalchemy import select

from bot.ids import ActionId
from storage.journal import Entry, find_entries
from storage.people import Person as KnownPerson
from storage.sealing import unseal
from storage.session import Database
from tests.people import Person
from tests.stories.after_programme import id_of
from tests.stories.conftest import Office

WORDS = "words"


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
