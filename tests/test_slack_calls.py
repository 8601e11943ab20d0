import asyncio
from types import SimpleNamespace

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError

from bot.slack_calls import (
    LONGEST_WAIT,
    MOST_ATTEMPTS,
    POST,
    THROTTLE_SECONDS,
    Done,
    Never,
    NotSent,
    Outcome,
    Unsure,
    arguments,
    back_off,
    for_kind,
    judge,
    read_answer,
)
from storage.outbox import LetterKind
from storage.outbox_claims import Claimed

NOWHERE = aiohttp.client_reqrep.ConnectionKey("slack.com", 443, True, True, None, None, None)


def refusal(status: int, data: object, **headers: str) -> SlackApiError:
    """What slack_sdk raises for such an answer."""
    response = SimpleNamespace(status_code=status, data=data, headers=headers)
    return SlackApiError("no", response)  # type: ignore[no-untyped-call]


def letter(**values: object) -> Claimed:
    """A post to a channel."""
    given = {"payload": {"text": "hi"}, "method": POST, "kind": LetterKind.POST} | values
    return Claimed(id=1, workspace="T1", conversation="C1", recipient=None, key="abc", attempt=1, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "error",
    [
        TimeoutError(),
        asyncio.IncompleteReadError(b"", 4),
        aiohttp.ServerDisconnectedError(),
        aiohttp.ClientOSError(104, "reset"),
        aiohttp.SocketTimeoutError(),
        AttributeError("'str' object has no attribute 'get'"),
        refusal(500, {}),
        refusal(502, {"ok": False, "error": "channel_not_found"}),
        refusal(200, {}),
        refusal(200, {"ok": False, "error": None}),
        refusal(200, {"ok": False, "error": "internal_error"}),
        refusal(200, {"ok": False, "error": "fatal_error"}),
        refusal(200, {"ok": False, "error": "request_timeout"}),
        SlackApiError("broken JSON", SimpleNamespace(status=200)),  # type: ignore[no-untyped-call]
    ],
)
def test_after_these_nobody_knows(error: Exception) -> None:
    """The request may have arrived, so the post is looked for before it is sent again."""
    assert isinstance(judge(error, POST, 1), Unsure)


@pytest.mark.parametrize(
    "error",
    [
        aiohttp.ClientConnectorError(NOWHERE, OSError(111, "refused")),
        aiohttp.ClientConnectorDNSError(NOWHERE, OSError(-2, "unknown")),
        aiohttp.ConnectionTimeoutError(),
        refusal(200, {"ok": False, "error": "service_unavailable"}),
        refusal(200, {"ok": False, "error": "something_new"}),
        refusal(200, {"ok": False, "error": "invalid_auth"}),
    ],
)
def test_after_these_it_surely_did_not_go(error: Exception) -> None:
    """Nothing left us, or Slack said no: it is tried again without a look."""
    assert isinstance(judge(error, POST, 1), NotSent)


@pytest.mark.parametrize(
    ("error", "wait"),
    [
        (refusal(429, {}, **{"Retry-After": "7"}), 7.0),
        (refusal(429, {"ok": False, "error": "ratelimited"}), THROTTLE_SECONDS),
        (refusal(429, None, **{"Retry-After": "soon"}), THROTTLE_SECONDS),
        (refusal(200, {"ok": False, "error": "rate_limited"}, **{"Retry-After": "0"}), 1.0),
    ],
)
def test_slack_says_when_to_come_back(error: Exception, wait: float) -> None:
    """A 429 is no failure: the method rests as long as Slack asks."""
    assert judge(error, POST, 3) == NotSent("ratelimited", wait, throttled=POST)


@pytest.mark.parametrize("code", ["channel_not_found", "is_archived", "account_inactive", "invalid_blocks"])
def test_some_refusals_never_pass(code: str) -> None:
    """The code is the reason that is kept."""
    assert judge(refusal(200, {"ok": False, "error": code}), POST, 1) == Never(code)


@pytest.mark.parametrize(
    ("method", "code"),
    [
        ("reactions.add", "already_reacted"),
        ("reactions.add", "message_not_found"),
        ("reactions.remove", "no_reaction"),
        ("pins.add", "already_pinned"),
        ("chat.delete", "message_not_found"),
    ],
)
def test_a_state_that_stands_is_done(method: str, code: str) -> None:
    """Slack's "no" means that nothing is left to do."""
    assert judge(refusal(200, {"ok": False, "error": code}), method, 1) == Done()


def test_a_code_we_do_not_know_is_given_up_in_the_end() -> None:
    """But a token that somebody has to mend may take days."""
    unknown, mendable = (refusal(200, {"ok": False, "error": code}) for code in ("new_code", "invalid_auth"))
    assert judge(unknown, POST, MOST_ATTEMPTS) == Never("new_code")
    assert isinstance(judge(mendable, POST, MOST_ATTEMPTS), NotSent)


@pytest.mark.parametrize(
    ("kind", "outcome"),
    [
        (LetterKind.POST, Unsure),
        (LetterKind.EPHEMERAL, Never),
        (LetterKind.STATE, NotSent),
        (LetterKind.FOREIGN, NotSent),
    ],
)
def test_doubt_means_something_else_for_each_kind(kind: LetterKind, outcome: type[Outcome]) -> None:
    """A post is looked for, an ephemeral message let go, the others are repeated."""
    assert isinstance(for_kind(Unsure("timeout"), kind, 1), outcome)


@pytest.mark.parametrize(
    "answer", [{}, {"channel": "C1"}, {"channel": "C1", "ts": 3}, {"channel": "", "ts": ""}]
)
def test_a_post_without_a_place_is_in_doubt(answer: dict[str, object]) -> None:
    """Slack said yes, but not where."""
    assert isinstance(read_answer(letter(), answer), Unsure)


def test_a_post_carries_its_key_and_unfurls_nothing() -> None:
    """The key is an opaque random id, in the message's metadata."""
    given = arguments(letter(thread_ts="1.2"))
    assert given["metadata"] == {"event_type": "commonplace_letter", "event_payload": {"key": "abc"}}
    assert (given["channel"], given["thread_ts"]) == ("C1", "1.2")
    assert given["unfurl_links"] is given["unfurl_media"] is False


@pytest.mark.parametrize(
    ("method", "name"), [("chat.update", "ts"), ("reactions.add", "timestamp"), ("pins.add", "timestamp")]
)
def test_a_state_finds_the_letter_it_is_about(method: str, name: str) -> None:
    """Channel and time of the other letter go where the method wants them."""
    given = arguments(letter(method=method, kind=LetterKind.STATE, target=("C9", "9.9"), payload={}))
    assert given == {"channel": "C9", name: "9.9"}


def test_waits_grow_and_end_growing() -> None:
    """From about a second to about five minutes."""
    assert 0.5 < back_off(1) < 2
    assert back_off(5) > back_off(2)
    assert LONGEST_WAIT * 0.7 < back_off(1_000) < LONGEST_WAIT * 1.3
