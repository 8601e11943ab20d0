"""The talk and the circle, as two people and a few more live them."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.ids import ActionId
from storage.tables import METADATA
from tests.people import Person, texts
from tests.stories.after_programme import ends, told, waits_for
from tests.stories.conftest import Office

MARKER = "zebra-in-the-dough"


async def _now(office: Office) -> datetime:
    return datetime.fromisoformat(str((await office.workplace.get("clock"))["now"]))


async def test_a_talk_from_the_first_question_to_the_last_word(office: Office) -> None:
    """Asha offers times, Mara taps one, both calendars have it; what they write to each other is posted nowhere.

    Asha is in Kolkata and Mara in Lisbon. Asha brings an entry that only Mara reads, and Mara's words reach only Asha.
    """
    await ends(office, "asha", manager="mara")
    prompt = await waits_for(office, office.asha, "How is your dough on day 2?", 10)
    await office.asha.replies(prompt, f"{MARKER}: it stuck to everything")
    await office.settles()

    card = await waits_for(office, office.asha, "Time for a talk with Mara")
    await office.asha.presses(card, ActionId.OFFER_TALK_TIMES, _value(card, ActionId.OFFER_TALK_TIMES))
    form = await office.asha.form()
    now = await _now(office)
    talk_at = (now + timedelta(days=2)).replace(hour=10, minute=0, second=0, microsecond=0)
    taken = await office.asha.submits(form, {"time_0": {"time_0": int(talk_at.timestamp())}})
    assert taken["closed"], taken
    await office.settles()

    card = await told(office.mara, "would like to talk with you")
    await office.mara.presses(card, ActionId.TAKE_TALK_TIME, _value(card, ActionId.TAKE_TALK_TIME))
    await office.settles()
    for person in (office.asha, office.mara):
        file = await told(person, "For your calendar")
        assert [one["name"] for one in file["files"]] == ["talk.ics"]

    card = await told(office.asha, "Your talk with Mara")
    await office.asha.presses(card, ActionId.CHOOSE_TALK_ENTRIES, _value(card, ActionId.CHOOSE_TALK_ENTRIES))
    choice = await office.asha.form()
    entry = choice["blocks"][0]["element"]["options"][0]["value"]
    assert (await office.asha.submits(choice, {"entries": {"entries": [entry]}}))["closed"]
    card = await told(office.mara, "Your talk with Asha")
    await office.mara.presses(card, ActionId.READ_TALK_BRIEF, _value(card, ActionId.READ_TALK_BRIEF))
    page = await office.mara.form()
    assert MARKER in texts(page["blocks"])
    await office.mara.closes(page)

    card = await waits_for(office, office.mara, "How was your talk with Asha", 4)
    await office.mara.presses(card, ActionId.TALK_HAPPENED, _value(card, ActionId.TALK_HAPPENED))
    card = await told(office.mara, "A few words for Asha")
    await office.mara.presses(card, ActionId.GIVE_TALK_FEEDBACK, _value(card, ActionId.GIVE_TALK_FEEDBACK))
    form = await office.mara.form()
    assert (await office.mara.submits(form, {"words": {"words": f"{MARKER}! Keep weighing."}}))["closed"]
    card = await told(office.asha, "Mara wrote to you about your talk")
    await office.asha.presses(card, ActionId.READ_TALK_FEEDBACK, _value(card, ActionId.READ_TALK_FEEDBACK))
    assert "Keep weighing." in texts((await office.asha.form())["blocks"])

    card = await told(office.asha, "Mara noted that you talked")
    await office.asha.presses(card, ActionId.TALK_HAPPENED, _value(card, ActionId.TALK_HAPPENED))
    await told(office.asha, "*You talked with Mara.*")

    spoken = [call for call in await office.workplace.calls() if not call["method"].startswith("views.")]
    assert MARKER not in str(spoken)


async def test_a_circle_of_three_gets_a_conversation_of_its_own(office: Office) -> None:
    """Three who wish for it are brought together; the question comes there, and what they write there is not read."""
    people = (office.asha, office.mara, office.tomas)
    await ends(office, "asha", "mara", "tomas")
    for person in people:
        card = await _invited(office, person)
        await person.presses(card, ActionId.JOIN_CIRCLE, _value(card, ActionId.JOIN_CIRCLE))
    await office.settles()
    group = await _group(office)
    hello = (await office.asha.sees(group))[0]
    assert "you are a circle" in str(hello)
    await office.workplace.moves_clock(by="3d")
    await office.settles()
    question = (await office.asha.sees(group))[-1]
    assert "What was hard?" in str(question)
    value = _value(question, ActionId.CIRCLE_MET)
    await office.asha.presses(question, ActionId.CIRCLE_MET, value)
    await office.asha.posts(group, f"{MARKER} shall we meet on Tuesday?")
    await office.settles()
    assert MARKER not in str(_all_text(office))


async def test_a_circle_goes_on_without_who_left(office: Office) -> None:
    """Tomas leaves: Asha and Mara get a new conversation with the next question, and nothing more comes to the old."""
    people = (office.asha, office.mara, office.tomas)
    await ends(office, "asha", "mara", "tomas")
    for person in people:
        card = await _invited(office, person)
        await person.presses(card, ActionId.JOIN_CIRCLE, _value(card, ActionId.JOIN_CIRCLE))
    await office.settles()
    group = await _group(office)
    await office.workplace.moves_clock(by="3d")
    await office.settles()
    question = (await office.tomas.sees(group))[-1]
    await office.tomas.presses(question, ActionId.LEAVE_CIRCLE, _value(question, ActionId.LEAVE_CIRCLE))
    await office.settles()
    old = await office.asha.sees(group)
    assert "Tomas is no longer in this circle" in str(old[-1])
    (new,) = [one for one in await _groups(office, "asha") if one != group]
    assert await _groups(office, "tomas") == [group]
    await office.workplace.moves_clock(by="7d")
    await office.settles()
    assert "Question 2 of 8" in str((await office.mara.sees(new))[-1])
    assert await office.asha.sees(group) == old


async def test_a_talk_is_moved_and_then_called_off(office: Office) -> None:
    """Mara wishes for another day and Asha takes it; then it is not needed: both calendars follow each step."""
    await ends(office, "asha", manager="mara")
    card = await waits_for(office, office.asha, "Time for a talk with Mara")
    await _offers(office, office.asha, card, days=3)
    card = await told(office.mara, "would like to talk with you")
    await office.mara.presses(card, ActionId.TAKE_TALK_TIME, _value(card, ActionId.TAKE_TALK_TIME))
    await office.settles()
    await _offers(office, office.mara, await told(office.mara, "Your talk with Asha"), days=7)
    card = await told(office.asha, "Mara offers other times")
    await office.asha.presses(card, ActionId.TAKE_TALK_TIME, _value(card, ActionId.TAKE_TALK_TIME))
    await office.settles()
    await told(office.mara, "This moves it in your calendar")
    card = await told(office.asha, "*Your talk with Mara:")
    await office.asha.presses(card, ActionId.TALK_NOT_NEEDED, _value(card, ActionId.TALK_NOT_NEEDED))
    await office.settles()
    for person in (office.asha, office.mara):
        await told(person, "This takes it out of your calendar")
    assert "no talk" in str(await told(office.mara, "Asha thinks it is not needed")).lower()


async def _offers(office: Office, person: Person, card: dict[str, Any], days: int) -> None:
    """Offer ten o'clock UTC some days from now, and no other time."""
    await person.presses(card, ActionId.OFFER_TALK_TIMES, _value(card, ActionId.OFFER_TALK_TIMES))
    form = await person.form()
    at = (await _now(office) + timedelta(days=days)).replace(hour=10, minute=0, second=0, microsecond=0)
    none = {f"time_{n}": {f"time_{n}": None} for n in (1, 2)}
    sent = await person.submits(form, {"time_0": {"time_0": int(at.timestamp())}, **none})
    assert sent["closed"], sent
    await office.settles()


async def _groups(office: Office, name: str) -> list[str]:
    """The group conversations that this person is in."""
    conversations = (await office.workplace.state(name))["conversations"]
    return [str(one["id"]) for one in conversations if one["type"] == "mpim"]


async def _invited(office: Office, person: Person) -> dict[str, Any]:
    for _ in range(6):
        found = [one for one in await person.dm_from_app() if "Would you like a circle" in str(one)]
        if found:
            return found[-1]
        await office.workplace.moves_clock(by="1d")
        await office.settles()
    raise AssertionError("nobody asked")


async def _group(office: Office) -> str:
    """The id of the group conversation that the app opened."""
    for _ in range(10):
        conversations = (await office.workplace.state("asha"))["conversations"]
        groups = [one["id"] for one in conversations if one["type"] == "mpim"]
        if groups:
            return str(groups[0])
        await office.workplace.moves_clock(by="1d")
        await office.settles()
    raise AssertionError("no circle")


def _all_text(office: Office) -> list[Sequence[Any]]:
    """Every value of every table."""
    with office.database.read() as session:
        return [session.execute(table.select()).all() for table in METADATA.sorted_tables]


def _value(message: dict[str, Any], action: str) -> str:
    """What the button of this message carries."""
    for block in message["blocks"]:
        for element in [*block.get("elements", ()), block.get("accessory") or {}]:
            if element.get("action_id") == action:
                return str(element.get("value") or "")
    raise AssertionError(f"no button {action} in {message}")
