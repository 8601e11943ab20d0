"""A light HTTP client for benchmarks: prebuilt requests over kept-alive connections, nothing else on the processor."""

import asyncio
import hashlib
import hmac
import json
import time
from collections.abc import Iterator
from itertools import count

CONNECTIONS = 48
_numbers = count(1)


def message_event(team: str, channel: str, text: str) -> bytes:
    """The body of a new message event as Slack sends it."""
    number = next(_numbers)
    ts = f"{1_700_000_000 + number // 1_000}.{number % 1_000:06d}"
    event = {
        "type": "message",
        "channel": channel,
        "channel_type": "channel",
        "user": f"U{number % 40:04d}",
        "text": text,
        "ts": ts,
        "event_ts": ts,
        "team": team,
        "client_msg_id": f"00000000-0000-0000-0000-{number:012d}",
    }
    body = {
        "token": "unused",
        "team_id": team,
        "api_app_id": "A0BENCH",
        "event": event,
        "type": "event_callback",
        "event_id": f"Ev{number:010d}",
        "event_time": 1_700_000_000,
        "authorizations": [{"team_id": team, "user_id": "U0APP", "is_bot": True, "enterprise_id": None}],
    }
    return json.dumps(body).encode()


def signed_request(body: bytes, secret: str) -> bytes:
    """The whole HTTP request with Slack's signature."""
    timestamp = str(int(time.time()))
    base = b"v0:" + timestamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    head = (
        "POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n"
        f"X-Slack-Request-Timestamp: {timestamp}\r\nX-Slack-Signature: {signature}\r\n"
        f"Content-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def send_all(port: int, requests: list[bytes]) -> float:
    """Send the requests over several connections; returns answered requests per second.

    Raises AssertionError when one is not answered 200: a rate of refusals would mean nothing.
    """
    waiting = iter(requests)
    began = time.perf_counter()
    async with asyncio.TaskGroup() as group:
        for _ in range(CONNECTIONS):
            group.create_task(_send_some(port, waiting))
    return len(requests) / (time.perf_counter() - began)


async def _send_some(port: int, waiting: Iterator[bytes]) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for request in waiting:
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        assert b" 200 " in head.split(b"\r\n", 1)[0], head
        await reader.readexactly(_content_length(head))
    writer.close()


def _content_length(head: bytes) -> int:
    for line in head.split(b"\r\n"):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            return int(value)
    return 0
