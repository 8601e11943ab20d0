import asyncio
from time import monotonic
from typing import Any

from bot.ids import ActionId
from tests.people import Person
from tests.stories.conftest import Office


async def seen(person: Person, channel: str, words: str) -> dict[str, Any]:
    """The newest message that shows these words, once this person sees one."""
    deadline = monotonic() + 15
    while monotonic() < deadline:
        for message in reversed(await person.sees(channel)):
            if words in str(message):
                return message
        await asyncio.sleep(0.05)
    raise AssertionError(f"{words!r} was never seen in {channel}")


async def test_a_learner_shares_by_form_and_it_is_posted(office: Office) -> None:
    """`/learn share` opens a form, whose post appears in the space with the author's name."""
    await office.asha.types("/learn share", "#kitchen")
    view = (await office.workplace.get("views", **{"as": "asha"}))["views"][-1]
    space = (await office.workplace.state("asha"))["conversations"]
    kitchen = next(each["id"] for each in space if each["name"] == "kitchen")
    values = {"kind": "solution", "title": "Undo a commit", "text": "git reset --soft", "space": kitchen}
    answer = await office.asha.submits(view, {name: {name: value} for name, value in values.items()})
    assert "errors" not in answer, answer
    await seen(office.mara, "#kitchen", "shares a solution: Undo a commit")
    await seen(office.mara, "#kitchen", "green_book")


async def test_a_nominated_author_agrees(office: Office) -> None:
    """💡 asks the author in their DM; their yes keeps the message, and the card says so."""
    post = await office.asha.posts("#kitchen", "rebase first")
    await office.mara.reacts(post, "bulb")
    card = await seen(office.asha, "app", "worth keeping")
    await office.asha.presses(card, ActionId.AGREE_TO_NOMINATION)
    await seen(office.asha, "app", "Kept, thank you")
    await seen(office.mara, "#kitchen", "green_book")
