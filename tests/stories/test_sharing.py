"""Sharing through the whole house: by form, with a clip, by 💡, and for somebody else, with yes, no and silence."""

import asyncio
from time import monotonic
from typing import Any

from bot.ids import ActionId, ShortcutId
from tests.people import Json, Person, Post
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


CLIP = b"\x00\x00\x00\x18ftypmp42"


async def offers_a_clip(office: Office, title: str) -> None:
    """Asha ticks "Post the clip myself" in the form."""
    await office.asha.types("/learn share", "#kitchen")
    state = await office.workplace.state("asha")
    kitchen = next(each["id"] for each in state["conversations"] if each["name"] == "kitchen")
    values: Json = {"kind": "demo", "title": title, "space": kitchen, "clip": ["own"]}
    answer = await office.asha.submits(
        await office.asha.form(), {name: {name: value} for name, value in values.items()}
    )
    assert "Now your clip" in str(answer["view"])
    await office.settles()


async def posts_clip(person: Person, channel: str, minutes: float) -> Post:
    """Record and post a video of this length."""
    file = await person.uploads("clip.mp4", CLIP, duration_ms=int(minutes * 60_000))
    return await person.posts(channel, "", files=[file["id"]])


async def told(office: Office, person: Person, words: str) -> bool:
    """Whether the app wrote these words to somebody, now that all is said."""
    await office.settles()
    return any(words in str(message) for message in await person.dm_from_app())


async def test_the_clip_that_follows_becomes_the_contribution(office: Office) -> None:
    """Asha's next video in the space is kept under the title she gave; two minutes get no word about length."""
    await offers_a_clip(office, "How to fold")
    await office.mara.posts("#kitchen", "not a video")
    await posts_clip(office.asha, "#kitchen", 2)
    await seen(office.mara, "#kitchen", "green_book")
    assert await told(office, office.asha, "in the library. Thank you!")
    assert not await told(office, office.asha, "A small hint")
    await office.mara.types("/learn find fold", "#kitchen")
    assert "How to fold" in str(await office.mara.form())


async def test_a_long_clip_is_thanked_with_one_kind_word(office: Office) -> None:
    """Sent to the app as a direct message it goes to the space, and a clip of eight minutes gets a hint, once."""
    await offers_a_clip(office, "All about dough")
    await posts_clip(office.asha, "app", 8)
    await seen(office.mara, "#kitchen", "All about dough")
    await seen(office.asha, "app", "this one runs 8 minutes")
    await office.settles()
    hints = [message for message in await office.asha.dm_from_app() if "A small hint" in str(message)]
    assert len(hints) == 1


async def test_a_clip_that_does_not_come_lapses_kindly(office: Office) -> None:
    """After half an hour the app stops waiting and gives back what was written; a later video is just a video."""
    await offers_a_clip(office, "How to knead")
    await office.workplace.moves_clock(by="31m")
    await seen(office.asha, "app", "has not come within 30 minutes")
    await posts_clip(office.asha, "#kitchen", 1)
    await office.settles()
    assert "green_book" not in str(await office.asha.sees("#kitchen"))


async def test_saving_what_a_colleague_wrote_asks_them(office: Office) -> None:
    """Mara saves Asha's message: the form says whose words they are, and only Asha's yes keeps it."""
    post = await office.asha.posts("#kitchen", "Rest the dough in the fridge")
    await office.settles()
    await office.mara.uses_shortcut(ShortcutId.SAVE_CONTRIBUTION, post)
    form = await office.mara.form()
    assert "Asha" in str(form["blocks"][0])
    values = {"kind": {"kind": "solution"}, "title": {"title": "A cold rest"}}
    answer = await office.mara.submits(form, values)
    assert "I have asked" in str(answer["view"])
    card = await seen(office.asha, "app", "worth keeping")
    assert "green_book" not in str(await office.mara.sees("#kitchen"))
    await office.asha.presses(card, ActionId.AGREE_TO_NOMINATION)
    await seen(office.mara, "#kitchen", "green_book")
    await office.tomas.types("/learn find cold", "#kitchen")
    assert "A cold rest" in str(await office.tomas.form())


async def test_no_thanks_stays_no_and_nobody_is_told(office: Office) -> None:
    """Asha declines: nothing is kept, Mara hears nothing, and another 💡 asks no second time."""
    post = await office.asha.posts("#kitchen", "rebase first")
    await office.mara.reacts(post, "bulb")
    card = await seen(office.asha, "app", "worth keeping")
    await office.asha.presses(card, ActionId.DECLINE_NOMINATION)
    await seen(office.asha, "app", "nobody is told")
    await office.tomas.reacts(post, "bulb")
    await office.settles()
    assert "green_book" not in str(await office.mara.sees("#kitchen"))
    assert len(await office.asha.dm_from_app()) == 1
    assert await office.mara.dm_from_app() == []


async def test_stop_these_ends_the_kind_in_one_tap(office: Office) -> None:
    """Asha stops nominations on the card: the next 💡 asks nothing, and her settings offer them again."""
    post = await office.asha.posts("#kitchen", "rebase first")
    await office.mara.reacts(post, "bulb")
    card = await seen(office.asha, "app", "worth keeping")
    await office.asha.presses(card, ActionId.STOP_KIND, "nomination")
    await office.settles()
    assert str(await office.asha.dm()).count("Allow these again in `/learn settings`") == 1
    again = await office.asha.posts("#kitchen", "and squash later")
    await office.settles()
    await office.mara.reacts(again, "bulb")
    await office.settles()
    assert "and squash later" not in str(await office.asha.dm_from_app())
    await office.asha.types("/learn settings", "#kitchen")
    assert "worth keeping" in str(await office.asha.form())


async def test_a_nomination_that_nobody_answers_lapses(office: Office) -> None:
    """After a week the card says so and has nothing to press; what was written stays as it is."""
    post = await office.asha.posts("#kitchen", "rebase first")
    await office.mara.reacts(post, "bulb")
    card = await seen(office.asha, "app", "worth keeping")
    await office.workplace.moves_clock(by="8d")
    lapsed = await seen(office.asha, "app", "A week has passed")
    assert lapsed["ts"] == card["ts"]
    assert ActionId.AGREE_TO_NOMINATION not in str(lapsed)
    assert "green_book" not in str(await office.mara.sees("#kitchen"))
