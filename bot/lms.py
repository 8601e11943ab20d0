"""What a learning management system tells us: who has finished, in a signed call that may be repeated safely.

The signature is made as Slack makes its own: HMAC-SHA256 over "v0:TIMESTAMP:BODY" with a secret that both sides know.
See docs/programmes.md, whose example the tests run as it stands.
"""

import asyncio
import hashlib
import hmac
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from typing import Any

import orjson
import structlog
from aiohttp import web
from slack_sdk.web.async_client import AsyncWebClient

from bot.email_lookup import look_up
from bot.errors import BotError, NotFound, Overloaded
from bot.metrics import count_useless
from bot.roster_files import is_email
from bot.rules.lms import Finished, record_finished
from bot.transactions import Transactions
from bot.yaml_reading import find_date

PATH = "/lms/complete"
TIMESTAMP, SIGNATURE = "X-Commonplace-Timestamp", "X-Commonplace-Signature"
LARGEST_BODY = 16 * 1024
BODY_SECONDS = 5.0
ADDRESS_SECONDS = 5.0
OLDEST = 300  # seconds: a call that somebody recorded is of no use to them later
LONGEST_TIMESTAMP = 12
LONGEST_VALUE = 255

NOT_SIGNED = "This request is not signed with our secret, or its timestamp is more than five minutes off."
NO_OBJECT = "This is no JSON object."
TOO_LARGE = "This is more than 16 KB; one person's completion needs far less."
UNKNOWN_FIELD = (
    "There is no field “{name}”: the fields are workspace, programme, run, person and completed_on."
)
WANT_TEXT = "“{name}” must be a text of at most 255 characters."
MISSING = "“{name}” is missing."
NO_DATE = "“completed_on” must be a date such as 2027-03-01."
BUSY = "Too much is coming in. Please send this again in a few seconds."
_FIELDS = ("workspace", "programme", "run", "person", "completed_on")

log = structlog.get_logger(__name__)


class Unfit(Exception):
    """The call cannot be read; the argument is the sentence to answer."""


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a body that is sent at this time (seconds since 1970)."""
    base = b"v0:" + timestamp.encode() + b":" + body
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def is_signed(secret: str, headers: Mapping[str, str], body: bytes, now: float) -> bool:
    """Whether whoever sent this knows the secret, and sent it in the last five minutes."""
    timestamp, signature = headers.get(TIMESTAMP, ""), headers.get(SIGNATURE, "")
    if not (timestamp.isascii() and timestamp.isdigit() and len(timestamp) < LONGEST_TIMESTAMP):
        return False
    if abs(now - int(timestamp)) > OLDEST or not signature.isascii():
        return False
    return hmac.compare_digest(sign(secret, timestamp, body), signature)


def read_call(body: bytes) -> Finished:
    """Who has finished what; raises Unfit."""
    try:
        given: Any = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        raise Unfit(NO_OBJECT) from error
    if not isinstance(given, dict):
        raise Unfit(NO_OBJECT)
    _check_fields(given)
    on = find_date(given["completed_on"]) if "completed_on" in given else None
    if "completed_on" in given and on is None:
        raise Unfit(NO_DATE)
    texts = {name: given.get(name, "").strip() for name in ("workspace", "programme", "run", "person")}
    return Finished(**texts, on=on)


def _check_fields(given: Mapping[str, Any]) -> None:
    for name, value in given.items():
        if name not in _FIELDS:
            raise Unfit(UNKNOWN_FIELD.format(name=str(name)[:40]))
        if not isinstance(value, str) or len(value) > LONGEST_VALUE:
            raise Unfit(WANT_TEXT.format(name=name))
    missing = next((name for name in ("programme", "person") if not given.get(name, "").strip()), None)
    if missing is not None:
        raise Unfit(MISSING.format(name=missing))


def lms_routes(
    secret: str | None,
    transactions: Transactions,
    only_workspace: Callable[[], Awaitable[str | None]],
    client_for: Callable[[str], Awaitable[AsyncWebClient]],
    real_time: Callable[[], float] = time.time,
) -> list[web.RouteDef]:
    """`POST /lms/complete`; without a secret there is no such address.

    `only_workspace` tells which workspace is meant by a call that names none, None when there are several.
    """
    if secret is None:
        return []

    async def on_complete(request: web.Request) -> web.Response:
        try:
            async with asyncio.timeout(BODY_SECONDS):
                body = await request.content.read(LARGEST_BODY + 1)
                while not request.content.at_eof() and len(body) <= LARGEST_BODY:
                    body += await request.content.read(LARGEST_BODY + 1)
        except TimeoutError:
            return _answer(408, "This request took too long to arrive.")
        if len(body) > LARGEST_BODY:
            return _answer(413, TOO_LARGE)
        if not is_signed(secret, request.headers, body, real_time()):
            count_useless("lms signature")
            return _answer(401, NOT_SIGNED)
        try:
            said = await _read(body, only_workspace, client_for)
        except Unfit as unfit:
            return _answer(400, str(unfit))
        return await _complete(transactions, said)

    return [web.post(PATH, on_complete)]


async def _read(
    body: bytes,
    only_workspace: Callable[[], Awaitable[str | None]],
    client_for: Callable[[str], Awaitable[AsyncWebClient]],
) -> Finished:
    """The call, with the workspace it means, and the person's id where it gives an address and Slack tells us."""
    said = read_call(body)
    workspace = said.workspace or await only_workspace()
    if workspace is None:
        raise Unfit(MISSING.format(name="workspace"))
    said = replace(said, workspace=workspace)
    if is_email(said.person):
        with suppress(BotError, LookupError):  # a workspace that we do not know is answered as such
            found = await look_up(await client_for(workspace), [said.person.casefold()], ADDRESS_SECONDS)
            said = replace(said, person=found.get(said.person.casefold(), said.person))
    return said


async def _complete(transactions: Transactions, said: Finished) -> web.Response:
    try:
        new = await transactions.run(record_finished, said)
    except Overloaded:
        return _answer(503, BUSY)
    except NotFound as error:
        return _answer(404, str(error))
    except BotError as error:
        return _answer(400, str(error))
    log.info("finished, says the learning system", workspace=said.workspace, new=new)
    return web.json_response({"ok": True, "result": "completed" if new else "already"})


def _answer(status: int, sentence: str) -> web.Response:
    return web.json_response({"ok": False, "error": sentence}, status=status)
