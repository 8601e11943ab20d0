"""Installing the app and taking it off: tokens, memberships, and the last two events."""

import secrets

from bot.sandbox.model import Json
from bot.sandbox.world import World


def uninstall(world: World) -> Json:
    """Take the app off: its tokens end at once, and it hears tokens_revoked and app_uninstalled."""
    app = world.app
    if app.installed:
        tokens = {"oauth": [], "bot": [app.user]}
        world.tell_app({"type": "tokens_revoked", "tokens": tokens, "event_ts": world.event_ts()})
        world.tell_app({"type": "app_uninstalled", "event_ts": world.event_ts()})
        app.revoked.add(app.bot_token)
        app.installed = False
        for conversation in world.conversations.values():
            if not conversation.is_direct and app.user in conversation.members:
                conversation.members.remove(app.user)
        _tell(world)
    return {}


def install(world: World) -> Json:
    """Install the app again, with a new bot token."""
    app = world.app
    if not app.installed:
        app.bot_token = f"xoxb-sandbox-{secrets.token_hex(8)}"
        app.installed = True
        _tell(world)
    return {}


def _tell(world: World) -> None:
    world.changes.tell({"type": "app", "connected": False, "installed": world.app.installed})
    world.changes.tell({"type": "reload"})
