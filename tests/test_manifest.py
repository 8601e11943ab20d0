"""The manifest: valid for Slack, least privilege, and exactly what the code hears and calls."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml

from bot.errors import CommandFailed
from bot.ids import COMMAND, ShortcutId
from bot.manifest import as_yaml, bot_scopes, manifest

ROOT = Path(__file__).parent.parent
ADDRESS = "https://commonplace.example.com"

EVENT_SCOPES: dict[str, set[str]] = {
    "app_home_opened": set(),
    "app_uninstalled": set(),
    "channel_archive": {"channels:read"},
    "channel_deleted": {"channels:read"},
    "channel_id_changed": set(),
    "channel_left": {"channels:read"},
    "channel_rename": {"channels:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unarchive": {"channels:read"},
    "channel_unshared": {"channels:read", "groups:read"},
    "file_deleted": {"files:read"},
    "group_archive": {"groups:read"},
    "group_deleted": {"groups:read"},
    "group_left": {"groups:read"},
    "group_rename": {"groups:read"},
    "group_unarchive": {"groups:read"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "member_left_channel": {"channels:read", "groups:read"},
    "message.channels": {"channels:history"},
    "message.groups": {"groups:history"},
    "message.im": {"im:history"},
    "reaction_added": {"reactions:read"},
    "reaction_removed": {"reactions:read"},
    "team_join": {"users:read"},
    "tokens_revoked": set(),
    "user_change": {"users:read"},
}

READ_CHANNELS = {"channels:read", "groups:read"}
READ_MESSAGES = {"channels:history", "groups:history", "im:history"}
METHOD_SCOPES: dict[str, set[str]] = {
    "apps.connections.open": set(),  # the app-level token's own scope, connections:write
    "auth.revoke": set(),
    "auth.test": set(),
    "bookmarks.add": {"bookmarks:write"},
    "chat.delete": {"chat:write"},
    "chat.getPermalink": set(),
    "chat.postEphemeral": {"chat:write"},
    "chat.postMessage": {"chat:write"},
    "chat.update": {"chat:write"},
    "conversations.history": READ_MESSAGES,
    "conversations.info": READ_CHANNELS,
    "conversations.list": READ_CHANNELS,
    "conversations.members": READ_CHANNELS,
    "conversations.open": {"im:write", "mpim:write"},  # a group for each circle, written to and never read
    "conversations.replies": READ_MESSAGES,
    "files.completeUploadExternal": {"files:write"},
    "files.delete": {"files:write"},
    "files.getUploadURLExternal": {"files:write"},
    "files.info": {"files:read"},
    "files.upload": {"files:write"},  # the outbox's word for the two steps above together
    "oauth.v2.access": set(),
    "pins.add": {"pins:write"},
    "pins.remove": {"pins:write"},
    "reactions.add": {"reactions:write"},
    "reactions.get": {"reactions:read"},
    "reactions.remove": {"reactions:write"},
    "team.info": {"team:read"},
    "usergroups.list": {"usergroups:read"},
    "usergroups.users.list": {"usergroups:read"},
    "users.conversations": READ_CHANNELS,
    "users.info": {"users:read"},
    "users.list": {"users:read"},
    "users.lookupByEmail": set(),  # users:read.email only where an admin adds it: see docs/programmes.md
    "users.profile.get": {"users.profile:read"},
    "views.open": set(),
    "views.publish": set(),
    "views.push": set(),
    "views.update": set(),
}
FAMILIES = {method.split(".")[0] for method in METHOD_SCOPES}
METHOD = re.compile(rf"(?:{'|'.join(sorted(FAMILIES))})(?:\.(?!json)[a-zA-Z0-9]+)+")
BY_ATTRIBUTE = {method.replace(".", "_"): method for method in METHOD_SCOPES}


def called_methods() -> set[str]:
    """Every Web API method that our code names, by its own name or as a method of slack_sdk's client."""
    return {method for path in _sources() for method in _methods_in(ast.parse(path.read_text("utf-8")))}


def _sources() -> Iterator[Path]:
    for folder in ("bot", "handlers", "schedules", "storage"):
        yield from (path for path in (ROOT / folder).rglob("*.py") if "sandbox" not in path.parts)


def _methods_in(tree: ast.AST) -> Iterator[str]:
    # A table that says how fast or with which answers a method may be called does not call it.
    keys = {id(key) for node in ast.walk(tree) if isinstance(node, ast.Dict) for key in node.keys}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in keys and METHOD.fullmatch(str(node.value)):
            yield str(node.value)
        if isinstance(node, ast.Attribute) and node.attr in BY_ATTRIBUTE:
            yield BY_ATTRIBUTE[node.attr]


@pytest.fixture(params=[None, ADDRESS], ids=["socket", "http"])
def form(request: pytest.FixtureRequest) -> dict[str, Any]:
    """Each of the two forms."""
    return manifest(request.param)


def test_slack_accepts_it(form: dict[str, Any]) -> None:
    """Both forms are valid by Slack's own schema, and still are after printing."""
    schema = json.loads((ROOT / "tests/data/slack-manifest.schema.json").read_text())
    jsonschema.Draft7Validator(schema).validate(form)
    assert yaml.safe_load(as_yaml(form)) == form


def test_socket_mode_form_has_no_address() -> None:
    """The kept form needs nothing to be filled in, and connects by Socket Mode."""
    assert "url" not in (ROOT / "manifest.yml").read_text().replace("https://api.slack.com", "")
    assert manifest()["settings"]["socket_mode_enabled"] is True


def test_http_form_sends_everything_to_one_door() -> None:
    """Events, commands and presses go to /slack/events, installing ends at /slack/oauth_redirect."""
    form = manifest(f"{ADDRESS}/")
    door = f"{ADDRESS}/slack/events"
    assert form["settings"]["event_subscriptions"]["request_url"] == door
    assert form["settings"]["interactivity"]["request_url"] == door
    assert {command["url"] for command in form["features"]["slash_commands"]} == {door}
    assert form["oauth_config"]["redirect_urls"] == [f"{ADDRESS}/slack/oauth_redirect"]
    assert form["settings"]["socket_mode_enabled"] is False
    assert manifest()["settings"]["socket_mode_enabled"] is True


@pytest.mark.parametrize(
    "address", ["", "http://a.example", "a.example", "https://a.example/app", "https://[", "https:// a"]
)
def test_address_that_slack_would_refuse_is_refused(address: str) -> None:
    """Slack calls https only; the sentence shows what to type."""
    with pytest.raises(CommandFailed, match=r"--address must be .*https://commonplace\.example\.com"):
        manifest(address)


def test_events_are_exactly_those_that_are_heard() -> None:
    """Slack sends what a listener waits for, and nothing else."""
    from handlers import EVENTS

    subscribed = {
        event.split(".")[0] for event in manifest()["settings"]["event_subscriptions"]["bot_events"]
    }
    assert subscribed == set(EVENTS)


def test_commands_and_shortcuts_are_exactly_those_that_are_heard() -> None:
    """Whatever people can type or pick has a listener, and every listener can be reached."""
    from handlers import COMMANDS, SHORTCUTS

    features = manifest()["features"]
    assert {command["command"] for command in features["slash_commands"]} == set(COMMANDS) == {COMMAND}
    offered = {shortcut["callback_id"] for shortcut in features["shortcuts"]}
    assert offered == {str(name) for name in SHORTCUTS} == set(ShortcutId)


def test_events_and_scopes_stand_in_order() -> None:
    """Lists are sorted and without doubles, so that a change is one line."""
    scopes = manifest()["oauth_config"]["scopes"]["bot"]
    assert scopes == sorted(set(scopes))
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert events == sorted(set(events))


def test_every_event_has_its_scope() -> None:
    """Slack would never send an event whose scope is missing."""
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    assert {
        event: EVENT_SCOPES[event] - bot_scopes() for event in events if EVENT_SCOPES[event] - bot_scopes()
    } == {}


def test_every_call_has_its_scope() -> None:
    """Every Web API method in the code is known here and allowed by the manifest."""
    missing = {method: METHOD_SCOPES[method] - bot_scopes() for method in called_methods()}
    assert {method: scopes for method, scopes in missing.items() if scopes} == {}


def test_every_scope_is_used() -> None:
    """Least privilege: a scope that no event and no call needs is not asked for."""
    events = manifest()["settings"]["event_subscriptions"]["bot_events"]
    used = {"commands"}.union(*(EVENT_SCOPES[event] for event in events))
    used = used.union(*(METHOD_SCOPES.get(method, set()) for method in called_methods()))
    assert bot_scopes() - used == set()
