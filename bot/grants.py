"""What Slack grants when somebody installs the app: asked for, looked at, and stored with its sealed token."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from http import HTTPStatus
from typing import Any, ClassVar

import structlog
from aiohttp import ClientError
from slack_sdk.errors import SlackApiError

from bot.config import Settings
from bot.errors import BotError
from bot.installations import Installations
from bot.payloads import find_id
from bot.rules.welcome import Installed, record_installer
from bot.secrets import Vault
from bot.slack_reading import code_of, is_definite
from storage.inbox import heard_before
from storage.session import Session
from storage.workspaces import Workspace, find_workspace

REVOKE_SECONDS = 5  # a browser waits meanwhile

log = structlog.get_logger(__name__)


class NotInstalled(BotError):
    """Nothing was installed. Please begin again at /slack/install."""

    status: ClassVar = HTTPStatus.BAD_REQUEST


class Denied(NotInstalled):
    """Nothing was installed, because it was not allowed in Slack; /slack/install asks again."""


class BadState(NotInstalled):
    """Nothing was installed: this page belongs to another browser or is too old; begin again at /slack/install."""


class Refused(NotInstalled):
    """Nothing was installed, because Slack did not accept it; please begin again at /slack/install."""


class OrgWide(NotInstalled):
    """Installing for a whole Enterprise organisation is not supported yet; install it in one workspace instead."""


class Rotates(NotInstalled):
    """Nothing was installed: this Slack app has token rotation turned on, which is not supported."""


class Busy(NotInstalled):
    """Slack is busy, and nothing was installed: please try again in a minute, from /slack/install."""

    status: ClassVar = HTTPStatus.SERVICE_UNAVAILABLE


@dataclass(frozen=True, slots=True)
class Grant:
    """What Slack granted: a workspace, who we are in it, and the sealed token."""

    workspace: str
    enterprise: str | None
    name: str
    url: str
    app_id: str | None
    bot_user: str
    bot_id: str
    scopes: str
    installer: str | None
    token: str = field(repr=False)
    nonce: str = field(repr=False)

    @property
    def subjects(self) -> tuple[str, ...]:
        """There is one first admin."""
        return (f"{self.workspace}/roles",)


def record_grant(session: Session, grant: Grant, now: datetime) -> None:
    """Store the workspace with its token and welcome the installer; raises BadState when the state was used before."""
    known = find_workspace(session, grant.workspace)
    if known is None:
        known = Workspace(id=grant.workspace)
        session.add(known)
        session.flush()
    heard = heard_before(session, grant.workspace, f"install:{grant.nonce}", now)
    if (
        heard and known.token != grant.token
    ):  # the same token, sealed by the same request: a repeated transaction
        raise BadState
    known.enterprise, known.name, known.url = grant.enterprise, grant.name, grant.url
    known.app_id, known.bot_user, known.bot_id = grant.app_id, grant.bot_user, grant.bot_id
    known.token, known.scopes = grant.token, grant.scopes
    known.installed_by = grant.installer or known.installed_by
    known.installed_at, known.uninstalled_at = now, None
    session.flush()
    record_installer(session, Installed(grant.workspace), now)


class Grants:
    """Asks Slack what it grants."""

    def __init__(self, settings: Settings, vault: Vault, installations: Installations) -> None:
        self._settings = settings
        self._vault = vault
        self._installations = installations

    async def exchange(self, code: str, nonce: str, redirect_uri: Mapping[str, str]) -> Grant:
        """The grant for a code that a browser brought; raises NotInstalled, and what aiohttp raises."""
        try:
            return await self._exchange(code, nonce, redirect_uri)
        except SlackApiError as error:
            log.warning("Slack refused to install", reason=code_of(error) or "no answer")
            raise (Refused if is_definite(error) else Busy) from error

    async def _exchange(self, code: str, nonce: str, redirect_uri: Mapping[str, str]) -> Grant:
        said = await self._installations.client(None).oauth_v2_access(
            client_id=self._settings.client_id or "",
            client_secret=self._settings.client_secret or "",
            code=code,
            **redirect_uri,
        )
        if said.get("is_enterprise_install") or said.get("team") is None:
            await self._give_back(said.get("access_token"))
            raise OrgWide
        token = _token_of(said)
        # Only auth.test tells the bot's own id and the workspace's address, and that the token works.
        own = await self._installations.client(token).auth_test()
        return _read_grant(said, own, self._vault.encrypt(token.encode()), nonce)

    async def _give_back(self, token: Any) -> None:
        """A token for a whole organisation that nobody keeps must not live on at Slack."""
        if not isinstance(token, str) or not token:
            return
        try:
            async with asyncio.timeout(REVOKE_SECONDS):
                await self._installations.client(token).auth_revoke()
        except (SlackApiError, ClientError, TimeoutError, ValueError) as error:
            log.warning("token not revoked", reason=type(error).__name__)


def _read_grant(said: Any, own: Any, sealed: str, nonce: str) -> Grant:
    workspace, bot_user = find_id((said.get("team") or {}).get("id")), find_id(own.get("user_id"))
    if workspace is None or bot_user is None or own.get("team_id") != workspace:
        raise Refused
    return Grant(
        workspace,
        find_id((said.get("enterprise") or {}).get("id")),
        str(own.get("team") or "")[:255],
        str(own.get("url") or ""),
        find_id(said.get("app_id")),
        bot_user,
        find_id(own.get("bot_id")) or "",
        str(said.get("scope") or ""),
        find_id((said.get("authed_user") or {}).get("id")),
        sealed,
        nonce,
    )


def _token_of(said: Any) -> str:
    """The bot token that Slack hands over; raises NotInstalled where we could not live with it."""
    if said.get("refresh_token") or said.get("expires_in"):
        raise Rotates
    token = said.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused
    return token
