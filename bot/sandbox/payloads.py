"""What Slack sends when somebody uses a command, a shortcut, a button or a form."""

import time

from bot.sandbox.message_objects import message_object
from bot.sandbox.model import Conversation, Json, Message, Person
from bot.sandbox.typed_text import escaped_entities
from bot.sandbox.views import View, view_object
from bot.sandbox.world import World


def action_ts() -> str:
    """When a press happened, in real time as trigger_ids are."""
    return f"{time.time():.6f}"


def room_name(conversation: Conversation) -> str:
    """What payloads call a conversation."""
    return "directmessage" if conversation.kind == "im" else conversation.name


def command(world: World, person: Person, conversation: Conversation, name: str, text: str) -> Json:
    """The form that a slash command posts."""
    described = next(each for each in world.app.commands if each["command"] == name)
    ticket = world.tickets.response(person.id, conversation.id)
    return {
        "token": "deprecated",
        "team_id": world.team,
        "team_domain": world.domain,
        "channel_id": conversation.id,
        "channel_name": room_name(conversation),
        "user_id": person.id,
        "user_name": person.name,
        "command": name,
        "text": escaped_entities(world, text) if described.get("should_escape") else text,
        "api_app_id": world.app.id,
        "is_enterprise_install": "false",
        "response_url": response_url(world, ticket),
        "trigger_id": world.triggers.issue(person.id),
    }


def response_url(world: World, ticket: str) -> str:
    """The address that this ticket stands for."""
    return f"{world.url}response/{world.team}/{ticket}"


def _interactive(world: World, person: Person, kind: str, trigger: bool = True) -> Json:
    payload: Json = {
        "type": kind,
        "token": "deprecated",
        "api_app_id": world.app.id,
        "team": {"id": world.team, "domain": world.domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {"id": person.id, "username": person.name, "name": person.name, "team_id": person.team},
    }
    return payload | ({"trigger_id": world.triggers.issue(person.id)} if trigger else {})


def _place(conversation: Conversation) -> Json:
    return {"id": conversation.id, "name": room_name(conversation)}


def global_shortcut(world: World, person: Person, callback_id: str) -> Json:
    """A shortcut from the ⚡ menu."""
    payload = _interactive(world, person, "shortcut")
    return payload | {"callback_id": callback_id, "action_ts": action_ts()}


def message_shortcut(
    world: World, person: Person, callback_id: str, conversation: Conversation, message: Message
) -> Json:
    """A shortcut from a message's own menu."""
    ticket = world.tickets.response(person.id, conversation.id, message.ts, message.thread_ts)
    return _interactive(world, person, "message_action") | {
        "callback_id": callback_id,
        "action_ts": action_ts(),
        "message_ts": message.ts,
        "channel": _place(conversation),
        "message": message_object(world, conversation, message),
        "response_url": response_url(world, ticket),
    }


def message_press(
    world: World, person: Person, conversation: Conversation, message: Message, action: Json
) -> Json:
    """block_actions from a message."""
    ticket = world.tickets.response(
        person.id, conversation.id, message.ts, message.thread_ts, ephemeral=message.ephemeral
    )
    container: Json = {"type": "message", "message_ts": message.ts, "channel_id": conversation.id}
    container |= {"is_ephemeral": message.ephemeral}
    container |= {"thread_ts": message.thread_ts} if message.thread_ts else {}
    shown = message_object(world, conversation, message)
    return _interactive(world, person, "block_actions") | {
        "container": container,
        "channel": _place(conversation),
        "message": shown
        if not message.ephemeral
        else {"ts": message.ts, "type": "message", "user": message.user},
        "state": {"values": message.state},
        "response_url": response_url(world, ticket),
        "actions": [action],
    }


def view_press(world: World, person: Person, view: View, action: Json) -> Json:
    """block_actions from a form or a Home."""
    return _interactive(world, person, "block_actions") | {
        "container": {"type": "view", "view_id": view.id},
        "view": shown_view(world, view),
        "actions": [action],
    }


def shown_view(world: World, view: View) -> Json:
    """A view as it is now."""
    return view_object(view, world.team, world.app.id, world.app.bot_id)


def submission(world: World, person: Person, view: View) -> Json:
    """view_submission."""
    payload = _interactive(world, person, "view_submission")
    return payload | {"view": shown_view(world, view), "response_urls": []}


def closing(world: World, person: Person, view: View, cleared: bool) -> Json:
    """view_closed."""
    payload = _interactive(world, person, "view_closed", trigger=False)
    return payload | {"view": shown_view(world, view), "is_cleared": cleared}


def suggestion(world: World, person: Person, element: Json, block_id: str, query: str) -> Json:
    """block_suggestion: the app is asked for the options of an external select."""
    payload = _interactive(world, person, "block_suggestion", trigger=False)
    return payload | {"action_id": element["action_id"], "block_id": block_id, "value": query}
