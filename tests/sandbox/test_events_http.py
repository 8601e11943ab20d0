import json
from urllib.parse import parse_qs

from slack_sdk.signature import SignatureVerifier

from bot.sandbox import Sandbox
from tests.people import Person, Workplace, eventually
from tests.sandbox.conftest import HttpApp


async def test_deliveries_are_signed(
    sandbox: Sandbox, http_app: HttpApp, asha: Person, workplace: Workplace
) -> None:
    """slack_sdk's own verifier accepts them."""
    await asha.posts("#kitchen", "Hello")
    await workplace.all_delivered()
    headers, body = http_app.requests[0]
    verifier = SignatureVerifier(sandbox.signing_secret)
    assert verifier.is_valid_request(body, headers)
    assert json.loads(body)["event"]["text"] == "Hello"


async def test_a_failed_delivery_is_retried_with_its_headers(
    http_app: HttpApp, asha: Person, workplace: Workplace
) -> None:
    """x-slack-retry-num counts, x-slack-retry-reason says why, the event_id stays."""
    http_app.status = 500
    await asha.posts("#kitchen", "Hello")
    await workplace.all_delivered()
    retries = [headers.get("x-slack-retry-num") for headers, _ in http_app.requests]
    assert retries == [None, "1", "2", "3"]
    assert http_app.requests[1][0]["x-slack-retry-reason"] == "http_error"
    assert len({json.loads(body)["event_id"] for _, body in http_app.requests}) == 1


async def test_x_slack_no_retry_is_respected(http_app: HttpApp, asha: Person, workplace: Workplace) -> None:
    """An answer with the header ends the retries."""
    http_app.status, http_app.headers = 500, {"X-Slack-No-Retry": "1"}
    await asha.posts("#kitchen", "Hello")
    await workplace.all_delivered()
    assert len(http_app.requests) == 1


async def test_a_slow_app_times_out(http_app: HttpApp, asha: Person, workplace: Workplace) -> None:
    """What takes longer than the deadline counts as http_timeout."""
    http_app.delay = 1.0
    await asha.posts("#kitchen", "Hello")

    async def twice() -> bool:
        return len(http_app.requests) > 1

    await eventually(twice)
    http_app.delay = 0.0
    await workplace.all_delivered()
    assert http_app.requests[1][0]["x-slack-retry-reason"] == "http_timeout"


async def test_the_address_is_verified_by_a_challenge(sandbox: Sandbox, http_app: HttpApp) -> None:
    """url_verification is sent, and only the right challenge passes."""
    assert not await sandbox.verify_address()
    http_app.body = {"challenge": json.loads(http_app.requests[0][1])["challenge"]}
    assert await sandbox.verify_address()


async def test_a_command_is_posted_as_a_form(http_app: HttpApp, asha: Person) -> None:
    """The form has Slack's fields, people and channels escaped, and the answer is shown."""
    http_app.body = {"text": "Here you are."}
    answer = await asha.types("/learn find by:@ada in:#kitchen", "#kitchen")
    form = {key: values[0] for key, values in parse_qs(http_app.requests[0][1].decode()).items()}
    assert form["command"] == "/learn"
    assert form["text"].startswith("find by:<@U0ADA|ada> in:<#C")
    assert {"trigger_id", "response_url", "team_id", "user_name", "channel_name", "api_app_id"} <= set(form)
    assert answer
    assert (await asha.sees("#kitchen"))[-1]["text"] == "Here you are."
