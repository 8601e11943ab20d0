"""The journal: written, read, searched, changed, taken out and kept as files; shown to whom its writer chose."""

from bot.ids import ActionId
from tests.stories.after_programme import ends, id_of, told, waits_for
from tests.stories.conftest import Office
from tests.stories.journalling import (
    WORDS,
    closes_all,
    in_thread,
    journal_of,
    newest,
    shares_newest,
    writes,
)

MARKER = "quince-marmalade-7203"


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


async def test_the_command_understands_its_words_and_loses_none(office: Office) -> None:
    """On is on however often it is said; whatever is longer than a command is the beginning of an entry."""
    for wanted, says in (
        ("on", "once a week"),
        ("on", "once a week"),
        ("off", "no weekly"),
        ("off", "no weekly"),
    ):
        assert says in str(await office.asha.types(f"/learn journal weekly {wanted}"))
    await writes(office, office.asha, "Only custard")
    await office.asha.types("/learn journal edit custard")
    page = await office.asha.form()
    assert "there you can edit it" in str(page)
    assert "Only custard" in str(page)
    await office.asha.closes(page)
    typed = "export what you know: write it down"
    await office.asha.types(f"/learn journal {typed}")
    form = await office.asha.form()
    assert form["blocks"][0]["element"]["initial_value"] == typed
    await office.asha.closes(form)


async def test_nothing_of_long_words_is_lost_in_a_form(office: Office) -> None:
    """More than one field holds is in as many fields as it needs, when it is written and when it is edited."""
    long = "".join(f"{number:04} " for number in range(780)).strip()
    await office.asha.types(f"/learn journal write {long}")
    for change in ("", " and more"):
        form = await office.asha.form()
        fields = [block for block in form["blocks"] if block["type"] == "input"]
        values = [field["element"]["initial_value"] for field in fields]
        values[-1] += change
        filled = {field["block_id"]: {WORDS: value} for field, value in zip(fields, values, strict=True)}
        await office.asha.submits(form, filled)
        await closes_all(office.asha)
        await office.settles()
        assert await journal_of(office, "asha") == [long + change]
        number = str(newest(office.database, await id_of(office, "asha")).id)
        await office.asha.types("/learn journal")
        await office.asha.presses(await office.asha.form(), ActionId.OPEN_ENTRY, number)
        await office.asha.presses(await office.asha.form(), ActionId.EDIT_ENTRY, number)


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
