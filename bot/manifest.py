"""The app's manifest in both forms: Socket Mode as it is kept, HTTP with the addresses filled in."""

import sys
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from bot.errors import CommandFailed

EXAMPLE_ADDRESS = "https://commonplace.example.com"
# A checkout has it at the top, where people look for it; an installed package brings it as shared data.
PLACES = (Path(__file__).parent.parent, Path(sys.prefix) / "share" / "commonplace")

Manifest = dict[str, Any]


def manifest(http_address: str | None = None) -> Manifest:
    """The manifest for Socket Mode, or for HTTP at this address; raises CommandFailed unless https."""
    form: Manifest = yaml.safe_load(_text())
    return form if http_address is None else _over_http(form, _checked(http_address))


def bot_scopes() -> frozenset[str]:
    """What the app asks to be allowed."""
    return frozenset(manifest()["oauth_config"]["scopes"]["bot"])


def as_yaml(form: Manifest) -> str:
    """The manifest as text to paste into Slack."""
    return yaml.safe_dump(form, sort_keys=False, allow_unicode=True, width=110)


@cache
def _text() -> str:
    for place in PLACES:
        if (place / "manifest.yml").is_file():
            return (place / "manifest.yml").read_text("utf-8")
    raise CommandFailed(
        "manifest.yml is missing: take it from the repository and put it beside the bot folder."
    )


def _checked(address: str) -> str:
    try:
        parts = urlsplit(address)
        whole = parts.scheme == "https" and bool(parts.hostname) and parts.port != 0
    except ValueError:
        whole = False
    if not whole or parts.path.strip("/") or parts.query or any(mark.isspace() for mark in address):
        raise CommandFailed(
            f"--address must be the app's public address and no more, such as {EXAMPLE_ADDRESS}."
        )
    return address.rstrip("/")


def _over_http(form: Manifest, address: str) -> Manifest:
    events = f"{address}/slack/events"
    for command in form["features"]["slash_commands"]:
        command["url"] = events
    settings = form["settings"]
    settings["event_subscriptions"] = {"request_url": events, **settings["event_subscriptions"]}
    settings["interactivity"]["request_url"] = events
    # external selects in forms ask here for their options
    settings["interactivity"]["message_menu_options_url"] = events
    settings["socket_mode_enabled"] = False
    form["oauth_config"] = {"redirect_urls": [f"{address}/slack/oauth_redirect"], **form["oauth_config"]}
    return form
