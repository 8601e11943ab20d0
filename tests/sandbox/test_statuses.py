import asyncio
from datetime import timedelta

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import NotPossible, Person, Workplace
from tests.sandbox.conftest import SocketApp
from tests.sandbox.test_advance import Worker


async def test_a_status_ends_by_itself(
    app: SocketApp, slack: AsyncWebClient, asha: Person, workplace: Workplace, sandbox: Sandbox
) -> None:
    """The app hears of the status, and at its end, on the way of the clock, that it is gone."""
    ends = int((sandbox.clock.now() + timedelta(days=2)).timestamp())
    await asha.sets_profile(status_text="On leave", status_emoji=":palm_tree:", status_expiration=ends)
    profile = (await slack.users_profile_get(user="U0ASHA"))["profile"]
    assert (profile["status_text"], profile["status_expiration"]) == ("On leave", ends)
    worker = asyncio.create_task(Worker(workplace, []).work())
    moved = await workplace.moves_clock(by="3d")
    worker.cancel()
    assert moved["steps"] == 2
    told = [event["user"]["profile"] for event in await app.hears(2, "user_change")]
    assert [each["status_text"] for each in told] == ["On leave", ""]
    assert [each["status_emoji"] for each in told] == [":palm_tree:", ""]


async def test_a_status_that_is_over_is_not_shown(
    slack: AsyncWebClient, asha: Person, workplace: Workplace, sandbox: Sandbox
) -> None:
    """Neither the app nor the page sees it any more once its time is over."""
    ends = int((sandbox.clock.now() + timedelta(minutes=5)).timestamp())
    await asha.sets_profile(status_text="Lunch", status_emoji=":bread:", status_expiration=ends)
    sandbox.clock.move_by(timedelta(hours=1))
    assert (await slack.users_info(user="U0ASHA"))["user"]["profile"]["status_text"] == ""
    me = next(each for each in (await workplace.state("asha"))["people"] if each["name"] == "asha")
    assert (me["status_text"], me["status_expiration"]) == ("", 0)


@pytest.mark.parametrize("end", ["tomorrow", -1, 10**12, 1.5, [1]])
async def test_an_end_that_is_none_is_refused(asha: Person, end: object) -> None:
    """Anything but a number of seconds gets a sentence, and nothing changes."""
    with pytest.raises(NotPossible, match="seconds since 1970"):
        await asha.sets_profile(status_text="Away", status_expiration=end)


async def test_the_managers_field_can_be_found(slack: AsyncWebClient, asha: Person) -> None:
    """team.profile.get names the field in which users.profile.get gives the manager."""
    await asha.sets_profile(manager="ben")
    fields = (await slack.team_profile_get())["profile"]["fields"]
    manager = next(field["id"] for field in fields if field["type"] == "user")
    profile = (await slack.users_profile_get(user="U0ASHA"))["profile"]
    assert profile["fields"][manager]["value"] == "U0BEN"
