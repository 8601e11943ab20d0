from urllib.parse import parse_qs, urlsplit

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox

REDIRECT = "http://127.0.0.1:3000/slack/oauth_redirect"


async def code_for(sandbox: Sandbox, redirect: str, client_id: str) -> str | None:
    """The code that the browser brings back, if it is sent back at all."""
    address = f"{sandbox.url}/oauth/v2/authorize"
    query = {"client_id": client_id, "redirect_uri": redirect, "state": "s1", "scope": "chat:write"}
    async with (
        aiohttp.ClientSession() as session,
        session.get(address, params=query, allow_redirects=False) as response,
    ):
        answer = parse_qs(urlsplit(response.headers.get("Location", "")).query)
    assert answer.get("state", ["s1"]) == ["s1"]
    return answer["code"][0] if "code" in answer else None


@pytest.mark.filterwarnings("ignore:BasicAuth is deprecated")  # slack_sdk still sends the secret by it
async def test_installing_by_oauth(sandbox: Sandbox) -> None:
    """A code is exchanged once, with the right secret and the same address."""
    app, slack = sandbox.world.app, AsyncWebClient(base_url=sandbox.api_url)
    code = await code_for(sandbox, REDIRECT, app.client_id)
    assert code
    wanted = {"client_id": app.client_id, "client_secret": app.client_secret, "redirect_uri": REDIRECT}
    answer = await slack.oauth_v2_access(code=code, **wanted)
    assert (answer["access_token"], answer["bot_user_id"]) == (sandbox.bot_token, "U0APP")
    with pytest.raises(SlackApiError, match="invalid_code"):
        await slack.oauth_v2_access(code=code, **wanted)
    with pytest.raises(SlackApiError, match="bad_client_secret"):
        await slack.oauth_v2_access(code=code, **(wanted | {"client_secret": "no"}))


async def test_nobody_is_sent_elsewhere(sandbox: Sandbox) -> None:
    """Only addresses of this machine and the known client get a code."""
    app = sandbox.world.app
    assert await code_for(sandbox, "https://evil.example/", app.client_id) is None
    assert await code_for(sandbox, REDIRECT, "other") is None


async def test_a_revoked_token_is_dead(sandbox: Sandbox) -> None:
    """auth.revoke ends the token; installing again gives another."""
    slack = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url)
    await slack.auth_revoke()
    with pytest.raises(SlackApiError, match="token_revoked"):
        await slack.auth_test()
