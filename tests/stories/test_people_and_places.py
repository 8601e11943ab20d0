"""People and places through the whole house: inviting the app, the first admin, settings, roles, leaving, Home."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path
from time import monotonic
from typing import Any

from sqlalchemy import select

from bot.config import Settings
from bot.exporting import export
from bot.ids import ActionId
from storage.discussions import Question
from storage.messages import Message
from storage.people import find_person, has_role
from storage.spaces import find_space
from storage.stats import read_stats
from tests.people import Person
from tests.stories.conftest import Office


async def until(look: Callable[[], Awaitable[Any]], what: str) -> Any:
    """What `look` finds, as soon as it finds something."""
    deadline = monotonic() + 20
    while monotonic() < deadline:
        found = await look()
        if found:
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(f"never: {what}")


async def sees(person: Person, channel: str, words: str) -> dict[str, Any]:
    """The newest message that shows these words."""

    async def look() -> dict[str, Any] | None:
        return next((m for m in reversed(await person.sees(channel)) if words in str(m)), None)

    found: dict[str, Any] = await until(look, words)
    return found


async def top_view(office: Office, person: str) -> dict[str, Any]:
    """The form on top."""
    view: dict[str, Any] = (await office.workplace.get("views", **{"as": person}))["views"][-1]
    return view


async def channel_id(office: Office, person: str, name: str) -> str:
    """The id of a channel."""
    conversations = (await office.workplace.state(person))["conversations"]
    return next(str(each["id"]) for each in conversations if each["name"] == name)


async def team(office: Office) -> str:
    """The workspace's id."""
    return (await office.app.installations.all())[0]


async def person_id(office: Office, name: str) -> str:
    """Somebody's id."""
    return str((await office.workplace.state(name))["me"])


async def test_inviting_the_app_tells_the_inviter_and_reads_the_past(office: Office) -> None:
    """Asha invites the app, learns what is recorded, presses "Read the last 90 days", and the past is found."""
    await office.asha.creates("git")
    await office.asha.posts("#git", "#solution rebase before you push")
    await office.asha.invites("#git", "app")
    card = await sees(office.asha, "app", "What is recorded")
    assert "Read the last 90 days" in str(card)
    await office.asha.presses(card, ActionId.READ_BACK)
    await office.asha.presses(card, ActionId.READ_BACK)
    await sees(office.asha, "app", "Reading the last 90 days")
    await office.app.timekeeper.tick()  # what the clock does every 20 seconds
    await sees(office.asha, "app", "I have read the last 90 days")
    workspace, channel = await team(office), await channel_id(office, "asha", "git")
    asha = await person_id(office, "asha")
    with office.database.read() as session:
        space = find_space(session, workspace, channel)
        assert space is not None
        assert space.name == "git"
        assert has_role(session, workspace, asha, "facilitator", channel)


async def test_the_first_owner_becomes_admin_and_changes_settings(office: Office) -> None:
    """Ada owns the Slack workspace: her first `/learn` walks her through, and she may change the words."""
    answer = await office.ada.types("/learn", "#kitchen")
    assert "first admin" in str(answer)
    assert "first admin" not in str(await office.asha.types("/learn", "#kitchen"))
    await office.ada.types("/learn settings", "#kitchen")
    page = await top_view(office, "ada")
    await office.ada.presses(page, ActionId.OPEN_WORKSPACE_SETTINGS)
    form = await top_view(office, "ada")
    state = {
        block["block_id"]: {block["element"]["action_id"]: block["element"].get("initial_value")}
        for block in form["blocks"]
        if block["type"] == "input" and block["element"]["type"] != "checkboxes"
    }
    state["ask_tag.0"] = {"ask_tag": "two words"}
    refused = await office.ada.submits(form, state)
    assert "ask_tag.0" in refused["errors"]
    state["ask_tag.0"] = {"ask_tag": "frage"}
    assert not (await office.ada.submits(form, state)).get("errors")
    assert "Saved." in str(await office.ada.views())
    assert "`#frage`" in str(await office.asha.types("/learn help", "#kitchen"))
    await another_word_counts_until_it_is_reset(office)


async def another_word_counts_until_it_is_reset(office: Office) -> None:
    """`#frage` asks now and `#ask` does not; "Back to default" turns that round."""
    await office.asha.posts("#kitchen", "Which flour? #ask")
    await office.asha.posts("#kitchen", "Welches Mehl? #frage")
    await office.settles()
    assert await questions(office) == ["Welches Mehl? #frage"]
    await office.ada.presses(await top_view(office, "ada"), ActionId.OPEN_WORKSPACE_SETTINGS, "words")
    form = await top_view(office, "ada")
    assert "changed from the default (ask)" in str(form)
    await office.ada.presses(form, ActionId.RESET_SETTING, "ask_tag")
    await office.asha.posts("#kitchen", "How warm? #ask")
    await office.settles()
    assert await questions(office) == ["Welches Mehl? #frage", "How warm? #ask"]


async def questions(office: Office) -> list[str]:
    """What was asked on purpose, oldest first."""
    with office.database.read() as session:
        asked = session.execute(
            select(Message.text)
            .join(Question, (Question.channel == Message.channel) & (Question.ts == Message.ts))
            .where(~Question.withdrawn)
            .order_by(Message.ts)
        )
        return list(asked.scalars())


async def test_being_left_out_from_the_settings(office: Office) -> None:
    """Mara presses "Leave me out": the page says so, and nothing she posts is kept until she comes back."""
    await office.mara.types("/learn settings", "#kitchen")
    await office.mara.presses(await top_view(office, "mara"), ActionId.LEAVE_ME_OUT)
    await office.settles()
    page = await top_view(office, "mara")
    assert "You are left out" in str(page)
    workspace, mara = await team(office), await person_id(office, "mara")
    with office.database.read() as session:
        known = find_person(session, workspace, mara)
        assert known is not None
        assert known.left_out
    await office.mara.presses(page, ActionId.TAKE_ME_IN)
    await office.settles()
    assert "Welcome back" in str(await top_view(office, "mara"))


async def test_what_was_given_is_nowhere_after_leaving(
    office: Office, database_url: str, tmp_path: Path
) -> None:
    """Mara leaves: her words are found by nobody, on no page, in no figure and in no export; others' stay."""
    await office.mara.posts("#kitchen", "#solution zanzibar needs salt")
    await office.asha.posts("#kitchen", "#solution oregano needs sun")
    await office.settles()
    assert "zanzibar" in str(await finds(office, "zanzibar"))
    await office.mara.types("/learn settings", "#kitchen")
    await office.mara.presses(await top_view(office, "mara"), ActionId.LEAVE_ME_OUT)
    await office.mara.posts("#kitchen", "#insight zanzibar again")
    await office.settles()
    assert "Nothing on this yet" in str(await finds(office, "zanzibar"))
    assert "Mara" not in str(await finds(office, "needs"))
    assert "oregano" in str(await finds(office, "oregano"))
    await office.mara.opens_home()
    await office.settles()
    assert "zanzibar" not in str(await office.mara.home())
    with office.database.read() as session:
        assert read_stats(session)["contributions"] == 1
    files = export(Settings(database_url=database_url), tmp_path / "out", "json")
    everything = "".join(file.read_text("utf-8") for file in files)
    assert "zanzibar" not in everything
    assert "Mara" not in everything
    assert "oregano" in everything


async def finds(office: Office, words: str) -> dict[str, Any]:
    """What `/learn find` shows Tomas."""
    await office.tomas.types(f"/learn find {words}", "#kitchen")
    return await top_view(office, "tomas")


async def test_a_facilitator_gives_and_takes_back_a_role(office: Office) -> None:
    """What is missing is said at its field; the list below shows what was given, and Remove ends it."""
    await office.ada.types("/learn", "#kitchen")
    await office.ada.types("/learn settings", "#kitchen")
    await office.ada.presses(await top_view(office, "ada"), ActionId.OPEN_ROLES)
    await office.ada.presses(await top_view(office, "ada"), ActionId.ADD_ROLE)
    form, asha = await top_view(office, "ada"), await person_id(office, "asha")
    values = {"person": {"person": asha}, "duty": {"duty": "facilitator"}}
    assert "space" in (await office.ada.submits(form, values))["errors"]
    values["space"] = {"space": await channel_id(office, "ada", "kitchen")}
    assert not (await office.ada.submits(form, values)).get("errors")
    roles = await top_view(office, "ada")
    assert "Asha" in str(roles)
    await sees(office.asha, "app", "facilitator of")
    line = next(block["block_id"] for block in roles["blocks"] if "Asha" in str(block))
    await office.ada.presses(roles, ActionId.REMOVE_ROLE, block_id=line)
    assert "Asha" not in str(await top_view(office, "ada"))


async def test_a_proposed_expert_says_yes(office: Office) -> None:
    """Ada proposes Tomas by form; he says yes in his DM, and she is told."""
    await office.ada.types("/learn", "#kitchen")
    await office.ada.types("/learn settings", "#kitchen")
    await office.ada.presses(await top_view(office, "ada"), ActionId.OPEN_ROLES)
    await office.ada.presses(await top_view(office, "ada"), ActionId.ADD_ROLE)
    tomas = await person_id(office, "tomas")
    values = {"person": tomas, "duty": "expert", "subject": "git"}
    given = {name: {name: value} for name, value in values.items()}
    answer = await office.ada.submits(await top_view(office, "ada"), given)
    assert not answer.get("errors"), answer
    assert [view["title"]["text"] for view in await office.ada.views()] == ["Settings", "Roles"]
    assert "was asked to be an expert on git" in str(await top_view(office, "ada"))
    card = await sees(office.tomas, "app", "would like you to be an expert on git")
    await office.tomas.presses(card, ActionId.ACCEPT_ROLE)
    await sees(office.tomas, "app", "You are an expert on git now")
    await sees(office.ada, "app", "said yes and is an expert on git now")


async def test_home_is_drawn_when_it_is_opened(office: Office) -> None:
    """Home shows what somebody gave, with a link, and its buttons open the forms."""
    await office.asha.posts("#kitchen", "#solution knead it twice")
    await office.settles()

    async def look() -> dict[str, Any] | None:
        home = (await office.workplace.get("home", **{"as": "asha"}))["view"]
        return home if home and "knead it twice" in str(home) else None

    home = await until(look, "a Home with the contribution")
    await office.asha.presses(home, ActionId.OPEN_SHARE)
    assert "Share" in str((await top_view(office, "asha"))["title"])


async def test_a_changed_id_loses_nothing(office: Office) -> None:
    """After Slack gave the channel another id, all is where it is now, and an older button still means the space."""
    await office.asha.posts("#kitchen", "#solution knead it twice")
    await office.settles()
    old = await channel_id(office, "asha", "kitchen")
    card = await sees(office.ada, "app", "Read the last 90 days")
    await office.workplace.post("change_id", channel=old)
    await office.settles()
    new = await channel_id(office, "asha", "kitchen")
    workspace = await team(office)
    assert old != new

    async def look() -> bool:
        with office.database.read() as session:
            moved = find_space(session, workspace, new)
            return moved is not None and moved.app_is_in and find_space(session, workspace, old) is None

    await until(look, "the space under its new id")
    await office.ada.presses(card, ActionId.READ_BACK)
    await sees(office.ada, "app", "Reading the last 90 days")
    await office.asha.posts("#kitchen", "#solution and fold it")
    await office.settles()
    with office.database.read() as session:
        assert {message.channel for message in session.scalars(select(Message))} == {new}
        assert find_space(session, workspace, old) is None
