"""One call of Slack's Web API for one letter: its arguments, and what its answer or its failure means.

Only a failure before the first byte, a 429 and `ok: false` with a definite code prove that nothing was
posted; after anything else nobody knows.
"""

import random
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import aiohttp
from slack_sdk.errors import SlackApiError

from bot import slack_codes
from bot.ids import LETTER_EVENT_TYPE
from bot.payloads import mapping
from storage.outbox import LetterKind
from storage.outbox_claims import Claimed

POST = "chat.postMessage"
OPEN = "conversations.open"
THROTTLE_SECONDS = 30.0  # when Slack says 429 without saying for how long
LONGEST_WAIT = 300.0
MOST_ATTEMPTS = 24  # of a letter that Slack refuses with a code that we do not know
_TARGET_TS = {"chat.update": "ts", "chat.delete": "ts"}

# These fail before the request leaves: no connection, no name, no handshake.
BEFORE_THE_FIRST_BYTE = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


@dataclass(frozen=True, slots=True)
class Done:
    """Slack took it; channel and ts are those of a message, if it is one."""

    channel: str | None = None
    ts: str | None = None


@dataclass(frozen=True, slots=True)
class NotSent:
    """It surely did not go; `throttled` names the method that is to rest for `wait` seconds."""

    reason: str
    wait: float
    throttled: str | None = None


@dataclass(frozen=True, slots=True)
class Never:
    """It surely did not go and never will."""

    reason: str


@dataclass(frozen=True, slots=True)
class Unsure:
    """Nobody knows whether it went."""

    reason: str


Outcome = Done | NotSent | Never | Unsure


def arguments(letter: Claimed) -> dict[str, Any]:
    """What the call is given, with the places that are known only now."""
    given = dict(letter.payload)
    if letter.target is not None:
        given["channel"], given[_TARGET_TS.get(letter.method, "timestamp")] = letter.target
    if letter.thread_ts is not None:
        given["thread_ts"] = letter.thread_ts
    if letter.method == POST:
        given.setdefault("channel", letter.conversation)
        given.setdefault("unfurl_links", False)
        given.setdefault("unfurl_media", False)
        given["metadata"] = {"event_type": LETTER_EVENT_TYPE, "event_payload": {"key": letter.key}}
    return given


def read_answer(letter: Claimed, answer: Mapping[str, Any]) -> Outcome:
    """What a friendly answer means; a post without channel and ts is not one that we can read."""
    if letter.method == OPEN:
        channel = mapping(answer.get("channel")).get("id")
        return (
            Done(channel)
            if isinstance(channel, str)
            else NotSent("unreadable answer", back_off(letter.attempt))
        )
    if letter.method != POST:
        return Done()
    channel, ts = answer.get("channel"), answer.get("ts")
    if isinstance(channel, str) and isinstance(ts, str) and channel and ts:
        return Done(channel, ts)
    return Unsure("unreadable answer")


def judge(error: BaseException, method: str, attempt: int) -> Outcome:
    """What a failed call means; `attempt` counts from 1."""
    if isinstance(error, BEFORE_THE_FIRST_BYTE):
        return NotSent("no connection", back_off(attempt))
    if isinstance(error, SlackApiError):
        return _judge_answer(error.response, method, attempt)
    return Unsure(type(error).__name__)


def for_kind(outcome: Outcome, kind: LetterKind, attempt: int) -> Outcome:
    """What doubt means for this kind: a state is set again, something ephemeral is let go."""
    if not isinstance(outcome, Unsure) or kind is LetterKind.POST:
        return outcome
    if kind is LetterKind.EPHEMERAL:
        return Never(outcome.reason)
    return NotSent(outcome.reason, back_off(attempt))


def _judge_answer(response: Any, method: str, attempt: int) -> Outcome:
    # An answer whose JSON is broken comes as aiohttp's own response: with `status` and without `data`.
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, dict) else None
    if status == 429 or (status == 200 and code in slack_codes.THROTTLED):  # noqa: PLR2004  HTTP's own number
        return NotSent("ratelimited", _retry_after(response), throttled=method)
    if status != 200 or not isinstance(code, str) or not code:  # noqa: PLR2004  HTTP's own number
        return Unsure(f"status {status}")
    return judge_code(code, method, attempt)


def judge_code(code: str, method: str, attempt: int) -> Outcome:
    """What `ok: false` with this code means."""
    if code in slack_codes.DONE.get(method, ()):
        return Done()
    if code in slack_codes.UNSURE:
        return Unsure(code)
    if code in slack_codes.NEVER or (attempt >= MOST_ATTEMPTS and code not in slack_codes.PASSING):
        return Never(code)
    return NotSent(code, back_off(attempt))


def _retry_after(response: Any) -> float:
    try:
        return max(1.0, float(response.headers["Retry-After"]))
    except (AttributeError, KeyError, TypeError, ValueError):
        return THROTTLE_SECONDS


def back_off(attempt: int) -> float:
    """Seconds until the next attempt: doubling from one to five minutes, a little different each time."""
    return float(min(2.0 ** min(attempt - 1, 16), LONGEST_WAIT) * random.uniform(0.75, 1.25))  # noqa: S311  no secret
