"""Forms and Homes as Slack takes them."""

import json

from bot.sandbox.block_kit import find_problems
from bot.sandbox.block_kit_parts import MOST_ID, Problems, check_text
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.model import Json

MOST_BYTES = 250_000
MOST_TITLE = 24
MOST_METADATA = 3000
_COMMON = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_MODAL = _COMMON | {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"}


def check_view(view: Json, kind: str) -> None:
    """Raise invalid_arguments, or view_too_large, when Slack would refuse this view."""
    if len(json.dumps(view)) > MOST_BYTES:
        raise SlackError("view_too_large")
    problems = Problems()
    if view.get("type") != kind:
        problems.add("/view/type", f"must be {kind}")
    elif "blocks" not in view:
        problems.add("/view", "missing required field: blocks")
    else:
        _check_parts(problems, view, kind)
    if problems.found:
        raise invalid("invalid_arguments", problems.found)


def _check_parts(problems: Problems, view: Json, kind: str) -> None:
    problems.only(view, "/view", _MODAL if kind == "modal" else _COMMON)
    problems.length(view.get("private_metadata"), "/view/private_metadata", MOST_METADATA, 0)
    problems.length(view.get("callback_id"), "/view/callback_id", MOST_ID, 0)
    problems.length(view.get("external_id"), "/view/external_id", MOST_ID, 0)
    find_problems(problems, view["blocks"], kind, "/view/blocks")
    if kind == "modal":
        _check_modal(problems, view)


def _check_modal(problems: Problems, view: Json) -> None:
    if view.get("title") is None:
        problems.add("/view", "missing required field: title")
    for name in ("title", "submit", "close"):
        if view.get(name) is not None:
            check_text(problems, view[name], f"/view/{name}", MOST_TITLE, plain=True)
    blocks = view["blocks"] if isinstance(view["blocks"], list) else []
    inputs = any(isinstance(block, dict) and block.get("type") == "input" for block in blocks)
    if inputs and view.get("submit") is None:
        problems.add("/view", "missing required field: submit (there are input blocks)")
