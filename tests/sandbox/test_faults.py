import asyncio

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.sandbox import Sandbox
from bot.sandbox.faults import Faults
from tests.people import NotPossible, Person, Workplace
from tests.sandbox.conftest import SocketApp

POST = {"method": "chat.postMessage", "times": 1}


async def texts(person: Person) -> list[str]:
    """What stands in #kitchen."""
    return [message["text"] for message in await person.sees("#kitchen") if not message.get("subtype")]


async def test_429_names_the_wait(
    slack: AsyncWebClient, workplace: Workplace, asha: Person, kitchen: str
) -> None:
    """The error ratelimited with Retry-After, nothing done, once only."""
    await workplace.goes_wrong(POST | {"fault": "429", "retry_after": 7})
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=kitchen, text="x")
    assert (caught.value.response.status_code, caught.value.response.headers["Retry-After"]) == (429, "7")
    await slack.chat_postMessage(channel=kitchen, text="again")
    assert await texts(asha) == ["again"]


@pytest.mark.parametrize(("fault", "done"), [("500", False), ("500_after", True)])
async def test_500_before_or_after_the_fact(
    slack: AsyncWebClient, workplace: Workplace, asha: Person, kitchen: str, fault: str, done: bool
) -> None:
    """The answer is the same, the effect is not."""
    await workplace.goes_wrong(POST | {"fault": fault})
    with pytest.raises(SlackApiError) as caught:
        await slack.chat_postMessage(channel=kitchen, text="x")
    assert caught.value.response.status_code == 500
    assert bool(await texts(asha)) is done
    assert (await workplace.calls("chat.postMessage"))[0]["done"] is done


@pytest.mark.parametrize(("fault", "done"), [("close", False), ("close_after", True)])
async def test_a_closed_line_before_or_after_the_fact(
    slack: AsyncWebClient, workplace: Workplace, asha: Person, kitchen: str, fault: str, done: bool
) -> None:
    """The connection ends without an answer."""
    await workplace.goes_wrong(POST | {"fault": fault})
    with pytest.raises(aiohttp.ClientError):
        await slack.chat_postMessage(channel=kitchen, text="x")
    assert bool(await texts(asha)) is done


async def test_a_timeout_after_the_fact(
    sandbox: Sandbox, workplace: Workplace, asha: Person, kitchen: str
) -> None:
    """The caller waits in vain, although the message was posted."""
    impatient = AsyncWebClient(sandbox.bot_token, base_url=sandbox.api_url, timeout=1, retry_handlers=[])
    await workplace.goes_wrong(POST | {"fault": "timeout_after"})
    with pytest.raises(asyncio.TimeoutError):
        await impatient.chat_postMessage(channel=kitchen, text="x")
    assert await texts(asha) == ["x"]


async def test_any_error_of_slacks(
    slack: AsyncWebClient, workplace: Workplace, asha: Person, kitchen: str
) -> None:
    """error:<code> refuses without doing, error_after:<code> after doing; * means every method."""
    await workplace.goes_wrong({"method": "*", "fault": "error_after:internal_error", "times": 1})
    with pytest.raises(SlackApiError, match="internal_error"):
        await slack.chat_postMessage(channel=kitchen, text="x")
    assert await texts(asha) == ["x"]


async def test_duplicates_have_one_event_id(app: SocketApp, asha: Person, workplace: Workplace) -> None:
    """The same envelope arrives twice."""
    await workplace.goes_wrong({"method": "event", "fault": "duplicate", "times": 1})
    await asha.posts("#kitchen", "x")
    await app.hears(2)
    assert len({request.payload["event_id"] for request in app.received}) == 1


async def test_a_lost_acknowledgement_brings_the_event_again(
    app: SocketApp, asha: Person, workplace: Workplace
) -> None:
    """On the event's side and on the socket's side."""
    await workplace.goes_wrong({"method": "event", "fault": "lose_ack", "times": 1})
    await asha.posts("#kitchen", "x")
    await app.hears(2)
    await workplace.goes_wrong({"method": "socket.ack", "fault": "lose_ack", "times": 1})
    await asha.posts("#kitchen", "y")
    events = await app.hears(4)
    assert [event["text"] for event in events] == ["x", "x", "y", "y"]


async def test_shuffled_events_all_arrive(app: SocketApp, asha: Person, workplace: Workplace) -> None:
    """Some are held and released in another order, none is lost."""
    await workplace.goes_wrong({"method": "event", "fault": "shuffle"})
    for number in range(10):
        await asha.posts("#kitchen", str(number))
    came = [event["text"] for event in await app.hears(10)]
    assert sorted(came) == [str(number) for number in range(10)]
    assert came != sorted(came)


async def test_a_socket_that_closes_at_the_acknowledgement(
    app: SocketApp, asha: Person, sandbox: Sandbox
) -> None:
    """The event comes again on the next connection."""
    sandbox.deliveries._delays = (0.5, 1.0, 3.0)
    sandbox.faults.replace([{"method": "socket.ack", "fault": "close", "times": 1}])
    await asha.posts("#kitchen", "x")
    events = await app.hears(2)
    assert {event["text"] for event in events} == {"x"}


async def test_nonsense_rules_are_refused(workplace: Workplace) -> None:
    """A sentence says what is wrong, and nothing changes."""
    for rule in (
        {"method": "event", "fault": "429"},
        {"fault": "429"},
        {"method": "x", "fault": "429", "times": "y"},
    ):
        with pytest.raises(NotPossible):
            await workplace.goes_wrong(rule)
    assert (await workplace.get("faults"))["rules"] == []


def test_the_dice_are_seeded() -> None:
    """The same seed gives the same faults."""
    struck = []
    for _ in range(2):
        faults = Faults(seed=3)
        faults.replace([{"method": "event", "fault": "duplicate", "probability": 0.5}])
        struck.append([faults.pick("event") is not None for _ in range(50)])
    assert struck[0] == struck[1]
    assert 5 < sum(struck[0]) < 45


async def test_a_refresh_in_the_middle(
    app: SocketApp, asha: Person, sandbox: Sandbox, workplace: Workplace
) -> None:
    """The fault `disconnect` refreshes the socket after a delivery, and nothing is lost."""
    sandbox.deliveries._delays = (0.5, 1.0, 3.0)
    await workplace.goes_wrong({"method": "event", "fault": "disconnect", "times": 2})
    for number in range(6):
        await asha.posts("#kitchen", str(number))
    await workplace.all_delivered(within=20)
    assert {event["text"] for event in app.events("message")} == {str(number) for number in range(6)}
    assert (await workplace.deliveries())["dropped"] == 0
