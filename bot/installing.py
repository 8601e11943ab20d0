"""Installing by OAuth: somebody allows the app at Slack, and their workspace is stored with a token of its own."""

import hmac
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self
from urllib.parse import urlencode, urljoin

import aiohttp
import orjson
import structlog
from aiohttp import web

from bot.addresses import is_loopback
from bot.config import Settings
from bot.errors import CannotDecrypt, Overloaded
from bot.grants import BadState, Denied, Grant, Grants, NotInstalled, record_grant
from bot.installations import Installations
from bot.manifest import bot_scopes
from bot.secrets import Vault
from bot.transactions import Transactions
from storage.failures import DatabaseError

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
        self._grants = Grants(settings, vault, installations)
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
            return _page(str(error), error.status)
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
        return await self._grants.exchange(query.get("code", ""), state.nonce, self._redirect_uri(request))

    def _redirect_uri(self, request: web.Request) -> dict[str, str]:
        """Slack knows our address from the manifest; the sandbox has to be told."""
        return {"redirect_uri": f"http://{request.host}{REDIRECT}"} if self._on_this_machine else {}


def _page(sentence: str, status: int) -> web.Response:
    return web.Response(status=status, text=sentence + "\n", headers=_HEADERS)
