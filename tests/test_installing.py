"""Installing by OAuth: a browser goes to Slack and back, and from then on that workspace has its own token."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from io import StringIO
from typing import Any
from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest

from bot.app import Commonplace, running
from bot.config import Settings, Transport
from bot.installing import COOKIE, State
from bot.manifest import bot_scopes
from bot.rules.roles import is_admin
from bot.sandbox import Sandbox, empty_world
from bot.sandbox.methods import Call
from bot.sandbox.web_api import METHODS
from bot.secrets import Vault
from storage.home import has_any_gift
from storage.spaces import find_spaces_with_app
from storage.workspaces import Workspace
from tests.people import Workplace, eventually
from tests.stories import conftest as stories
from tests.stories.conftest import settings_for

TEAM = "T0SANDBOX"
logged = stories.logged  # the fixture
# slack_sdk still sends the client's secret by it
pytestmark = pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")


def many_workspaces(sandbox: Sandbox, database_url: str) -> Settings:
    """No token of any workspace, but what OAuth needs."""
    app = sandbox.world.app
    return replace(
        settings_for(sandbox, database_url),
        bot_token=None,
        client_id=app.client_id,
        client_secret=app.client_secret,
    )


@dataclass
class Visit:
    """An answer that a browser got."""

    status: int
    text: str
    location: str
    cookie: str

    @property
    def query(self) -> dict[str, str]:
        """What the browser is to take along."""
        return {name: values[0] for name, values in parse_qs(urlsplit(self.location).query).items()}


class Browser:
    """A browser with its cookies."""

    def __init__(self, port: int, session: aiohttp.ClientSession) -> None:
        self._url = f"http://127.0.0.1:{port}"
        self._session = session

    async def opens(self, address: str, **details: Any) -> Visit:
        """Open a page, without following where it leads."""
        url = address if address.startswith("http") else self._url + address
        async with self._session.get(url, allow_redirects=False, **details) as answer:
            cookie = answer.headers.get("Set-Cookie", "")
            return Visit(answer.status, await answer.text(), answer.headers.get("Location", ""), cookie)

    async def allows(self) -> Visit:
        """Begin to install, and allow it in Slack; the answer leads back to the app."""
        start = await self.opens("/slack/install")
        return await self.opens(start.location)

    async def installs(self) -> Visit:
        """All of it."""
        return await self.opens((await self.allows()).location)


@dataclass
class House:
    """The sandbox, the app without a token, and a browser."""

    sandbox: Sandbox
    settings: Settings
    app: Commonplace
    workplace: Workplace
    session: aiohttp.ClientSession
    browser: Browser

    def stored(self) -> Workspace | None:
        """The workspace, as it is stored."""
        with self.app.database.read() as session:
            return session.get(Workspace, TEAM)

    async def settles(self) -> None:
        """Everything was heard and said."""
        await self.workplace.all_delivered()
        await eventually(self.app.sender.idle)

    async def told(self) -> list[str]:
        """The texts that the app sent."""
        return [
            str(call["args"].get("text"))
            for call in await self.workplace.calls("chat.postMessage")
            if call["ok"]
        ]


@pytest.fixture(params=["http", "socket"])
def transport(request: pytest.FixtureRequest) -> Transport:
    """How Slack reaches the app; it is installed over HTTP in both ways."""
    chosen: Transport = request.param
    return chosen


@pytest.fixture
async def house(database_url: str, transport: Transport) -> AsyncIterator[House]:
    """The app, in no workspace yet."""
    async with (
        Sandbox(port=0, world=empty_world(), retry_delays=(0.2, 0.5, 1)) as sandbox,
        running(many_workspaces(sandbox, database_url), transport) as app,
        Workplace(sandbox.url) as workplace,
        aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as session,
    ):
        if transport == "http":
            sandbox.deliver_to(f"http://127.0.0.1:{app.port}/slack/events")
        settings = many_workspaces(sandbox, database_url)
        yield House(sandbox, settings, app, workplace, session, Browser(app.port, session))


async def test_a_workspace_installs_itself(house: House, logged: StringIO) -> None:
    """Its token is stored sealed and never logged, the installer becomes admin and is told the first steps, once."""
    done = await house.browser.installs()
    assert (done.status, done.text) == (
        200,
        f"Commonplace is installed in {house.sandbox.world.name}. Type /learn in Slack to begin.\n",
    )
    known, app = house.stored(), house.sandbox.world.app
    assert known is not None
    assert known.token
    assert app.bot_token not in known.token
    assert Vault(house.settings.secret_keys).decrypt(known.token).decode() == app.bot_token
    assert (known.bot_user, known.bot_id, known.app_id) == (app.user, app.bot_id, app.id)
    assert (known.installed_by, known.uninstalled_at) == (app.installer, None)
    assert known.installed_at is not None
    assert set(known.scopes.split(",")) == bot_scopes()
    assert known.url == house.sandbox.world.url
    await house.browser.installs()
    await house.settles()
    with house.app.database.read() as session:
        assert is_admin(session, TEAM, app.installer)
    assert len(await house.told()) == 1
    assert app.bot_token not in logged.getvalue()
    assert app.client_secret not in logged.getvalue()


async def test_slack_is_asked_for_no_more_than_the_manifest(house: House) -> None:
    """The browser is sent to Slack's page with our scopes and a new state each time, kept from scripts and sites."""
    first, second = [await house.browser.opens("/slack/install") for _ in range(2)]
    assert first.status == 302
    assert first.location.startswith(f"{house.sandbox.url}/oauth/v2/authorize?")
    assert set(first.query["scope"].split(",")) == bot_scopes()
    assert first.query["client_id"] == house.sandbox.world.app.client_id
    assert first.query["state"] != second.query["state"]
    assert "HttpOnly" in first.cookie
    assert "SameSite=Lax" in first.cookie
    assert "Max-Age=600" in first.cookie


async def test_the_real_slack_knows_our_address_itself(database_url: str) -> None:
    """Without a sandbox the browser goes to slack.com, over TLS only, and Slack takes the manifest's address."""
    async with Sandbox(port=0, world=empty_world()) as sandbox:
        settings = replace(
            many_workspaces(sandbox, database_url), api_url="https://slack.com/api/", clock_url=None
        )
        async with running(settings, "http") as app, aiohttp.ClientSession() as session:
            visit = await Browser(app.port, session).opens("/slack/install")
    assert visit.location.startswith("https://slack.com/oauth/v2/authorize?")
    assert "redirect_uri" not in visit.query
    assert "Secure" in visit.cookie


async def test_another_browser_cannot_finish(house: House) -> None:
    """Whoever is lured to the last page without having begun installs nothing."""
    back = await house.browser.allows()
    house.session.cookie_jar.clear()
    for headers in ({}, {"Cookie": f"{COOKIE}=guess"}, {"Cookie": f"{COOKIE}=é"}):
        refused = await house.browser.opens(back.location, headers=headers)
        assert refused.status == 400
        assert "another browser" in refused.text
    assert house.stored() is None


@pytest.mark.parametrize("state", ["", "x", "é", "%00", "gAAAAA", "x" * 4_000])
async def test_a_made_up_state_is_refused(house: House, state: str) -> None:
    """Only what the app sealed itself counts."""
    await house.browser.opens("/slack/install")
    assert (await house.browser.opens(f"/slack/oauth_redirect?code=1&state={state}")).status == 400
    assert house.stored() is None


@pytest.mark.parametrize(("age", "status"), [(590, 200), (601, 400)])
async def test_a_state_lives_ten_minutes(house: House, age: int, status: int) -> None:
    """Who comes back later begins again."""
    back = await house.browser.allows()
    state = State("nonce", time.time() - age).seal(Vault(house.settings.secret_keys))
    late = f"/slack/oauth_redirect?code={back.query['code']}&state={state}"
    house.session.cookie_jar.clear()
    assert (await house.browser.opens(late, headers={"Cookie": f"{COOKIE}=nonce"})).status == status
    assert (house.stored() is not None) == (status == 200)


async def test_what_else_is_sealed_is_no_state(house: House) -> None:
    """A sealed text of another kind does not open this door."""
    other = Vault(house.settings.secret_keys).encrypt(b'"something else"')
    assert (await house.browser.opens(f"/slack/oauth_redirect?code=1&state={other}")).status == 400


async def test_a_state_is_good_for_one_time(house: House) -> None:
    """Even with its cookie and another code it installs nothing again."""
    start = await house.browser.opens("/slack/install")
    cookie = {"Cookie": start.cookie.split(";")[0]}
    statuses = []
    for _ in range(2):
        back = await house.browser.opens(start.location)
        statuses.append((await house.browser.opens(back.location, headers=cookie)).status)
    assert statuses == [200, 400]


async def test_refusals_are_one_sentence_and_store_nothing(house: House) -> None:
    """Denied, a code that Slack does not know, a used code, no code."""
    denied = await house.browser.opens("/slack/oauth_redirect?error=access_denied&state=x")
    assert (denied.status, denied.text.count("\n")) == (400, 1)
    for code in ("&code=made-up", ""):
        start = await house.browser.opens("/slack/install")
        address = f"/slack/oauth_redirect?state={start.query['state']}{code}"
        refused = await house.browser.opens(address)
        assert refused.status == 400
        assert "Slack did not accept" in refused.text
    assert house.stored() is None


@pytest.mark.parametrize(
    ("more", "says"),
    [
        ({"is_enterprise_install": True, "team": None}, "not supported yet"),
        ({"refresh_token": "xoxe-1", "expires_in": 43_200}, "token rotation"),
        ({"access_token": None}, "did not accept"),
        ({"team": {"id": "T0OTHER", "name": "Other"}}, "did not accept"),
    ],
)
async def test_what_we_could_not_live_with_is_not_stored(
    house: House, monkeypatch: pytest.MonkeyPatch, more: dict[str, Any], says: str
) -> None:
    """A whole organisation, a token that expires, no token, another workspace's token: an honest no."""
    real = METHODS["oauth.v2.access"]

    def answers(call: Call) -> dict[str, Any]:
        return {**real.run(call), **more}

    monkeypatch.setitem(METHODS, "oauth.v2.access", replace(real, run=answers))
    refused = await house.browser.installs()
    assert (refused.status, says in refused.text) == (400, True)
    assert house.stored() is None


async def test_a_token_for_a_whole_organisation_is_given_back(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What we refuse to keep does not live on at Slack; that this fails changes nothing for the browser."""
    real = METHODS["oauth.v2.access"]

    def answers(call: Call) -> dict[str, Any]:
        return {**real.run(call), "is_enterprise_install": True, "team": None}

    monkeypatch.setitem(METHODS, "oauth.v2.access", replace(real, run=answers))
    await house.workplace.goes_wrong({"method": "auth.revoke", "fault": "500", "times": 1})
    for _ in range(2):
        refused = await house.browser.installs()
        assert (refused.status, "not supported yet" in refused.text) == (400, True)
    assert [call["ok"] for call in await house.workplace.calls("auth.revoke")] == [False, True]
    assert house.sandbox.world.app.bot_token in house.sandbox.world.app.revoked
    assert house.stored() is None


@pytest.mark.parametrize("method", ["oauth.v2.access", "auth.test"])
@pytest.mark.parametrize("fault", ["429", "500", "error:internal_error"])
async def test_a_busy_slack_is_not_a_refusal(house: House, method: str, fault: str) -> None:
    """It says so, with the status that means later, and a minute later it works."""
    await house.workplace.goes_wrong({"method": method, "fault": fault, "times": 1})
    busy = await house.browser.installs()
    assert (busy.status, busy.text.count("\n")) == (503, 1)
    assert busy.text.startswith("Slack is busy")
    assert house.stored() is None
    assert (await house.browser.installs()).status == 200


async def test_slack_out_of_reach_means_later(house: House) -> None:
    """A connection that breaks stores nothing, and says to try again."""
    await house.workplace.goes_wrong({"method": "oauth.v2.access", "fault": "close", "times": 1})
    later = await house.browser.installs()
    assert (later.status, "try again" in later.text) == (503, True)
    assert house.stored() is None
    assert (await house.browser.installs()).status == 200


async def test_the_workspace_is_served_with_its_own_token(house: House) -> None:
    """Before the installation its events leave no trace; afterwards it is caught up with, heard and answered."""
    ada = house.workplace.person("ada")
    await ada.creates("kitchen")
    await ada.invites("#kitchen", "app")
    await house.workplace.all_delivered()
    assert house.stored() is None
    await house.browser.installs()

    async def knows_kitchen() -> bool:
        with house.app.database.read() as session:
            return bool(find_spaces_with_app(session, TEAM))

    await eventually(knows_kitchen)
    await ada.posts("#kitchen", "#til Salt slows the yeast.")
    await house.settles()
    with house.app.database.read() as session:
        assert has_any_gift(session, TEAM)
    assert any(call["ok"] for call in await house.workplace.calls("reactions.add"))


async def test_removing_the_app_ends_it_at_once(house: House) -> None:
    """The token is gone, later events are taken and dropped, and installing again brings a new token."""
    await house.browser.installs()
    before = house.sandbox.world.app.bot_token
    await house.workplace.post("uninstall")

    async def has_no_token() -> bool:
        known = house.stored()
        return known is not None and known.token is None and known.uninstalled_at is not None

    await eventually(has_no_token)
    await house.workplace.all_delivered()
    assert (await house.workplace.deliveries())["dropped"] == 0
    assert await house.app.installations.all() == []
    with pytest.raises(LookupError):
        await house.app.installations.client_for(TEAM)
    await house.browser.installs()
    client = await house.app.installations.client_for(TEAM)
    assert client.token == house.sandbox.world.app.bot_token != before
    known = house.stored()
    assert known is not None
    assert known.uninstalled_at is None


async def test_news_of_an_earlier_removal_does_no_harm(house: House) -> None:
    """Slack repeats its farewell for hours: one from before the new installation does not end that."""
    await house.browser.installs()
    known = house.stored()
    assert known is not None
    assert known.installed_at is not None
    installed = int(known.installed_at.timestamp())
    for at, ends in ((installed - 300, False), (installed + 5, True)):
        event = {"type": "app_uninstalled"}
        body = {
            "team_id": TEAM,
            "type": "event_callback",
            "event_id": "Ev1",
            "event_time": at,
            "event": event,
        }
        assert (await house.app._front.answer(body, {})).status == 200
        assert (await house.app.installations.find(TEAM) is None) == ends


async def test_without_a_client_nobody_can_install(database_url: str) -> None:
    """The app of one workspace has no such pages."""
    async with (
        Sandbox(port=0, world=empty_world()) as sandbox,
        running(settings_for(sandbox, database_url), "http") as app,
        aiohttp.ClientSession() as session,
    ):
        browser = Browser(app.port, session)
        answers = await asyncio.gather(
            browser.opens("/slack/install"), browser.opens("/slack/oauth_redirect")
        )
    assert [answer.status for answer in answers] == [404, 404]
