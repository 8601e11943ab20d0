"""Installing the app from its manifest: commands, shortcuts, scopes and the events it subscribed to."""

from pathlib import Path

import yaml

from bot.sandbox.model import App, Json

# The manifest stands at the top of the checkout; an installed package has none and takes what is below.
MANIFEST = Path(__file__).parents[2] / "manifest.yml"
_COMMANDS = [
    {"command": "/learn", "description": "Share, ask, find", "usage_hint": "help", "should_escape": True}
]
_SHORTCUTS = [
    {
        "name": "Save as contribution",
        "type": "message",
        "callback_id": "save_contribution",
        "description": "",
    },
    {"name": "Ask for an answer", "type": "message", "callback_id": "ask_for_answer", "description": ""},
    {"name": "This answers it", "type": "message", "callback_id": "this_answers", "description": ""},
    {"name": "Share something", "type": "global", "callback_id": "share", "description": ""},
    {"name": "Ask a question", "type": "global", "callback_id": "ask", "description": ""},
]


def read_app(path: Path | None = None) -> App:
    """The app that this manifest describes (default: the project's own), ready to be installed.

    Without a manifest the app hears all events and may call all methods.
    """
    path = path or MANIFEST
    manifest: Json = yaml.safe_load(path.read_text(encoding="utf-8")) if path.exists() else {}
    features, settings = manifest.get("features") or {}, manifest.get("settings") or {}
    events = (settings.get("event_subscriptions") or {}).get("bot_events")
    return App(
        id="A0COMMON",
        name=(manifest.get("display_information") or {}).get("name", "Commonplace"),
        user="U0APP",
        bot_id="B0COMMON",
        bot_token="xoxb-sandbox-bot",  # noqa: S106 - opens nothing but this sandbox
        app_token="xapp-sandbox-app",  # noqa: S106 - opens nothing but this sandbox
        signing_secret="sandbox-signing-secret",  # noqa: S106 - signs nothing but this sandbox's deliveries
        client_id="100.200",
        client_secret="sandbox-client-secret",  # noqa: S106 - opens nothing but this sandbox
        commands=features.get("slash_commands") or _COMMANDS,
        shortcuts=features.get("shortcuts") or _SHORTCUTS,
        scopes=((manifest.get("oauth_config") or {}).get("scopes") or {}).get("bot") or [],
        events=frozenset(events) if events else None,
    )
