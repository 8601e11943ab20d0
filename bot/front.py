"""The front: everything Slack sends, by HTTP or by socket, takes this one path into Bolt.

A payload that is no use is answered so that Slack does not send it again; a failure of ours so that it does.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import structlog
from slack_bolt import BoltResponse
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest

from bot.metrics import count_useless
from bot.payloads import Unreadable, workspace_of

log = structlog.get_logger(__name__)


class Front:
    """Hands bodies that were read and verified to Bolt, and makes sure that there is always a fitting answer."""

    def __init__(self, app: AsyncApp, knows_workspace: Callable[[str], Awaitable[bool]]) -> None:
        """`knows_workspace` tells whether the app is installed in a workspace; it raises when it cannot tell."""
        self._app = app
        self._knows_workspace = knows_workspace

    async def answer(self, body: Mapping[str, Any], headers: Mapping[str, str]) -> BoltResponse:
        """What to say to Slack: 200 is done or useless, 400 makes no sense, 503 asks for another delivery."""
        try:
            workspace = workspace_of(body)
        except Unreadable:
            return self._drop("names no workspace")
        try:
            known = await self._knows_workspace(workspace)
        except Exception as error:  # noqa: BLE001  the database is away: whatever it is, Slack shall deliver again
            log.warning(
                "cannot tell whether we are installed", workspace=workspace, error=type(error).__name__
            )
            return BoltResponse(status=503)
        if not known:
            # Bolt would take it and drop it without a word.
            return self._drop("unknown workspace", workspace=workspace)
        return await self._dispatch(dict(body), headers)

    async def _dispatch(self, body: dict[str, Any], headers: Mapping[str, str]) -> BoltResponse:
        try:
            request = AsyncBoltRequest(mode="socket_mode", body=body, headers=dict(headers))
            return await self._app.async_dispatch(request)
        except Exception as error:  # noqa: BLE001  outside our listeners: Bolt itself could not make sense of the payload
            count_useless("malformed")
            log.warning("payload that Bolt cannot read", error=type(error).__name__)
            return BoltResponse(status=400)

    @staticmethod
    def _drop(why: str, **more: str) -> BoltResponse:
        count_useless(why)
        log.info("dropped", why=why, **more)
        return BoltResponse(status=200)
