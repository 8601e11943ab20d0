"""Whatever is pressed, sent or typed, by whomever and with whatever in it: answered, never a failure of ours."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest
from sqlalchemy import select

import handlers
from bot.clock import SystemClock
from bot.ids import ShortcutId
from bot.transactions import Transactions
from handlers import registration
from handlers.hearing import Services
from storage.inbox import FailedFact
from storage.outbox import OutboxRow
from storage.session import Database
from tests.handlers.forging import Screen
from tests.rules.nouns import C, T, open_world

STRANGER = "USTRANGER"
VALUES = (
    "",
    "0",
    "-1",
    "9" * 40,
    "x",
    "1:2:3",
    "C1:1.1",
    "U1|admin|",
    "|||",
    "²",
    "\u202e\x00",
    "<!channel>" * 300,
)
METADATA = (
    "",
    "[]",
    "{",
    '{"plan": "x", "item": -1, "talk": null, "page": []}',
    '{"channel": 1, "ts": "x", "under": {}}',
)


@dataclass
class Door:
    """The app behind Slack's door, and what it shows."""

    app: AsyncApp
    database: Database

    async def dispatch(self, **body: Any) -> int:
        """What Slack is answered: its status."""
        whole = {"team": {"id": T}, "user": {"id": STRANGER}, "trigger_id": "t", **body}
        answer = await self.app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=whole))
        return int(answer.status)

    def said(self) -> str:
        """Everything that is about to be said."""
        with self.database.read() as session:
            return str([row.payload for row in session.scalars(select(OutboxRow))])

    def is_whole(self) -> bool:
        """Whether nothing was set aside."""
        with self.database.read() as session:
            return session.scalars(select(FailedFact)).first() is None


@pytest.fixture
async def door(database: Database) -> AsyncIterator[Door]:
    """A workplace of three, and somebody whom nobody knows."""
    for session in open_world(database):
        session.commit()
    transactions = Transactions(database, SystemClock())
    transactions.start()
    screen = Screen()

    async def client_for(_: str) -> Any:
        return screen

    async def own_user(_: str) -> str:
        return "UAPP"

    async def set_aside(*fact: Any) -> None:
        raise AssertionError(fact)

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-no")

    app = AsyncApp(
        authorize=authorize,
        process_before_response=True,
        raise_error_for_unhandled_request=True,
        request_verification_enabled=False,
        ignoring_self_events_enabled=False,
    )
    bot = Services(
        transactions, SystemClock(), client_for, own_user, set_aside, lambda _: None, lambda _: None
    )
    registration.register(app, bot)
    yield Door(app, database)
    await transactions.stop()


async def test_no_value_of_a_button_fails(door: Door) -> None:
    """A button is a string from outside: whatever it holds, in a message or a form, Slack gets its 200."""
    for action in handlers.PRESSES:
        for number, value in enumerate(VALUES):
            pressed = {
                "action_id": action,
                "block_id": "b",
                "type": "button",
                "value": value,
                "action_ts": f"{number}.1",
            }
            in_message = {"type": "message", "channel_id": C, "message_ts": "1700000000.000100"}
            assert (
                await door.dispatch(type="block_actions", actions=[pressed], container=in_message) == 200
            ), (action, value)
            view = {
                "id": "V1",
                "type": "modal",
                "hash": "h",
                "private_metadata": METADATA[number % len(METADATA)],
            }
            in_form = {"type": "view", "view_id": "V1"}
            status = await door.dispatch(
                type="block_actions", actions=[pressed], container=in_form, view=view
            )
            assert status == 200, (action, value)
    assert door.is_whole()
    assert "<!channel>" not in door.said()


@pytest.mark.parametrize("value", ["", "x" * 4_000, "<!channel> \u202e\x00", "9" * 40])
async def test_nothing_in_a_form_fails(door: Door, value: str) -> None:
    """Empty, endless, hostile: a mistake is said under its field, whatever we wrote into the form ourselves."""
    for form in handlers.FORMS:
        for number, metadata in enumerate(METADATA):
            names = (
                "title",
                "text",
                "kind",
                "space",
                "person",
                "duty",
                "words",
                "name",
                "manager",
                "message",
                "group",
            )
            typed = {name: {name: {"type": "plain_text_input", "value": value}} for name in names}
            state = {"values": typed if number % 2 else {}}
            view = {"type": "modal", "id": f"V{form}{number}", "callback_id": form, "state": state}
            status = await door.dispatch(type="view_submission", view=view | {"private_metadata": metadata})
            assert status == 200, (form, metadata)
    assert door.is_whole()
    assert "<!channel>" not in door.said()


async def test_no_shortcut_fails_on_any_message(door: Door) -> None:
    """On our spaces, on others, on a message without author or words, and on none at all."""
    messages: tuple[dict[str, Any], ...] = (
        {},
        {"ts": "1.1"},
        {"ts": "1700000000.000100", "user": "UASHA", "text": "hi"},
    )
    for shortcut in ShortcutId:
        for channel in (C, "CELSEWHERE", "D1"):
            for message in messages:
                body = {"callback_id": shortcut, "channel": {"id": channel}, "message": message}
                assert await door.dispatch(type="message_action", **body) == 200, (shortcut, body)
        assert await door.dispatch(type="shortcut", callback_id=shortcut) == 200, shortcut
    assert door.is_whole()


async def test_no_words_of_a_command_fail(door: Door) -> None:
    """Every word that is known, with anything behind it; nonsense gets the nearest word."""
    for word in (*handlers.WORDS, "", "nonsense", "\x00"):
        for rest in ("", " <!channel>", " " + "w" * 4_000, " \u202e\x00 by:@ in:# since:x"):
            command = {
                "team_id": T,
                "user_id": STRANGER,
                "channel_id": C,
                "command": "/learn",
                "text": word + rest,
            }
            assert await door.dispatch(**command) == 200, (word, rest[:20])
    assert "<!channel>" not in door.said()


def test_metadata_is_really_hostile() -> None:
    """Some of it is no JSON, some is JSON of another shape."""
    shapes = []
    for one in METADATA:
        try:
            shapes.append(type(json.loads(one)).__name__)
        except json.JSONDecodeError:
            shapes.append("none")
    assert set(shapes) == {"none", "list", "dict"}
