"""The web server: Slack's signed requests, and what operators ask (health, readiness, metrics)."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import orjson
import structlog
from aiohttp import web
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from slack_bolt import BoltResponse
from slack_sdk.signature import SignatureVerifier

from bot.front import Front
from bot.metrics import count_useless

LARGEST_BODY = 2 * 1024 * 1024  # a view with its state stays far below
BODY_SECONDS = 5.0  # Slack sends at once and waits three seconds; slower is only there to hold connections
LINGERING_SECONDS = (
    1.0  # to read the rest of what was refused, so that its sender hears why; then the line is cut
)
LONGEST_TIMESTAMP = 12  # digits of seconds; more would only be there to hurt
_RETRY_HEADERS = ("x-slack-retry-num", "x-slack-retry-reason")

log = structlog.get_logger(__name__)


class _Unfit(Exception):
    """The body is no JSON object and no form that holds one."""


def slack_routes(front: Front, signing_secret: str) -> list[web.RouteDef]:
    """`POST /slack/events`: events, commands and interactivity, only with Slack's own signature."""
    verifier = SignatureVerifier(signing_secret)

    async def on_request(request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                raw = await request.read()
        except TimeoutError:
            return _too_slow()
        if not _is_signed(verifier, raw, request.headers):
            count_useless("signature")
            return web.Response(status=401, text="This request does not carry Slack's signature.")
        try:
            body = parse_body(raw, request.content_type)
        except _Unfit:
            count_useless("malformed")
            return web.Response(status=400, text="This is neither a JSON object nor a form.")
        if body.get("type") == "url_verification":
            return web.json_response({"challenge": str(body.get("challenge", ""))[:1_000]})
        if body.get("ssl_check"):
            return web.Response()
        retries = {name: request.headers[name] for name in _RETRY_HEADERS if name in request.headers}
        return _as_http(await front.answer(body, retries))

    return [web.post("/slack/events", on_request)]


def _too_slow() -> web.Response:
    count_useless("slow")
    answer = web.Response(status=408, text="This request took too long to arrive.")
    answer.force_close()
    return answer


def parse_body(raw: bytes, content_type: str) -> Mapping[str, Any]:
    """The object that Slack sent, whichever way it was wrapped; raises _Unfit."""
    if content_type == "application/x-www-form-urlencoded":
        return _parse_form(raw)
    return _parse_object(raw)


def _parse_form(raw: bytes) -> Mapping[str, Any]:
    try:
        pairs = parse_qs(raw.decode(), keep_blank_values=True, max_num_fields=200)
    except ValueError as error:
        raise _Unfit from error
    if "payload" in pairs:
        return _parse_object(pairs["payload"][0].encode("utf-8", "replace"))
    return {key: values[0] for key, values in pairs.items()}


def _parse_object(raw: bytes) -> Mapping[str, Any]:
    try:
        # orjson refuses what is nested too deeply instead of exhausting the stack.
        body = orjson.loads(raw)
    except orjson.JSONDecodeError as error:
        raise _Unfit from error
    if not isinstance(body, dict):
        raise _Unfit
    return body


def _is_signed(verifier: SignatureVerifier, raw: bytes, headers: Mapping[str, str]) -> bool:
    timestamp, signature = (
        headers.get("X-Slack-Request-Timestamp", ""),
        headers.get("X-Slack-Signature", ""),
    )
    if not (
        timestamp.isascii()
        and timestamp.isdigit()
        and len(timestamp) < LONGEST_TIMESTAMP
        and signature.isascii()
    ):
        return False
    try:
        return bool(verifier.is_valid(raw, timestamp, signature))
    except UnicodeDecodeError:  # the base string is text; what is no text cannot be Slack's
        return False


def _as_http(answer: BoltResponse) -> web.Response:
    content_type = answer.first_headers().get("content-type", "text/plain").split(";")[0]
    return web.Response(status=answer.status, text=answer.body or "", content_type=content_type)


def operator_routes(is_ready: Callable[[], Awaitable[dict[str, bool]]]) -> list[web.RouteDef]:
    """`/healthz` (the process lives), `/readyz` (database and Slack can be reached), `/metrics`."""

    async def on_health(_request: web.Request) -> web.Response:
        return web.json_response({"ok": True})

    async def on_ready(_request: web.Request) -> web.Response:
        parts = await is_ready()
        ready = all(parts.values())
        return web.json_response({"ok": ready, **parts}, status=200 if ready else 503)

    async def on_metrics(_request: web.Request) -> web.Response:
        return web.Response(body=generate_latest(), headers={"Content-Type": CONTENT_TYPE_LATEST})

    return [
        web.get("/healthz", on_health),
        web.get("/readyz", on_ready),
        web.get("/metrics", on_metrics),
    ]


async def serve(
    routes: list[web.RouteDef], host: str, port: int, grace: float = 5.0
) -> tuple[web.AppRunner, int]:
    """Open the port; returns the runner (to clean up) and the port. Raises OSError when it is taken.

    Whoever is being answered when it is cleaned up gets `grace` seconds.
    """
    app = web.Application(client_max_size=LARGEST_BODY)
    app.add_routes(routes)
    runner = web.AppRunner(
        app,
        access_log=None,
        handle_signals=False,
        shutdown_timeout=grace,
        lingering_time=LINGERING_SECONDS,
    )
    await runner.setup()
    site = web.TCPSite(runner, host, port)
    await site.start()
    addresses: list[Any] = list(runner.addresses)
    return runner, int(addresses[0][1])
