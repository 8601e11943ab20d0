import asyncio
import json
from typing import Any

import aiohttp
import pytest
from yarl import URL

from bot.sandbox import Sandbox
from tests.people import NotPossible, Person, Workplace


async def test_the_state_has_what_a_screen_needs(workplace: Workplace, asha: Person) -> None:
    """People, conversations with the app's DM among them, commands, clock."""
    await workplace.person("ada").posts("#kitchen", "unread")
    state = await workplace.state("asha")
    assert state["me"] == "U0ASHA"
    assert {person["name"] for person in state["people"]} == {"ada", "asha", "ben", "commonplace"}
    rooms = {room["name"]: room for room in state["conversations"]}
    assert rooms["kitchen"]["unread"] == 1
    assert (rooms["Commonplace"]["type"], rooms["Commonplace"]["with"]) == ("im", "U0APP")
    assert not rooms["general"]["is_member"]
    assert state["commands"][0]["command"] == "/learn"
    await workplace.get("messages", as_="asha", channel="#kitchen")
    state = await workplace.state("asha")
    assert next(room for room in state["conversations"] if room["name"] == "kitchen")["unread"] == 0
    assert await asha.dm() == []


async def test_what_is_typed_becomes_tokens(workplace: Workplace, asha: Person, kitchen: str) -> None:
    """People, channels and addresses outside of code; the three signs escaped everywhere."""
    await asha.posts(
        "#kitchen", "@ada see #kitchen & <b> https://example.com/a?b=c. `@ada <i>` #solution @here a@ada.org"
    )
    text = (await workplace.person("ada").sees("#kitchen"))[-1]["text"]
    assert text == (
        f"<@U0ADA> see <#{kitchen}|kitchen> &amp; &lt;b&gt; <https://example.com/a?b=c>. `@ada &lt;i&gt;` "
        "#solution <!here> a@ada.org"
    )


async def test_only_the_author_changes_a_message(asha: Person, workplace: Workplace) -> None:
    """Others may not edit; an admin may delete."""
    post = await asha.posts("#kitchen", "mine")
    with pytest.raises(NotPossible, match="author"):
        await workplace.person("ben").edits(post, "yours")
    with pytest.raises(NotPossible, match="author"):
        await workplace.person("ben").deletes(post)
    await workplace.person("ada").deletes(post)


async def test_nobody_looks_into_a_strangers_room(workplace: Workplace, ada: Person) -> None:
    """Private channels and other people's direct messages are not there for others."""
    room = await ada.creates("secret", private=True)
    await ada.tells_app("my own words")
    dm = next(c["id"] for c in (await workplace.state("ada"))["conversations"] if c["type"] == "im")
    for channel in (room, dm, "#secret"):
        with pytest.raises(NotPossible, match="no channel"):
            await workplace.person("asha").sees(channel)
    with pytest.raises(NotPossible, match="not a member"):
        await workplace.person("asha").posts("#general", "x")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"as": 5}',
        b'{"as": "nobody", "channel": "#kitchen", "text": "x"}',
        b'{"channel": {}}',
    ],
)
async def test_bad_bodies_get_one_sentence(sandbox: Sandbox, body: bytes) -> None:
    """400 and a sentence, never a 500."""
    async with aiohttp.ClientSession(headers={"Content-Type": "application/json"}) as session:
        for path in (
            "post",
            "edit",
            "react",
            "press",
            "submit",
            "command",
            "clock",
            "faults",
            "people",
            "channels",
        ):
            async with session.post(f"{sandbox.url}/sandbox/{path}", data=body) as response:
                answer = await response.json()
                assert response.status == 400, (path, answer)
                assert not answer["ok"]
                assert answer["error"]


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "evil.example"},
        {"Host": "evil.example:80"},
        {"Origin": "https://evil.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "cors"},
    ],
)
async def test_other_sites_are_kept_out(sandbox: Sandbox, headers: dict[str, str]) -> None:
    """A foreign Host or Origin is refused, for the control API and the Web API alike."""
    async with aiohttp.ClientSession(headers=headers) as session:
        for path in ("/sandbox/post", "/api/auth.test"):
            async with session.post(sandbox.url + path, json={}) as response:
                assert response.status == 403


async def test_a_form_of_another_page_is_no_json(sandbox: Sandbox) -> None:
    """Content that a page can send without asking is not taken."""
    async with aiohttp.ClientSession() as session:
        text = json.dumps({"as": "asha", "channel": "#kitchen", "text": "x"})
        async with session.post(f"{sandbox.url}/sandbox/post", data=text) as response:
            assert response.status == 400


@pytest.mark.parametrize(
    "path",
    ["/page/../server.py", "/page/..%2fserver.py", "/page/%2e%2e/server.py", "/page//etc/passwd", "/page/js"],
)
async def test_nothing_but_the_page_is_served(sandbox: Sandbox, path: str) -> None:
    """No path climbs out of the page's folder."""
    address = URL(sandbox.url + path, encoded=True)
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        assert response.status in (403, 404)


async def test_files_belong_to_who_may_see_them(sandbox: Sandbox, asha: Person, ada: Person) -> None:
    """Before it is shared only the uploader opens it; html comes as a download."""
    file = await asha.uploads("../../evil.html", b"<script>alert(1)</script>")
    address = sandbox.url + file["sandbox_url"]
    async with aiohttp.ClientSession() as session:
        async with session.get(address, params={"as": "ada"}) as response:
            assert response.status == 400
        async with session.get(address, params={"as": "asha"}) as response:
            assert response.headers["Content-Disposition"].startswith("attachment")
            assert "/" not in response.headers["Content-Disposition"].partition("=")[2]
            assert response.headers["X-Content-Type-Options"] == "nosniff"
    with pytest.raises(NotPossible):
        await ada.posts("#kitchen", "", files=[file["id"]])


async def test_the_stream_tells_what_changed(sandbox: Sandbox, asha: Person, ada: Person) -> None:
    """First hello, then each change that concerns this person, and nothing else."""
    address = f"{sandbox.url}/sandbox/events?as=asha"
    async with aiohttp.ClientSession() as session, session.get(address) as response:
        assert (await _next(response))["type"] == "hello"
        await ada.tells_app("not for asha")
        post = await ada.posts("#kitchen", "x")
        told = await _next(response)
        assert (told["type"], told["ts"]) == ("message", post.ts)
        await asha.reacts(post, "bulb")
        assert (await _next(response))["type"] == "reaction"


async def _next(response: aiohttp.ClientResponse) -> dict[str, Any]:
    async with asyncio.timeout(5):
        while not (line := await response.content.readline()).startswith(b"data: "):
            pass
    told: dict[str, Any] = json.loads(line.removeprefix(b"data: "))
    return told


async def test_outsiders_have_no_commands(workplace: Workplace) -> None:
    """External people see buttons, but neither commands nor shortcuts, as in Slack."""
    await workplace.post("people", name="elena", external=True)
    with pytest.raises(NotPossible, match="members of this workspace"):
        await workplace.person("elena").types("/learn help")


async def test_calls_are_remembered_without_tokens(sandbox: Sandbox, workplace: Workplace) -> None:
    """The log has method and arguments, and no secret."""
    async with aiohttp.ClientSession() as session:
        data = {"token": sandbox.bot_token, "user": "U0ADA"}
        async with session.post(f"{sandbox.api_url}users.info", data=data) as response:
            assert (await response.json())["ok"]
    call = (await workplace.calls("users.info"))[0]
    assert (call["args"], call["ok"]) == ({"user": "U0ADA"}, True)
