"""The table of contents: whatever we show can be pressed, sent and chosen, and each has one who hears it."""

from types import SimpleNamespace
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.request.async_request import AsyncBoltRequest

import handlers
from bot.errors import NotAllowed
from bot.ids import ActionId, ModalId, ShortcutId
from handlers import registration


@pytest.mark.parametrize("action", list(ActionId))
def test_every_button_is_heard(action: ActionId) -> None:
    """Each action has its handler."""
    assert action in handlers.PRESSES


# lists with buttons and pages to read: there is nothing to send
NEVER_SENT = {
    ModalId.SETTINGS,
    ModalId.HOLIDAYS,
    ModalId.ROLES,
    ModalId.PLAN,
    ModalId.PROGRAMMES,
    ModalId.TALK_BRIEF,
}


@pytest.mark.parametrize("form", sorted(set(ModalId) - NEVER_SENT))
def test_every_form_is_heard(form: ModalId) -> None:
    """Each form that can be sent has its handler."""
    assert form in handlers.FORMS


@pytest.mark.parametrize("shortcut", list(ShortcutId))
def test_every_shortcut_is_heard(shortcut: ShortcutId) -> None:
    """Each shortcut has its handler."""
    assert shortcut in handlers.SHORTCUTS


def test_nobody_hears_what_does_not_exist() -> None:
    """The tables hold ids of ours only."""
    assert set(handlers.PRESSES) <= set(ActionId)
    assert set(handlers.FORMS) <= set(ModalId)
    assert set(handlers.SHORTCUTS) <= set(ShortcutId)


def test_doubles_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two nouns that hear the same are a mistake, found when the app starts."""

    async def hear(*_: Any) -> None: ...

    noun = SimpleNamespace(FORMS={"x": hear})
    monkeypatch.setattr(handlers, "NOUNS", (noun, SimpleNamespace(), SimpleNamespace(FORMS={"x": hear})))
    with pytest.raises(ValueError, match="x is heard twice"):
        handlers.joined("FORMS")


async def test_a_refusal_is_said_on_top_of_the_form(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was typed stays below the sentence."""

    async def refuse(*_: Any) -> None:
        raise NotAllowed("Only admins may do this.")

    monkeypatch.setattr(handlers, "FORMS", {"refused": refuse})

    async def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token="xoxb-no")

    app = AsyncApp(authorize=authorize, process_before_response=True, request_verification_enabled=False)

    async def read(*_: Any) -> dict[str, str]:
        return {}  # no space has changed its id

    bot = SimpleNamespace(transactions=SimpleNamespace(read=read))
    registration.register(app, bot)  # type: ignore[arg-type]  # nothing else of it is used
    view = {"type": "modal", "id": "V1", "callback_id": "refused", "state": {"values": {}}}
    body = {"type": "view_submission", "team": {"id": "T1"}, "user": {"id": "U1"}, "view": view}
    answer = await app.async_dispatch(AsyncBoltRequest(mode="socket_mode", body=body))
    assert answer.status == 200
    assert '"response_action": "push"' in answer.body
    assert "Only admins may do this." in answer.body
