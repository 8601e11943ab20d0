"""The arguments of a Web API call, in any of the forms that Slack takes."""

import base64
import json
from typing import Any

from aiohttp import web

from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.model import Json

_TRUE = (True, "true", "True", "1", 1)


class Arguments:
    """Values by name, with readers that refuse as Slack does."""

    def __init__(self, values: Json, token: str = "") -> None:
        self.values = values
        self.token = token

    def get(self, name: str, default: str = "") -> str:
        """A text, or the default."""
        value = self.values.get(name)
        return default if value is None else str(value)

    def require(self, name: str) -> str:
        """A text that has to be there; raises invalid_arguments."""
        value = self.get(name)
        if not value:
            raise invalid("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str, default: bool = False) -> bool:
        """Yes or no."""
        return self.values[name] in _TRUE if self.values.get(name) is not None else default

    def number(self, name: str, default: int, most: int) -> int:
        """A whole number from 1 up to `most`; larger ones count as `most`."""
        if self.values.get(name) in (None, "", 0, "0"):
            return default
        try:
            value = int(self.values[name])
        except (TypeError, ValueError):
            raise invalid("invalid_arguments", [f"must be a number: {name}"]) from None
        if value < 0:
            raise SlackError("invalid_limit")
        return min(value, most)

    def data(self, name: str) -> Any:
        """A list or an object, given as such or as JSON text; None when absent."""
        value = self.values.get(name)
        if value is None or value == "":
            return None
        if not isinstance(value, str):
            return value
        try:
            return json.loads(value)
        except ValueError:
            raise invalid("invalid_arguments", [f"failed to parse {name} as JSON"]) from None

    def names(self, name: str) -> list[str]:
        """A list, or texts separated by commas."""
        value = self.values.get(name)
        if isinstance(value, list):
            return [str(each) for each in value]
        return [each.strip() for each in self.get(name).split(",") if each.strip()]


async def read_arguments(request: web.Request) -> Arguments:
    """Query, form or JSON body in one; the token from the header or beside the arguments."""
    values: Json = dict(request.query)
    # slack_sdk's plain client announces JSON and sends nothing when there are no arguments; Slack takes that.
    if request.content_type == "application/json" and request.can_read_body:
        values |= await _json_body(request)
    elif request.can_read_body:
        form = await request.post()
        values |= {key: value for key, value in form.items() if isinstance(value, str)}
    authorization = request.headers.get("Authorization", "")
    token = authorization.removeprefix("Bearer ").strip() if authorization.startswith("Bearer ") else ""
    return Arguments(values | _credentials(authorization), token or str(values.get("token", "")))


def _credentials(authorization: str) -> Json:
    """The client's id and secret, which OAuth sends as Basic authentication."""
    if not authorization.startswith("Basic "):
        return {}
    try:
        text = base64.b64decode(authorization.removeprefix("Basic "), validate=True).decode()
    except ValueError:
        return {}
    client_id, _, secret = text.partition(":")
    return {"client_id": client_id, "client_secret": secret}


async def _json_body(request: web.Request) -> Json:
    try:
        body = await request.json()
    except (ValueError, RecursionError):
        raise SlackError("invalid_json") from None
    if not isinstance(body, dict):
        raise SlackError("json_not_object")
    return body
