import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox, seeded_world
from bot.sandbox.typed_text import escaped_entities
from tests.people import Person, Workplace


async def test_groups_and_their_people_are_listed(slack: AsyncWebClient, workplace: Workplace) -> None:
    """The list gives people and their number only when asked; the people come one group at a time, too."""
    made = await workplace.post("usergroup", as_="ada", handle="bakers", name="Bakers", users=["asha", "ben"])
    plain = (await slack.usergroups_list())["usergroups"][0]
    assert (plain["handle"], plain["name"], plain["date_delete"]) == ("bakers", "Bakers", 0)
    assert "users" not in plain
    full = (await slack.usergroups_list(include_users=True, include_count=True))["usergroups"][0]
    assert (full["users"], full["user_count"]) == (["U0ASHA", "U0BEN"], "2")
    assert (await slack.usergroups_users_list(usergroup=made["usergroup"]))["users"] == full["users"]
    with pytest.raises(SlackApiError, match="no_such_subteam"):
        await slack.usergroups_users_list(usergroup="S0NOWHERE")


async def test_a_group_is_changed_by_its_handle(workplace: Workplace) -> None:
    """The same handle again means the same group, with other people."""
    first = await workplace.post("usergroup", as_="ada", handle="@bakers", users=["asha"])
    second = await workplace.post("usergroup", as_="ada", handle="bakers", users=["ben", "ben"])
    assert first["usergroup"] == second["usergroup"]
    assert (await workplace.state("asha"))["usergroups"][0]["users"] == ["U0BEN"]


async def test_a_group_is_mentioned_by_its_handle(
    workplace: Workplace, sandbox: Sandbox, asha: Person
) -> None:
    """@handle becomes Slack's token in a post, and in an escaped command the handle stands behind it."""
    group = (await workplace.post("usergroup", as_="ada", handle="bakers", users=["ben"]))["usergroup"]
    await asha.posts("#kitchen", "Thanks @bakers.")
    assert (await asha.sees("#kitchen"))[-1]["text"] == f"Thanks <!subteam^{group}>."
    assert escaped_entities(sandbox.world, "enrol @bakers") == f"enrol <!subteam^{group}|@bakers>"


def test_the_seeded_workspace_has_two_groups() -> None:
    """Tidewell has a field crew and newcomers, all of them people who are there."""
    world = seeded_world()
    assert [group["handle"] for group in world.usergroups.values()] == ["field-crew", "newcomers"]
    for group in world.usergroups.values():
        assert len(group["users"]) > 2
        assert set(group["users"]) <= set(world.people)
