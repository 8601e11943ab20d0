"""Signed HTTP delivery: events as JSON, commands and interactivity as forms, as Slack posts them."""

import asyncio
import hashlib
import hmac
import json
import time
from urllib.parse import urlencode

import aiohttp

from bot.sandbox.delivery import ACK_SECONDS, Answer
from bot.sandbox.model import Json

_MOST_ANSWER_BYTES = 1024 * 1024


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """Slack's v0 signature of a request body."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


class HttpDelivery:
    """Posts everything to one address of the app."""

    def __init__(self, url: str, secret: str, ack_seconds: float = ACK_SECONDS) -> None:
        self.url = url
        self._secret = secret
        self._ack_seconds = ack_seconds
        self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=ack_seconds))

    @property
    def connected(self) -> bool:
        """An address that was given is taken to be served."""
        return True

    async def verify(self) -> bool:
        """Send url_verification and say whether the app returned the challenge."""
        challenge = hashlib.sha256(self._secret.encode()).hexdigest()
        payload = {"token": "deprecated", "challenge": challenge, "type": "url_verification"}
        answer = await self.deliver("events_api", payload)
        told = answer.body.get("challenge") if isinstance(answer.body, dict) else answer.body
        return answer.ok and told == challenge

    async def deliver(self, kind: str, payload: Json, attempt: int = 0, reason: str = "") -> Answer:
        """Post one payload and return how the app answered."""
        body, content_type = _encode(kind, payload)
        headers = self._headers(body, content_type)
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        try:
            async with self._session.post(self.url, data=body, headers=headers, max_redirects=2) as response:
                return _answer(response, await response.content.read(_MOST_ANSWER_BYTES))
        except TimeoutError:
            return Answer(ok=False, reason="http_timeout")
        except aiohttp.TooManyRedirects:
            return Answer(ok=False, reason="too_many_redirects")
        except (aiohttp.ClientError, ConnectionError, asyncio.IncompleteReadError):
            return Answer(ok=False, reason="connection_failed")

    def _headers(self, body: bytes, content_type: str) -> dict[str, str]:
        # Signatures follow real time: a moved clock must not make them stale.
        timestamp = str(int(time.time()))
        return {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            "X-Slack-Request-Timestamp": timestamp,
            "X-Slack-Signature": sign(self._secret, timestamp, body),
        }

    async def stop(self) -> None:
        """Close the connections to the app."""
        await self._session.close()


def _encode(kind: str, payload: Json) -> tuple[bytes, str]:
    if kind == "events_api":
        return json.dumps(payload).encode(), "application/json"
    fields = payload if kind == "slash_commands" else {"payload": json.dumps(payload)}
    return urlencode(fields).encode(), "application/x-www-form-urlencoded"


def _answer(response: aiohttp.ClientResponse, content: bytes) -> Answer:
    no_retry = response.headers.get("X-Slack-No-Retry") == "1"
    if not 200 <= response.status < 300:  # noqa: PLR2004 - the range of success
        return Answer(ok=False, reason="http_error", final=no_retry)
    text = content.decode(errors="replace")
    if "json" not in response.headers.get("Content-Type", ""):
        return Answer(ok=True, body=text or None)
    try:
        return Answer(ok=True, body=json.loads(text) if text else None)
    except ValueError:
        return Answer(ok=True, body=text)
