from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import Person, Workplace
from tests.sandbox.conftest import section


async def refused(call: Any) -> str:
    """The code with which a call is refused."""
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_auth_test_says_who_the_app_is(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    """auth.test names team, user and bot, and gives the address with a slash at its end."""
    answer = await slack.auth_test()
    assert answer["url"] == sandbox.url + "/"
    assert (answer["user_id"], answer["bot_id"]) == ("U0APP", "B0COMMON")
    assert "x-oauth-scopes" in {key.lower() for key in answer.headers}


async def test_tokens_are_checked(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    """No token, a wrong one and one of the wrong kind are refused with Slack's codes."""
    assert await refused(AsyncWebClient(base_url=sandbox.api_url).auth_test()) == "not_authed"
    assert await refused(AsyncWebClient("xoxb-no", base_url=sandbox.api_url).auth_test()) == "invalid_auth"
    wrong = AsyncWebClient(sandbox.app_token, base_url=sandbox.api_url)
    assert await refused(wrong.auth_test()) == "not_allowed_token_type"
    assert await refused(slack.api_call("learn.everything")) == "unknown_method"


async def test_a_missing_scope_is_refused(slack: AsyncWebClient, sandbox: Sandbox) -> None:
    """A method that the manifest did not ask for answers missing_scope."""
    sandbox.world.app.scopes = ["chat:write"]
    assert await refused(slack.users_list()) == "missing_scope"


async def test_every_form_of_arguments_is_read(sandbox: Sandbox, kitchen: str) -> None:
    """JSON bodies, forms with JSON inside and queries mean the same."""
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    blocks = '[{"type": "divider"}]'
    async with aiohttp.ClientSession(headers=headers) as session:
        form = {"channel": kitchen, "text": "form", "blocks": blocks}
        async with session.post(f"{sandbox.api_url}chat.postMessage", data=form) as response:
            assert (await response.json())["message"]["blocks"][0]["type"] == "divider"
        async with session.get(f"{sandbox.api_url}users.info", params={"user": "U0ADA"}) as response:
            assert (await response.json())["user"]["name"] == "ada"
        async with session.post(
            f"{sandbox.api_url}auth.test", data=b"{", headers={"Content-Type": "application/json"}
        ) as r:
            assert (await r.json())["error"] == "invalid_json"


async def test_posting_to_a_person_posts_in_their_dm(slack: AsyncWebClient, asha: Person) -> None:
    """chat.postMessage to a user id answers with the D id, which conversations.open gives too."""
    posted = await slack.chat_postMessage(channel="U0ASHA", text="Hello")
    opened = await slack.conversations_open(users="U0ASHA")
    assert posted["channel"] == opened["channel"]["id"]
    assert posted["channel"].startswith("D")
    assert [message["text"] for message in await asha.dm()] == ["Hello"]


async def test_posts_that_slack_refuses_are_refused(slack: AsyncWebClient, ada: Person, kitchen: str) -> None:
    """Unknown, foreign, archived and empty: each has Slack's code."""
    general = await ada.creates("elsewhere")
    secret = await ada.creates("secret", private=True)
    assert await refused(slack.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"
    assert await refused(slack.chat_postMessage(channel=general, text="x")) == "not_in_channel"
    assert await refused(slack.chat_postMessage(channel=secret, text="x")) == "channel_not_found"
    assert await refused(slack.api_call("chat.postMessage", json={"channel": kitchen})) == "no_text"
    assert (
        await refused(slack.chat_postMessage(channel=kitchen, text="x", thread_ts="1.0"))
        == "thread_not_found"
    )
    await ada.workplace.post("archive", as_="ada", channel=kitchen)
    assert await refused(slack.chat_postMessage(channel=kitchen, text="x")) == "is_archived"


async def test_nobody_who_left_is_written_to(slack: AsyncWebClient, workplace: Workplace) -> None:
    """A deactivated person and a stranger of another workspace cannot be reached."""
    await workplace.post("person", as_="asha", deleted=True)
    await workplace.post("people", name="elena", external=True)
    assert await refused(slack.conversations_open(users="U0ASHA")) == "user_disabled"
    assert await refused(slack.chat_postMessage(channel="U0ASHA", text="x")) == "channel_not_found"
    assert await refused(slack.conversations_open(users="U0ELENA")) == "user_not_visible"
    assert "U0ELENA" not in [user["id"] for user in (await slack.users_list())["members"]]
    info = (await slack.users_info(user="U0ELENA"))["user"]
    assert info["is_stranger"]
    assert info["team_id"] != (await slack.auth_test())["team_id"]


async def test_metadata_comes_back_only_when_asked_for(slack: AsyncWebClient, kitchen: str) -> None:
    """include_all_metadata returns what was posted; without it there is none."""
    letter = {"event_type": "commonplace_letter", "event_payload": {"key": "abc"}}
    await slack.chat_postMessage(channel=kitchen, text="x", metadata=letter)
    plainly = await slack.conversations_history(channel=kitchen, limit=1)
    fully = await slack.conversations_history(channel=kitchen, limit=1, include_all_metadata=True)
    assert "metadata" not in plainly["messages"][0]
    assert fully["messages"][0]["metadata"] == letter


async def test_own_messages_are_updated_and_deleted(
    slack: AsyncWebClient, asha: Person, kitchen: str
) -> None:
    """The app changes its own messages only; a text takes the blocks away."""
    theirs = await asha.posts("#kitchen", "mine")
    ours = await slack.chat_postMessage(channel=kitchen, text="x", blocks=[section()])
    updated = await slack.chat_update(channel=kitchen, ts=ours["ts"], text="y")
    assert "blocks" not in updated["message"]
    assert await refused(slack.chat_update(channel=kitchen, ts=theirs.ts, text="y")) == "cant_update_message"
    assert await refused(slack.chat_update(channel="U0ASHA", ts=theirs.ts, text="y")) == "channel_not_found"
    assert await refused(slack.chat_update(channel=kitchen, ts=ours["ts"], text="y" * 4001)) == "msg_too_long"
    assert await refused(slack.chat_delete(channel=kitchen, ts=theirs.ts)) == "cant_delete_message"
    await slack.chat_delete(channel=kitchen, ts=ours["ts"])
    assert await refused(slack.chat_delete(channel=kitchen, ts=ours["ts"])) == "message_not_found"


async def test_history_is_paged_honestly(slack: AsyncWebClient, asha: Person, kitchen: str) -> None:
    """Pages have the size that was asked for, newest first, and end; a made-up cursor is refused."""
    posts = [await asha.posts("#kitchen", f"message {n}") for n in range(5)]
    await asha.replies(posts[0], "in the thread")
    oldest = posts[0].ts
    page = await slack.conversations_history(channel=kitchen, limit=2, oldest=oldest, inclusive=True)
    seen = [message["text"] for message in page["messages"]]
    while page["has_more"]:
        cursor = page["response_metadata"]["next_cursor"]
        page = await slack.conversations_history(
            channel=kitchen, limit=2, cursor=cursor, oldest=oldest, inclusive=True
        )
        seen += [message["text"] for message in page["messages"]]
    assert seen == [f"message {n}" for n in (4, 3, 2, 1, 0)]
    exclusive = await slack.conversations_history(channel=kitchen, oldest=oldest)
    assert len(exclusive["messages"]) == 4
    assert (
        await refused(slack.conversations_history(channel=kitchen, cursor="bm9uc2Vuc2U=")) == "invalid_cursor"
    )


async def test_replies_come_oldest_first_with_their_parent(
    slack: AsyncWebClient, asha: Person, kitchen: str
) -> None:
    """conversations.replies returns the thread; a broadcast reply stands in the channel as well."""
    post = await asha.posts("#kitchen", "question")
    await asha.replies(post, "first")
    await asha.replies(post, "second", broadcast=True)
    thread = (await slack.conversations_replies(channel=kitchen, ts=post.ts))["messages"]
    assert [message["text"] for message in thread] == ["question", "first", "second"]
    assert thread[0]["reply_count"] == 2
    top = (await slack.conversations_history(channel=kitchen, limit=2))["messages"]
    assert [message.get("subtype") for message in top] == ["thread_broadcast", None]
    assert await refused(slack.conversations_replies(channel=kitchen, ts="1.0")) == "thread_not_found"


async def test_reactions_have_slacks_codes(slack: AsyncWebClient, asha: Person, kitchen: str) -> None:
    """Twice, unknown, and away again: each as Slack answers."""
    post = await asha.posts("#kitchen", "x")
    place = {"channel": kitchen, "timestamp": post.ts}
    await slack.reactions_add(name="green_book", **place)
    assert await refused(slack.reactions_add(name="green_book", **place)) == "already_reacted"
    assert await refused(slack.reactions_add(name="not an emoji", **place)) == "invalid_name"
    got = await slack.reactions_get(channel=kitchen, timestamp=post.ts)
    assert got["message"]["reactions"] == [{"name": "green_book", "users": ["U0APP"], "count": 1}]
    await slack.reactions_remove(name="green_book", **place)
    assert await refused(slack.reactions_remove(name="green_book", **place)) == "no_reaction"


async def test_pins_and_bookmarks(slack: AsyncWebClient, asha: Person, kitchen: str) -> None:
    """Pins and bookmarks are kept, and doubled or missing ones refused."""
    post = await asha.posts("#kitchen", "x")
    await slack.pins_add(channel=kitchen, timestamp=post.ts)
    assert await refused(slack.pins_add(channel=kitchen, timestamp=post.ts)) == "already_pinned"
    assert (await asha.sees("#kitchen"))[-1]["pinned"]
    await slack.pins_remove(channel=kitchen, timestamp=post.ts)
    added = await slack.bookmarks_add(
        channel_id=kitchen, title="Plan", type="link", link="https://example.com"
    )
    listed = await slack.bookmarks_list(channel_id=kitchen)
    assert [bookmark["id"] for bookmark in listed["bookmarks"]] == [added["bookmark"]["id"]]


async def test_people_are_listed_with_zone_and_guest_flag(
    slack: AsyncWebClient, workplace: Workplace
) -> None:
    """users.info carries the IANA zone, its offset in seconds, and who is a guest; pages are honest."""
    await workplace.post("people", name="gita", tz="Asia/Kolkata", guest=True)
    gita = (await slack.users_info(user="U0GITA", include_locale=True))["user"]
    assert (gita["tz"], gita["tz_offset"], gita["is_restricted"], gita["locale"]) == (
        "Asia/Kolkata",
        19800,
        True,
        "en-GB",
    )
    first = await slack.users_list(limit=2)
    assert len(first["members"]) == 2
    assert first["response_metadata"]["next_cursor"]
    assert await refused(slack.users_info(user="U0NOBODY")) == "user_not_found"


async def test_the_managers_field_is_a_profile_field(slack: AsyncWebClient, workplace: Workplace) -> None:
    """team.profile.get defines a field of type user, users.profile.get fills it."""
    await workplace.post("person", as_="asha", manager="ada")
    fields = (await slack.api_call("team.profile.get"))["profile"]["fields"]
    profile = (await slack.users_profile_get(user="U0ASHA"))["profile"]
    assert fields[0]["type"] == "user"
    assert profile["fields"][fields[0]["id"]]["value"] == "U0ADA"


async def test_conversations_are_shown_as_the_app_may_see_them(
    slack: AsyncWebClient, ada: Person, kitchen: str
) -> None:
    """Private channels without the app are not there; members are ids."""
    await ada.creates("secret", private=True)
    listed = await slack.conversations_list(types="public_channel,private_channel")
    assert {channel["name"] for channel in listed["channels"]} == {"general", "kitchen"}
    ours = await slack.users_conversations(types="public_channel")
    assert [channel["id"] for channel in ours["channels"]] == [kitchen]
    assert "U0ADA" in (await slack.conversations_members(channel=kitchen))["members"]
    info = await slack.conversations_info(channel=kitchen, include_num_members=True)
    assert info["channel"]["num_members"] == 4


async def test_rate_limits_are_enforced_when_wanted(sandbox: Sandbox) -> None:
    """With enforce_rate_limits a burst of posts into one channel is told how long to wait."""
    async with Sandbox(world=sandbox.world, enforce_rate_limits=True) as strict:
        slack = AsyncWebClient(strict.bot_token, base_url=strict.api_url)
        for _ in range(3):
            await slack.chat_postMessage(channel="U0ASHA", text="x")
        with pytest.raises(SlackApiError) as caught:
            await slack.chat_postMessage(channel="U0ASHA", text="x")
        assert caught.value.response.status_code == 429
        assert int(caught.value.response.headers["Retry-After"]) >= 1


async def test_ephemeral_messages_are_seen_by_one_person(
    slack: AsyncWebClient, asha: Person, ada: Person, kitchen: str
) -> None:
    """Only the addressee sees it, may dismiss it, and it is in no history."""
    await slack.chat_postEphemeral(channel=kitchen, user="U0ASHA", text="only you")
    shown = (await asha.sees("#kitchen"))[-1]
    assert (shown["text"], shown["ephemeral"]) == ("only you", True)
    assert (await ada.sees("#kitchen"))[-1]["text"] != "only you"
    assert (await slack.conversations_history(channel=kitchen, limit=1))["messages"][0]["text"] != "only you"
    await asha.deletes(shown)
    assert (await asha.sees("#kitchen"))[-1]["text"] != "only you"
    assert (
        await refused(slack.chat_postEphemeral(channel=kitchen, user="U0NOBODY", text="x"))
        == "user_not_in_channel"
    )
