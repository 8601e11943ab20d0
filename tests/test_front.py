"""The front: Slack hears 200 for what is done or useless, and asks again only when that can help."""

from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult

import handlers
from bot.errors import NotAllowed, Overloaded
from bot.front import Front
from bot.payloads import Unreadable
from handlers import commands
from handlers.registration import register

EVENT = {"team_id": "T1", "type": "event_callback", "event": {"type": "message", "text": "hi"}}
COMMAND = {"team_id": "T1", "command": "/learn", "text": "find", "user_id": "U1", "channel_id": "C1"}


async def knows(workspace: str) -> bool:
    return workspace == "T1"


MakeFront = Callable[..., Front]


@pytest.fixture
def make_front(monkeypatch: pytest.MonkeyPatch) -> MakeFront:
    """The front before a real Bolt whose listeners raise what they `meet`."""

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-no")

    def make(
        meets: Exception | None = None, knows_workspace: Callable[[str], Awaitable[bool]] = knows
    ) -> Front:
        async def listener(*_: Any) -> None:
            if meets is not None:
                raise meets

        monkeypatch.setitem(handlers.EVENTS, "message", listener)
        monkeypatch.setattr(commands, "on_learn", listener)
        app = AsyncApp(
            authorize=authorize,
            process_before_response=True,
            raise_error_for_unhandled_request=True,
            request_verification_enabled=False,
        )
        register(app, SimpleNamespace())  # type: ignore[arg-type]  # the listeners use nothing of it
        return Front(app, knows_workspace)

    return make


async def status(front: Front, body: Any) -> int:
    return (await front.answer(body, {})).status


@pytest.mark.parametrize("body", [EVENT, COMMAND])
async def test_what_was_heard_is_done(make_front: MakeFront, body: dict[str, Any]) -> None:
    """A listener that returns means 200."""
    assert await status(make_front(), body) == 200


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (Unreadable("ts"), 200),  # the same payload would never be better
        (NotAllowed("no"), 200),
        (Overloaded(), 503),
        (RuntimeError("ours"), 503),
        (OSError("away"), 503),
    ],
    ids=repr,
)
async def test_slack_delivers_again_only_what_may_work_then(
    make_front: MakeFront, error: Exception, expected: int
) -> None:
    """Nonsense and refusals are over; an overload or a fault of ours is not."""
    assert await status(make_front(error), EVENT) == expected


@pytest.mark.parametrize(
    "error", [Overloaded(), RuntimeError("ours"), NotAllowed("Only admins may.")], ids=repr
)
async def test_a_command_gets_a_sentence(make_front: MakeFront, error: Exception) -> None:
    """Slack never repeats a command, so whoever typed it is told."""
    answer = await make_front(error).answer(COMMAND, {})
    assert answer.status == 200
    assert '"response_type": "ephemeral"' in answer.body
    assert ("Only admins may." in answer.body) == isinstance(error, NotAllowed)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"team_id": None},
        {"team_id": "T2"},
        {"team_id": ["T1"]},
        {"team_id": "T1\n"},
        EVENT | {"team_id": "T9"},
    ],
    ids=repr,
)
async def test_what_is_no_workspace_of_ours_is_dropped(make_front: MakeFront, body: dict[str, Any]) -> None:
    """Without a word, but not for ever again."""
    assert await status(make_front(RuntimeError("never reached")), body) == 200


async def test_a_database_that_is_away_is_no_answer(make_front: MakeFront) -> None:
    """When nobody can tell whether we are installed there, Slack delivers again."""

    async def cannot_tell(_workspace: str) -> bool:
        raise OSError

    assert await status(make_front(knows_workspace=cannot_tell), EVENT) == 503


@pytest.mark.parametrize(
    "body",
    [
        {"type": "event_callback", "event": {"type": "something_new"}},
        {"type": "event_callback", "event": None},
        {"type": "event_callback", "event": "text"},
        {"type": "event_callback", "event": ["message"]},
        {"type": "event_callback", "authorizations": "x", "event": {"type": "message"}},
        {"type": "block_actions", "actions": None},
        {"type": "view_submission", "view": 7},
        {"command": ["/learn"]},
        {"type": 7},
    ],
    ids=repr,
)
async def test_nothing_odd_is_repeated_for_ever(make_front: MakeFront, body: dict[str, Any]) -> None:
    """What nobody hears, or Bolt cannot read, is never a 5xx."""
    assert await status(make_front(), {"team_id": "T1", **body}) in (200, 400)
