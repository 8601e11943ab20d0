from typing import Any

from bot.ids import ActionId
from tests.people import Person, eventually, texts
from tests.stories.conftest import Office


async def shown(person: Person, words: str) -> dict[str, Any]:
    """The form on top, once it shows these words."""

    async def look() -> dict[str, Any] | None:
        views = await person.views()
        return views[-1] if views and words in texts(views[-1]["blocks"]) else None

    found = await eventually(look)
    assert found is not None
    return found


async def test_a_contribution_is_found_again_until_it_is_deleted(office: Office) -> None:
    """`/learn find` shows what a colleague gave, follows an edit, and forgets what was deleted."""
    post = await office.asha.posts("#kitchen", "#solution Proof the dough overnight")
    await office.settles()
    await office.tomas.types("/learn find dough by:@Asha", "#kitchen")
    view = await shown(office.tomas, "Proof the dough overnight")
    assert "1 contribution" in texts(view["blocks"])
    await office.asha.edits(post, "#solution Proof the bread overnight")
    await office.settles()
    answer = await office.tomas.submits(view, {"words": {"words": "bread"}})
    assert "Proof the bread overnight" in texts(answer["view"]["blocks"])
    await office.asha.deletes(post)
    await office.settles()
    answer = await office.tomas.submits(answer["view"], {"words": {"words": "bread"}})
    assert "Nothing on this yet" in texts(answer["view"]["blocks"])


async def test_a_wrong_filter_is_explained_and_kept(office: Office) -> None:
    """The form opens with what was typed and one sentence; sent again, the sentence stands at the field."""
    await office.mara.types("/learn find colour:red dough", "#kitchen")
    view = await shown(office.mara, "I don't know the filter")
    assert view["blocks"][0]["element"]["initial_value"] == "colour:red dough"
    answer = await office.mara.submits(view, {"words": {"words": "kind:poem"}})
    assert "no kind" in answer["errors"]["words"]


async def test_pages_turn(office: Office) -> None:
    """More shows the next results and Back the first ones."""
    for n in range(9):
        await office.asha.posts("#kitchen", f"#insight Tip number {n} on dough")
    await office.settles()
    await office.tomas.types("/learn find dough", "#kitchen")
    view = await shown(office.tomas, "1–8 of 9 results")
    await office.tomas.presses(view, ActionId.FIND_MORE)
    view = await shown(office.tomas, "9–9 of 9 results")
    await office.tomas.presses(view, ActionId.FIND_BACK)
    await shown(office.tomas, "1–8 of 9 results")


async def test_who_knows_and_the_empty_form(office: Office) -> None:
    """`/learn who` leads with people and their evidence; `/learn find` alone opens the field."""
    await office.asha.posts("#kitchen", "#solution Proof the dough overnight")
    await office.settles()
    await office.tomas.types("/learn who dough", "#kitchen")
    view = await shown(office.tomas, "People who know")
    assert view["title"]["text"] == "Who knows"
    await office.mara.types("/learn find", "#kitchen")
    await shown(office.mara, "What are you looking for?")


async def test_a_private_space_stays_private(office: Office) -> None:
    """What was said in a private space is found by who is in it, by nobody else."""
    await office.ada.creates("cellar", private=True)
    await office.ada.invites("#cellar", "app")
    await office.ada.invites("#cellar", "mara")
    await office.settles()
    await office.mara.posts("#cellar", "#insight The sourdough is moody")
    await office.settles()
    await office.tomas.types("/learn find sourdough", "#kitchen")
    await shown(office.tomas, "Nothing on this yet")
    await office.mara.types("/learn find sourdough", "#kitchen")
    await shown(office.mara, "The sourdough is moody")
