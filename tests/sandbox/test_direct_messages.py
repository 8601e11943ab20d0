import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import NotPossible, Person, Workplace
from tests.sandbox.conftest import SocketApp


async def test_people_write_to_each_other_without_the_app(
    app: SocketApp, asha: Person, workplace: Workplace, sandbox: Sandbox, slack: AsyncWebClient
) -> None:
    """Two people share one conversation however often it is opened; nobody else sees it, nor does the app."""
    room = (await workplace.post("direct", as_="asha", people=["ben"]))["channel"]
    assert (await workplace.post("direct", as_="ben", people=["asha", "ben"]))["channel"] == room
    await asha.posts(room, "Lunch?")
    await workplace.all_delivered()
    assert [message["text"] for message in await workplace.person("ben").sees(room)] == ["Lunch?"]
    with pytest.raises(NotPossible, match="no channel"):
        await workplace.person("ada").sees(room)
    with pytest.raises(SlackApiError, match="channel_not_found"):
        await slack.conversations_info(channel=room)
    assert app.events("message") == []
    assert sandbox.world.conversations[room].kind == "im"


async def test_a_group_that_the_app_opened_is_on_the_page(
    slack: AsyncWebClient, asha: Person, workplace: Workplace
) -> None:
    """conversations.open with several people makes one group message, which they see and write in."""
    opened = await slack.conversations_open(users=["U0ASHA", "U0BEN", "U0ADA"])
    again = await slack.conversations_open(users=["U0ADA", "U0ASHA", "U0BEN"])
    room = opened["channel"]["id"]
    assert again["channel"]["id"] == room
    assert again["already_open"] is True
    await slack.chat_postMessage(channel=room, text="You three are a circle.")
    await asha.posts(room, "Hello!")
    state = await workplace.state("ben")
    shown = next(each for each in state["conversations"] if each["id"] == room)
    assert (shown["type"], shown["members"], shown["app_is_member"]) == ("mpim", 4, True)
    assert shown["name"] == "Ada, Asha, Commonplace"
    members = (await workplace.get("members", as_="ben", channel=room))["members"]
    assert set(members) == {"U0ADA", "U0ASHA", "U0BEN", "U0APP"}
    assert set((await slack.conversations_members(channel=room))["members"]) == set(members)
    info = (await slack.conversations_info(channel=room))["channel"]
    assert info["is_mpim"] is True


@pytest.mark.parametrize(
    ("people", "sentence"),
    [
        ([], "choose somebody"),
        (["asha"], "choose somebody"),
        ("ben", "a list"),
        (["nobody"], "nobody called"),
    ],
)
async def test_a_direct_message_needs_somebody(workplace: Workplace, people: object, sentence: str) -> None:
    """Nobody, oneself and strangers are refused with a sentence."""
    with pytest.raises(NotPossible, match=sentence):
        await workplace.post("direct", as_="asha", people=people)


async def test_a_group_has_room_for_nine(workplace: Workplace) -> None:
    """As in Slack, at most eight others fit, and who left cannot be written to."""
    for number in range(9):
        await workplace.post("people", name=f"guest{number}")
    with pytest.raises(NotPossible, match="At most 8"):
        await workplace.post("direct", as_="asha", people=[f"guest{number}" for number in range(9)])
    await workplace.post("person", as_="ada", person="guest0", deleted=True)
    with pytest.raises(NotPossible, match="left the workspace"):
        await workplace.post("direct", as_="asha", people=["guest0"])
