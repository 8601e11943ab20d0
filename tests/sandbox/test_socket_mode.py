import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from tests.people import NotPossible, Person, Workplace, eventually
from tests.sandbox.conftest import SocketApp, connected


async def test_a_post_arrives_as_an_envelope(app: SocketApp, asha: Person, kitchen: str) -> None:
    """Outer and inner event have Slack's fields."""
    post = await asha.posts("#kitchen", "Hello")
    event = (await app.hears(1, "message"))[0]
    outer = app.received[0].payload
    assert (event["ts"], event["user"], event["channel"]) == (post.ts, "U0ASHA", kitchen)
    assert (event["channel_type"], event["user_team"]) == ("channel", outer["team_id"])
    assert outer["authorizations"][0]["user_id"] == "U0APP"
    assert outer["event_id"].startswith("Ev")


async def test_what_is_not_acknowledged_comes_again(
    app: SocketApp, asha: Person, workplace: Workplace
) -> None:
    """The same event_id with a rising attempt, until the acknowledgement or the end of the schedule."""
    app.acknowledges = False
    await asha.posts("#kitchen", "Hello")
    await app.hears(2)
    app.acknowledges = True
    await workplace.all_delivered()
    ids = {request.payload["event_id"] for request in app.received}
    attempts = [request.retry_attempt for request in app.received]
    assert len(ids) == 1
    assert attempts == list(range(len(attempts)))
    assert app.received[1].retry_reason == "timeout"
    assert (await workplace.deliveries())["delivered"] == 1


async def test_an_event_is_dropped_after_its_last_retry(
    app: SocketApp, asha: Person, workplace: Workplace
) -> None:
    """Four attempts, then it is gone and counted."""
    app.acknowledges = False
    await asha.posts("#kitchen", "Hello")
    await workplace.all_delivered(within=20)
    assert len(app.received) == 4
    assert (await workplace.deliveries())["dropped"] == 1


async def test_a_late_connection_gets_what_is_still_in_its_schedule(sandbox: Sandbox, asha: Person) -> None:
    """Without a socket an event waits for its retries, as far as they reach."""
    sandbox.deliveries._delays = (0.0, 0.3, 5.0)
    await asha.posts("#kitchen", "Hello")
    app = await connected(SocketApp(sandbox.api_url, sandbox.app_token))
    assert (await app.hears(1))[0]["text"] == "Hello"
    await app.client.close()  # type: ignore[no-untyped-call]  # slack_sdk gives it no types


async def test_a_refreshed_socket_is_opened_anew(app: SocketApp, asha: Person, workplace: Workplace) -> None:
    """After a refresh the client comes back and hears what happens next."""
    before = app.client.wss_uri
    await workplace.post("disconnect", reason="warning")

    async def reconnected() -> bool:
        return app.client.wss_uri != before and (await workplace.state())["connected"]

    await eventually(reconnected)
    await asha.posts("#kitchen", "Still there?")
    assert (await app.hears(1, "message"))[0]["text"] == "Still there?"


async def test_each_payload_goes_to_one_of_the_sockets(
    sandbox: Sandbox, app: SocketApp, asha: Person
) -> None:
    """Two connections share the events between them."""
    second = await connected(SocketApp(sandbox.api_url, sandbox.app_token))
    for number in range(4):
        await asha.posts("#kitchen", f"message {number}")
    await app.hears(2)
    await second.hears(2)
    assert len(app.received) + len(second.received) == 4
    await second.client.close()  # type: ignore[no-untyped-call]  # slack_sdk gives it no types


async def test_the_eleventh_socket_is_too_many(sandbox: Sandbox) -> None:
    """Ten sockets say hello, the eleventh is told why it has to go; an address works once."""
    slack = AsyncWebClient(base_url=sandbox.api_url)
    async with aiohttp.ClientSession() as session:
        sockets = []
        for _ in range(11):
            url = (await slack.apps_connections_open(app_token=sandbox.app_token))["url"]
            sockets.append(await session.ws_connect(url))
        told = [await socket.receive_json() for socket in sockets]
        assert [each["type"] for each in told] == ["hello"] * 10 + ["disconnect"]
        assert told[9]["num_connections"] == 10
        assert told[10]["reason"] == "too_many_websockets"
        with pytest.raises(aiohttp.WSServerHandshakeError):
            await session.ws_connect(url)
        for socket in sockets:
            await socket.close()


async def test_garbage_on_a_socket_is_ignored(sandbox: Sandbox, asha: Person) -> None:
    """Text that is no acknowledgement changes nothing."""
    slack = AsyncWebClient(base_url=sandbox.api_url)
    url = (await slack.apps_connections_open(app_token=sandbox.app_token))["url"]
    async with aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        await socket.receive_json()
        for text in ("ping", "[]", "{}", '{"envelope_id": null}', '{"envelope_id": {"a": 1}}'):
            await socket.send_str(text)
        await asha.posts("#kitchen", "Hello")
        assert (await socket.receive_json())["type"] == "events_api"


async def test_a_command_without_an_app_says_so(asha: Person) -> None:
    """Nobody connected, nobody answering: one sentence each."""
    with pytest.raises(NotPossible, match="No app is connected"):
        await asha.types("/learn help")


async def test_an_app_that_keeps_silent_is_named(app: SocketApp, asha: Person) -> None:
    """Three seconds without an acknowledgement are a sentence for the person."""
    app.acknowledges = False
    with pytest.raises(NotPossible, match="did not answer"):
        await asha.types("/learn help")
