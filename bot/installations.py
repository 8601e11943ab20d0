"""Installations: which workspaces the app is in, and with which token it speaks there."""

from dataclasses import dataclass
from datetime import datetime
from time import monotonic

from aiohttp import ClientSession
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.web.async_client import AsyncWebClient

from bot.clock import Clock
from bot.secrets import Vault
from bot.transactions import Transactions
from storage.session import Session
from storage.workspaces import Workspace, find_workspace, find_workspaces

KEEP_SECONDS = 30  # an uninstalled workspace is forgotten at once; another replica notices within this time


@dataclass(frozen=True, slots=True)
class Installation:
    """One workspace and what we need to speak in it."""

    workspace: str
    enterprise: str | None
    token: str
    bot_user: str
    bot_id: str


@dataclass(frozen=True, slots=True)
class Introduction:
    """What Slack says about the token we start with (auth.test)."""

    workspace: str
    enterprise: str | None
    name: str
    url: str
    bot_user: str
    bot_id: str
    scopes: str


def introduce(session: Session, said: Introduction, now: datetime) -> None:
    """Store the workspace of the token we start with."""
    known = session.get(Workspace, said.workspace)
    if known is None:
        known = Workspace(id=said.workspace, installed_at=now)
        session.add(known)
    known.enterprise, known.name, known.url = said.enterprise, said.name, said.url
    known.bot_user, known.bot_id, known.scopes = said.bot_user, said.bot_id, said.scopes
    known.uninstalled_at = None


class Installations:
    """Tokens by workspace, read from the database and remembered for half a minute."""

    def __init__(
        self, transactions: Transactions, clock: Clock, vault: Vault, api_url: str, session: ClientSession
    ) -> None:
        """`session` is shared by every Web API client."""
        self._transactions = transactions
        self._clock = clock
        self._vault = vault
        self._api_url = api_url
        self._session = session
        self._own: Installation | None = None
        self._known: dict[str, tuple[float, Installation]] = {}
        self._forgotten = 0  # how often something was forgotten

    def client(self, token: str | None) -> AsyncWebClient:
        """A Web API client without retries of its own: a repeated post would be a second one."""
        return AsyncWebClient(token=token, base_url=self._api_url, session=self._session, retry_handlers=[])

    async def start_with(self, token: str) -> Installation:
        """Ask Slack whose token this is, and store the workspace; raises what slack_sdk raises."""
        answer = await self.client(token).auth_test()
        said = Introduction(
            str(answer["team_id"]),
            answer.get("enterprise_id"),
            str(answer.get("team") or ""),
            str(answer.get("url") or ""),
            str(answer["user_id"]),
            str(answer.get("bot_id") or ""),
            str(answer.headers.get("x-oauth-scopes", "")),
        )
        await self._transactions.run(introduce, said)
        self._own = Installation(said.workspace, said.enterprise, token, said.bot_user, said.bot_id)
        return self._own

    async def find(self, workspace: str) -> Installation | None:
        """The installation of this workspace; None when there is none. Raises when the database is away."""
        if self._own is not None and self._own.workspace == workspace:
            return self._own
        known = self._known.get(workspace)
        if known is not None and monotonic() - known[0] < KEEP_SECONDS:
            return known[1]
        forgotten = self._forgotten
        found = await self._transactions.read(self._read, workspace)
        # Not being installed is not remembered: who installs us now shall be heard by every replica at once. Nor is
        # what was read while something was forgotten: it may be the very token that went.
        if found is not None and forgotten == self._forgotten:
            self._known[workspace] = (monotonic(), found)
        return found

    async def all(self) -> list[str]:
        """The workspaces that we speak in."""
        return await self._transactions.read(
            lambda session: [known.id for known in find_workspaces(session) if self._speaks_in(known)]
        )

    async def knows(self, workspace: str) -> bool:
        """Whether the app is installed there."""
        return await self.find(workspace) is not None

    async def client_for(self, workspace: str) -> AsyncWebClient:
        """A client that speaks in this workspace; raises LookupError where we are not installed."""
        found = await self.find(workspace)
        if found is None:
            raise LookupError(workspace)
        return self.client(found.token)

    async def authorize(self, enterprise_id: str | None, team_id: str | None) -> AuthorizeResult | None:
        """What Bolt asks for each request; None only where we are not installed."""
        found = await self.find(team_id or "")
        if found is None:
            return None
        return AuthorizeResult(
            enterprise_id=enterprise_id,
            team_id=team_id,
            bot_user_id=found.bot_user,
            bot_id=found.bot_id,
            bot_token=found.token,
        )

    def forget(self, workspace: str) -> None:
        """The workspace uninstalled the app: its token is of no use any more."""
        self._forgotten += 1
        self._known.pop(workspace, None)
        if self._own is not None and self._own.workspace == workspace:
            self._own = None

    def _speaks_in(self, workspace: Workspace) -> bool:
        own = self._own is not None and self._own.workspace == workspace.id
        return own or workspace.token is not None

    def _read(self, session: Session, workspace: str) -> Installation | None:
        row = find_workspace(session, workspace)
        if row is None or row.token is None or row.uninstalled_at is not None:
            return None
        token = self._vault.decrypt(row.token).decode()
        return Installation(row.id, row.enterprise, token, row.bot_user or "", row.bot_id or "")
