"""Whatever is sent to the sandbox, it answers: with a refusal, never with a failure of its own."""

import copy
from typing import Any

import aiohttp
import pytest

from bot.sandbox import Sandbox
from bot.sandbox.block_kit import check_blocks, with_ids
from bot.sandbox.errors import SlackError
from bot.sandbox.form_state import keep_values
from bot.sandbox.web_api import METHODS
from tests.people import Person
from tests.sandbox.conftest import Json, line, modal, plain, section

JUNK: list[Any] = [
    None,
    True,
    0,
    -1,
    1.5,
    "",
    "x",
    "\x00\u202e",
    [],
    [None],
    [[]],
    {},
    {"a": {}},
    "C0NOWHERE",
    "U0ADA",
]
OPTION = {"text": plain("A"), "value": "a"}
SELECT = {
    "type": "static_select",
    "action_id": "s",
    "option_groups": [{"label": plain("G"), "options": [OPTION]}],
    "initial_option": OPTION,
}
BLOCKS: list[Json] = [
    section(accessory=SELECT),
    {"type": "actions", "elements": [SELECT, {"type": "button", "action_id": "b", "text": plain("B")}]},
    {"type": "actions", "elements": [{"type": "checkboxes", "action_id": "c", "options": [OPTION]}]},
    {
        "type": "context",
        "elements": [plain("a"), {"type": "image", "image_url": "https://a.b", "alt_text": "c"}],
    },
    {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": []}]},
    {"type": "table", "rows": [[plain("a")]]},
    {"type": "image", "slack_file": {"id": "F1"}, "alt_text": "x"},
    line(),
]


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place inside a JSON value."""
    found = [path] if path else []
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, inner in items:
        found += places(inner, (*path, key))
    return found


def put(value: Any, path: tuple[Any, ...], junk: Any) -> Any:
    """A copy with something else at that place."""
    changed = copy.deepcopy(value)
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = junk
    return changed


@pytest.mark.parametrize("junk", JUNK, ids=repr)
def test_blocks_with_anything_in_them(junk: Any) -> None:
    """At every place of every kind of block: refused with a pointer, or taken and usable."""
    for path in places(BLOCKS):
        blocks = put(BLOCKS, path, junk)
        try:
            check_blocks(blocks, "message")
        except SlackError:
            # A refusal is an answer; any other error ends the test.
            continue
        keep_values(with_ids(blocks), {})


_ARGUMENTS = """
    channel channel_id user user_id users ts timestamp thread_ts message_ts text blocks view metadata
    name types cursor limit oldest latest files file filename length trigger_id view_id external_id
    hash email usergroup bookmark_id title link type code client_id attachments topic purpose
"""
ARGUMENTS = _ARGUMENTS.split()


async def test_methods_with_anything_as_argument(sandbox: Sandbox, kitchen: str, asha: Person) -> None:
    """Every method, every argument, all kinds of junk: status 200 and ok true or false."""
    post = await asha.posts("#kitchen", "x")
    right: Json = {
        "channel": kitchen,
        "channel_id": kitchen,
        "ts": post.ts,
        "timestamp": post.ts,
        "user": "U0ASHA",
    }
    headers = {"Authorization": f"Bearer {sandbox.bot_token}"}
    async with aiohttp.ClientSession(headers=headers) as session:
        for method in METHODS:
            if method == "auth.revoke":
                continue
            for number, name in enumerate(ARGUMENTS):
                body = right | {name: JUNK[(number + len(method)) % len(JUNK)]}
                async with session.post(f"{sandbox.api_url}{method}", json=body) as response:
                    assert response.status == 200, (method, body)
                    assert "ok" in await response.json()


_CONTROL = """
    post edit delete react pin delete_file integration channels direct join leave invite kick rename topic
    archive unarchive delete_channel share unshare change_id person people usergroup command shortcut
    press submit close options clock clock/report faults disconnect
"""
CONTROL = _CONTROL.split()


@pytest.mark.parametrize("junk", JUNK, ids=repr)
async def test_the_control_api_with_anything(sandbox: Sandbox, asha: Person, junk: Any) -> None:
    """Every address answers 200 or 400."""
    post = await asha.posts("#kitchen", "x")
    right: Json = {
        "as": "asha",
        "channel": "#kitchen",
        "ts": post.ts,
        "text": "x",
        "person": "ben",
        "name": "room",
    }
    async with aiohttp.ClientSession() as session:
        for path in CONTROL:
            for name in (
                *right,
                "thread_ts",
                "files",
                "emoji",
                "values",
                "view_id",
                "action_id",
                "by",
                "rules",
                "tz",
                "users",
            ):
                async with session.post(
                    f"{sandbox.url}/sandbox/{path}", json=right | {name: junk}
                ) as response:
                    assert response.status in (200, 400), (path, name)
        for path in ("state", "messages", "home", "views", "calls", "clock", "files/F0", "events"):
            query = {"as": str(junk), "channel": str(junk), "since": str(junk), "after": str(junk)}
            async with session.get(f"{sandbox.url}/sandbox/{path}", params=query) as response:
                assert response.status in (200, 400), path


async def test_presses_and_forms_with_anything(sandbox: Sandbox) -> None:
    """Values of all kinds in presses and submissions are refused or taken."""
    sandbox.world.views.open("U0ASHA", modal(line(), *with_ids([BLOCKS[1], BLOCKS[2]])))
    view = sandbox.world.views.stack("U0ASHA")[0]
    async with aiohttp.ClientSession() as session:
        for junk in [*JUNK, {"files": [{}]}, {"type": "x"}, [{"id": 1}]]:
            for action in ("line", "s", "c", "b"):
                for key in ("value", "selected_option", "selected_options", "values", "block_id"):
                    press = {"as": "asha", "view_id": view.id, "action_id": action, key: junk}
                    async with session.post(f"{sandbox.url}/sandbox/press", json=press) as response:
                        assert response.status in (200, 400), press
                values: Json = {"title": {action: junk}}
                for body in ({"values": values}, {"values": {"title": junk}}):
                    submit = {"as": "asha", "view_id": view.id} | body
                    async with session.post(f"{sandbox.url}/sandbox/submit", json=submit) as response:
                        assert response.status in (200, 400), submit
