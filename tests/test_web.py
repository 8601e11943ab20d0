"""The front door: only Slack's signature opens it, nonsense is turned away, and nothing hostile makes us fail."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot import web
from bot.app import Commonplace, running
from bot.sandbox import Sandbox, empty_world
from storage.messages import Message
from tests.stories.conftest import settings_for

TEAM = "T0SANDBOX"
ODD_VALUES: list[Any] = [
    None,
    7,
    -1,
    2**70,
    1.5,
    True,
    "",
    "\x00",
    "\ud800",
    "\u202eevil",
    "x" * 40_001,
    [],
    {},
    [[]],
]
FIELDS = [
    "type",
    "channel",
    "channel_type",
    "user",
    "text",
    "ts",
    "thread_ts",
    "files",
    "edited",
    "bot_id",
    "metadata",
]


class Door:
    """Knocks at /slack/events as Slack does, or not quite."""

    def __init__(self, app: Commonplace, secret: str, session: aiohttp.ClientSession) -> None:
        self.app = app
        self._url = f"http://127.0.0.1:{app.port}/slack/events"
        self._secret = secret
        self._session = session

    async def knock(
        self, raw: bytes, *, at: float | None = None, kind: str = "application/json", **headers: str
    ) -> int:
        timestamp = str(int(time.time() if at is None else at))
        base = b"v0:" + timestamp.encode() + b":" + raw
        signature = "v0=" + hmac.new(self._secret.encode(), base, hashlib.sha256).hexdigest()
        signed = {
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": signature,
            "Content-Type": kind,
            **headers,
        }
        async with self._session.post(self._url, data=BytesIO(raw), headers=signed) as answer:
            return answer.status

    async def event(self, **event: Any) -> int:
        body = {"team_id": TEAM, "type": "event_callback", "event_id": "Ev1", "event": event}
        return await self.knock(json.dumps(body).encode())

    def messages(self) -> int:
        with self.app.database.read() as session:
            return session.scalar(select(func.count()).select_from(Message)) or 0


def post(**changes: Any) -> dict[str, Any]:
    return {
        "type": "message",
        "channel": "C1",
        "channel_type": "channel",
        "user": "U1",
        "text": "hello",
        "ts": "1700000000.000100",
        **changes,
    }


@pytest.fixture
async def door(database_url: str) -> AsyncIterator[Door]:
    """The app, listening by HTTP."""
    async with (
        Sandbox(port=0, world=empty_world()) as sandbox,
        running(settings_for(sandbox, database_url), "http") as app,
        aiohttp.ClientSession() as session,
    ):
        yield Door(app, sandbox.signing_secret, session)


async def test_a_signed_event_is_recorded_once(door: Door) -> None:
    """Delivered three times, it is one message."""
    assert [await door.event(**post()) for _ in range(3)] == [200, 200, 200]
    assert door.messages() == 1


@pytest.mark.parametrize(
    ("late", "headers"),
    [
        (0, {"X-Slack-Signature": "v0=" + "0" * 64}),
        (0, {"X-Slack-Signature": ""}),
        (0, {"X-Slack-Signature": "v0=é"}),
        (0, {"X-Slack-Request-Timestamp": "yesterday"}),
        (0, {"X-Slack-Request-Timestamp": "-5"}),
        (0, {"X-Slack-Request-Timestamp": "9" * 30}),
        (-400, {}),
        (400, {}),
    ],
)
async def test_without_a_fresh_signature_nobody_comes_in(
    door: Door, late: int, headers: dict[str, str]
) -> None:
    """A wrong signature or a stale timestamp is 401, and nothing is recorded."""
    raw = json.dumps({"team_id": TEAM, "type": "event_callback", "event": post()}).encode()
    assert await door.knock(raw, at=time.time() + late, **headers) == 401
    assert door.messages() == 0


@pytest.mark.parametrize(
    "raw",
    [b"", b"{", b"[1]", b'"text"', b"null", b'{"a":' * 5_000, b"[" * 100_000, b"NaN"],
)
async def test_what_is_no_object_is_turned_away(door: Door, raw: bytes) -> None:
    """Malformed JSON, too deep, or no object: 400, which Slack does not repeat for ever."""
    assert await door.knock(raw) == 400


async def test_what_is_too_large_is_turned_away(door: Door) -> None:
    """More than any payload of Slack's: 413."""
    assert await door.knock(b'{"a":"' + b"x" * 3_000_000 + b'"}') == 413


async def test_a_body_that_trickles_in_is_cut_off(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who sends a byte now and then gets 408 and loses the connection, nothing is recorded, others are answered."""
    monkeypatch.setattr(web, "BODY_SECONDS", 0.3)
    head = "POST /slack/events HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n"
    reader, writer = await asyncio.open_connection("127.0.0.1", door.app.port)
    writer.write(head.encode())

    async def trickle() -> None:
        while not reader.at_eof():
            writer.write(b"{")
            await asyncio.sleep(0.01)

    trickling = asyncio.ensure_future(trickle())
    assert await door.knock(b"{}") == 200
    assert (await reader.readline()).startswith(b"HTTP/1.1 408")
    with suppress(ConnectionResetError):  # the line is cut, also while we still send
        await reader.read()
    assert reader.at_eof() or reader.exception()
    trickling.cancel()
    writer.close()


async def test_odd_fields_never_make_us_fail(door: Door) -> None:
    """Missing and wrongly typed fields, null users, NUL, lone surrogates, huge numbers: never a 5xx."""
    for field in FIELDS:
        for number, value in enumerate(ODD_VALUES):
            event = post(ts=f"17{number:08d}.000100") | {field: value}
            assert await door.event(**event) < 500, (field, value)
        event = post()
        event.pop(field, None)
        assert await door.event(**event) < 500, field


async def test_unknown_kinds_are_counted_and_dropped(door: Door) -> None:
    """Unknown events, subtypes, outer types, forms, buttons and shortcuts get a 200: Slack may forget them."""
    bodies: list[dict[str, Any]] = [
        {"type": "event_callback", "event": {"type": "something_new"}},
        {"type": "event_callback", "event": post(subtype="something_new")},
        {"type": "app_rate_limited", "minute_rate_limited": 1},
        {"type": "event_callback", "event": None},
        {
            "type": "block_actions",
            "user": {"id": "U1"},
            "actions": [{"action_id": "no_such", "block_id": "b"}],
        },
        {"type": "view_submission", "user": {"id": "U1"}, "view": {"id": "V1", "callback_id": "no_such"}},
        {"type": "shortcut", "callback_id": "no_such", "user": {"id": "U1"}, "trigger_id": "1"},
    ]
    for body in bodies:
        status = await door.knock(json.dumps({"team_id": TEAM, **body}).encode())
        assert status in (200, 400), body
    async with aiohttp.ClientSession() as session:
        answer = await session.get(f"http://127.0.0.1:{door.app.port}/metrics")
        assert "commonplace_unhandled_total" in await answer.text()


async def test_another_workspace_is_not_ours(door: Door) -> None:
    """An event of a workspace where the app is not installed leaves no trace."""
    raw = json.dumps({"team_id": "T0OTHER", "type": "event_callback", "event": post()}).encode()
    assert await door.knock(raw) == 200
    assert door.messages() == 0


async def test_slack_can_verify_the_address(door: Door) -> None:
    """url_verification is answered with its challenge."""
    assert await door.knock(json.dumps({"type": "url_verification", "challenge": "c"}).encode()) == 200


async def test_operators_see_whether_it_lives_and_is_ready(door: Door) -> None:
    """/healthz and /readyz answer."""
    async with aiohttp.ClientSession() as session:
        for path in ("healthz", "readyz"):
            assert (await session.get(f"http://127.0.0.1:{door.app.port}/{path}")).status == 200
