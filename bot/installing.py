"""Installing by OAuth: somebody allows the app at Slack, and their workspace is stored with a token of its own."""

import hmac
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Self
from urllib.parse import urlencode, urljoin

import aiohttp
import orjson
import structlog
from aiohttp import web
from slack_sdk.errors import SlackApiError

from bot.addresses import is_loopback
from bot.config import Settings
from bot.errors import BotError, CannotDecrypt, Overloaded
from bot.incoming import find_id
from bot.installations import Installations
from bot.manifest import bot_scopes
from bot.rules.welcome import Installed, record_installer
from bot.secrets import Vault
from bot.slack_reading import code_of
from bot.transactions import Transactions
from storage.failures import DatabaseError
from storage.inbox import heard_before
from storage.session import Session
from storage.workspaces import Workspace, find_workspace

INSTALL, REDIRECT = "/slack/install", "/slack/oauth_redirect"
COOKIE, COOKIE_PATH = "commonplace-install", "/slack"
STATE_SECONDS = 600  # of real time; Slack's code lives as long
DONE = "Commonplace is installed in {name}. Type /learn in Slack to begin."
LATER = "That did not work just now, and nothing was installed. Please try again in a minute, from /slack/install."
_HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
}

log = structlog.get_logger(__name__)


class NotInstalled(BotError):
    """Nothing was installed. Please begin again at /slack/install."""


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


@dataclass(frozen=True, slots=True)
class State:
    """Who began to install: the browser that has `nonce` in its cookie, at `since` (seconds, real time)."""

    nonce: str
    since: float

    def seal(self, vault: Vault) -> str:
        """The text that goes to Slack and comes back; every replica can read it, nobody else can make one."""
        return vault.encrypt(orjson.dumps(["install", self.nonce, self.since]))

    @classmethod
    def read(cls, vault: Vault, sealed: str, cookie: str, now: float) -> Self:
        """The state that came back; raises BadState unless it is ours, fresh, and of the browser with this cookie."""
        try:
            # Only what we sealed is parsed; the word in front keeps other sealed things out.
            purpose, nonce, since = orjson.loads(vault.decrypt(sealed))
        except (CannotDecrypt, ValueError, TypeError) as error:
            raise BadState from error
        ours = hmac.compare_digest(str(nonce).encode(), cookie.encode("utf-8", "replace"))
        if purpose != "install" or not ours or now - since > STATE_SECONDS:
            raise BadState
        return cls(nonce, since)


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


class Installing:
    """The two pages between which a browser visits Slack."""

    def __init__(
        self,
        settings: Settings,
        vault: Vault,
        transactions: Transactions,
        installations: Installations,
        on_installed: Callable[[str], None],
    ) -> None:
        """`on_installed` is called with the workspace once it is stored."""
        self._settings = settings
        self._vault = vault
        self._transactions = transactions
        self._installations = installations
        self._on_installed = on_installed
        self._on_this_machine = is_loopback(settings.api_url)

    def routes(self) -> list[web.RouteDef]:
        """`GET /slack/install` and `GET /slack/oauth_redirect`."""
        return [
            web.get(INSTALL, self.begin, allow_head=False),
            web.get(REDIRECT, self.finish, allow_head=False),
        ]

    async def begin(self, request: web.Request) -> web.Response:
        """Send the browser to Slack, with a state that only this browser can bring back."""
        nonce = secrets.token_urlsafe(32)
        query = {
            "client_id": self._settings.client_id or "",
            "scope": ",".join(sorted(bot_scopes())),
            "state": State(nonce, time.time()).seal(self._vault),
            **self._redirect_uri(request),
        }
        address = f"{urljoin(self._settings.api_url, '/oauth/v2/authorize')}?{urlencode(query)}"
        answer = web.Response(status=302, headers={"Location": address, **_HEADERS})
        answer.set_cookie(
            COOKIE,
            nonce,
            path=COOKIE_PATH,
            max_age=STATE_SECONDS,
            httponly=True,
            samesite="Lax",
            secure=not self._on_this_machine,
        )
        return answer

    async def finish(self, request: web.Request) -> web.Response:
        """The browser is back: store the workspace, and say in one sentence how it went."""
        try:
            grant = await self._receive(request)
            await self._transactions.run(record_grant, grant)
        except NotInstalled as error:
            log.info("not installed", reason=type(error).__name__)
            return _page(str(error), 400)
        except (aiohttp.ClientError, TimeoutError, ValueError, DatabaseError, Overloaded) as error:
            log.warning("not installed", reason=type(error).__name__)
            return _page(LATER, 503)
        self._installations.forget(grant.workspace)  # what we knew of it is out of date
        self._on_installed(grant.workspace)
        log.info("installed", workspace=grant.workspace)
        answer = _page(DONE.format(name=grant.name or "your workspace"), 200)
        answer.del_cookie(COOKIE, path=COOKIE_PATH)
        return answer

    async def _receive(self, request: web.Request) -> Grant:
        query = request.query
        if "error" in query:
            raise Denied
        cookie = request.cookies.get(COOKIE, "")
        state = State.read(self._vault, query.get("state", ""), cookie, time.time())
        try:
            return await self._exchange(query.get("code", ""), state, self._redirect_uri(request))
        except SlackApiError as error:
            log.warning("Slack refused to install", reason=code_of(error) or "no answer")
            raise Refused from error

    async def _exchange(self, code: str, state: State, redirect_uri: Mapping[str, str]) -> Grant:
        said = await self._installations.client(None).oauth_v2_access(
            client_id=self._settings.client_id or "",
            client_secret=self._settings.client_secret or "",
            code=code,
            **redirect_uri,
        )
        token = _token_of(said)
        # Only auth.test tells the bot's own id and the workspace's address, and that the token works.
        own = await self._installations.client(token).auth_test()
        return self._grant(said, own, self._vault.encrypt(token.encode()), state.nonce)

    def _grant(self, said: Any, own: Any, sealed: str, nonce: str) -> Grant:
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

    def _redirect_uri(self, request: web.Request) -> dict[str, str]:
        """Slack knows our address from the manifest; the sandbox has to be told."""
        return {"redirect_uri": f"http://{request.host}{REDIRECT}"} if self._on_this_machine else {}


def _token_of(said: Any) -> str:
    """The bot token that Slack hands over; raises NotInstalled where we could not live with it."""
    if said.get("is_enterprise_install") or said.get("team") is None:
        raise OrgWide
    if said.get("refresh_token") or said.get("expires_in"):
        raise Rotates
    token = said.get("access_token")
    if not isinstance(token, str) or not token:
        raise Refused
    return token


def _page(sentence: str, status: int) -> web.Response:
    return web.Response(status=status, text=sentence + "\n", headers=_HEADERS)
