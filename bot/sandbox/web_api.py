"""The Web API's counter: reads a call as Slack does, checks token and scope, and hands it to its method."""

import asyncio
import json
from collections import deque
from typing import Any

from aiohttp import web

from bot.sandbox.arguments import Arguments, read_arguments
from bot.sandbox.errors import SlackError
from bot.sandbox.faults import Faults, Rule
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Json
from bot.sandbox.rate_limits import RateLimits
from bot.sandbox.web_api_auth import METHODS as AUTH
from bot.sandbox.web_api_chat import METHODS as CHAT
from bot.sandbox.web_api_conversations import METHODS as CONVERSATIONS
from bot.sandbox.web_api_files import METHODS as FILES
from bot.sandbox.web_api_marks import METHODS as MARKS
from bot.sandbox.web_api_users import METHODS as USERS
from bot.sandbox.web_api_views import METHODS as VIEWS
from bot.sandbox.world import World

METHODS: dict[str, Method] = AUTH | CHAT | CONVERSATIONS | FILES | MARKS | USERS | VIEWS
REMEMBERED_CALLS = 5000
_HANG_SECONDS = 120.0
_SECRETS = {"token", "client_secret", "code", "refresh_token"}


class WebApi:
    """Answers /api/<method> and remembers what was called."""

    def __init__(self, world: World, faults: Faults, limits: RateLimits | None = None) -> None:
        self.calls: deque[Json] = deque(maxlen=REMEMBERED_CALLS)
        self._world = world
        self._faults = faults
        self._limits = limits
        self._count = 0
        self._stopping = asyncio.Event()

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Answer one call, with the faults that are in force."""
        name = request.match_info["method"]
        try:
            arguments = await read_arguments(request)
        except SlackError as error:
            return self._respond(error_body(error))
        rule = self._faults.pick(name, general=True)
        if rule and not _after(rule):
            return await self._fail(request, name, arguments, rule)
        wait = self._limits.wait(name, arguments.get("channel")) if self._limits else 0
        if wait:
            self._log(name, arguments, {"ok": False, "error": "ratelimited"}, 429)
            return _limited(wait)
        body = self._call(name, arguments)
        if rule:
            return await self._fail(request, name, arguments, rule, body)
        self._log(name, arguments, body, 200)
        return self._respond(body)

    def _call(self, name: str, arguments: Arguments) -> Json:
        try:
            method = _method(name)
            self._authorise(method, arguments)
            return {"ok": True} | method.run(Call(self._world, arguments))
        except SlackError as error:
            return error_body(error)

    def _authorise(self, method: Method, arguments: Arguments) -> None:
        app = self._world.app
        if method.caller == "anybody":
            return
        if not arguments.token:
            raise SlackError("not_authed")
        if arguments.token in app.revoked:
            raise SlackError("token_revoked" if app.installed else "account_inactive")
        if arguments.token not in (app.bot_token, app.app_token):
            raise SlackError("invalid_auth")
        if (arguments.token == app.app_token) != (method.caller == "app"):
            raise SlackError("not_allowed_token_type")
        if method.scopes and app.scopes and not set(method.scopes) & set(app.scopes):
            raise SlackError("missing_scope", needed=method.scopes[0], provided=",".join(app.scopes))

    async def _fail(
        self, request: web.Request, name: str, arguments: Arguments, rule: Rule, body: Json | None = None
    ) -> web.StreamResponse:
        fault = rule.fault.replace("_after", "")
        kind, _, code = fault.partition(":")
        status = {"429": 429, "500": 500}.get(kind, 200)
        error = code or {"429": "ratelimited"}.get(kind, kind)
        self._log(name, arguments, {"ok": False, "error": error, "done": bool(body and body["ok"])}, status)
        if kind == "429":
            return _limited(rule.retry_after)
        if kind == "500":
            return web.Response(status=500, text="Internal Server Error")
        if kind == "error":
            return self._respond({"ok": False, "error": code})
        return await self._hang_up(request, _HANG_SECONDS if kind == "timeout" else 0.0)

    async def _hang_up(self, request: web.Request, seconds: float) -> web.StreamResponse:
        if seconds:
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except TimeoutError:
                # The caller waited longer than anybody should; the line is cut all the same.
                seconds = 0.0
        if request.transport is not None:
            request.transport.abort()
        return web.Response(status=500)

    def _log(self, name: str, arguments: Arguments, body: Json, status: int) -> None:
        self._count += 1
        shown = {key: value for key, value in arguments.values.items() if key not in _SECRETS}
        at = self._world.clock.now().isoformat().replace("+00:00", "Z")
        entry = {
            "n": self._count,
            "method": name,
            "args": shown,
            "ok": body["ok"],
            "status": status,
            "at": at,
        }
        self.calls.append(entry | {"error": body.get("error"), "done": body.get("done", body["ok"])})

    def _respond(self, body: Json) -> web.Response:
        headers = {"X-OAuth-Scopes": ",".join(self._world.app.scopes), "Cache-Control": "no-store"}
        return web.Response(body=json.dumps(body).encode(), content_type="application/json", headers=headers)

    def stop(self) -> None:
        """Let go of the calls that were made to hang."""
        self._stopping.set()


def error_body(error: SlackError) -> Json:
    """What Slack answers to a call that it refuses."""
    body: dict[str, Any] = {"ok": False, "error": error.code}
    return body | error.extra


def _method(name: str) -> Method:
    if name not in METHODS:
        raise SlackError("unknown_method", req_method=name)
    return METHODS[name]


def _after(rule: Rule) -> bool:
    return "_after" in rule.fault


def _limited(seconds: int) -> web.Response:
    body = json.dumps({"ok": False, "error": "ratelimited"}).encode()
    headers = {"Retry-After": str(seconds)}
    return web.Response(status=429, body=body, content_type="application/json", headers=headers)
