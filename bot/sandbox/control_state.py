"""Control API: what a person's screen shows."""

from collections.abc import Callable

from bot.sandbox.control import Act, Asked
from bot.sandbox.conversations import direct, may_see
from bot.sandbox.errors import Refused
from bot.sandbox.files import is_member
from bot.sandbox.message_objects import message_object
from bot.sandbox.model import Conversation, File, Json, Message, Person
from bot.sandbox.payloads import shown_view
from bot.sandbox.people import is_external, local_time
from bot.sandbox.statuses import end_statuses
from bot.sandbox.world import World

MOST_SHOWN = 1000


def routes(world: World, standing: Callable[[], Json]) -> dict[str, Act]:
    """GET addresses under /sandbox/; `standing` adds clock, faults and whether an app is connected."""
    return {
        "state": lambda asked: _state(asked) | standing(),
        "messages": _messages,
        "members": lambda asked: {"members": list(asked.conversation().members)},
        "home": _home,
        "views": lambda asked: {
            "views": [shown_view(world, view) for view in world.views.stack(asked.me.id)]
        },
    }


def _state(asked: Asked) -> Json:
    world, me = asked.world, asked.me
    direct(world, [me.id])
    end_statuses(world)
    seen = [c for c in world.conversations.values() if _in_the_list(world, c, me)]
    seen.sort(key=lambda c: (c.is_direct, c.name))
    people = sorted(world.people.values(), key=lambda p: (p.is_bot, p.real_name.lower()))
    return {
        "workspace": {"id": world.team, "name": world.name, "domain": world.domain, "url": world.url},
        "me": me.id,
        "default_person": world.default_person,
        "people": [person_object(world, person) for person in people],
        "conversations": [conversation_object(world, conversation, me) for conversation in seen],
        "commands": [_command(command) for command in world.app.commands],
        "shortcuts": [_shortcut(shortcut) for shortcut in world.app.shortcuts],
        "app": _app(world),
        "usergroups": [_usergroup(group) for group in world.usergroups.values()],
    }


def _in_the_list(world: World, conversation: Conversation, me: Person) -> bool:
    return me.id in conversation.members or (
        not conversation.is_direct and may_see(world, conversation, me.id)
    )


def _app(world: World) -> Json:
    app = world.app
    return {
        "user": app.user,
        "id": app.id,
        "bot_id": app.bot_id,
        "name": app.name,
        "installed": app.installed,
    }


def _usergroup(group: Json) -> Json:
    return {key: group[key] for key in ("id", "handle", "name", "description", "users")}


def _command(command: Json) -> Json:
    return {key: command.get(key, "") for key in ("command", "usage_hint", "description")}


def _shortcut(shortcut: Json) -> Json:
    return {key: shortcut.get(key, "") for key in ("callback_id", "name", "type", "description")}


def person_object(world: World, person: Person) -> Json:
    """Somebody as the page shows them."""
    return {
        "id": person.id,
        "name": person.name,
        "real_name": person.real_name,
        "display_name": person.display_name,
        "title": person.title,
        "about": person.about,
        "role": person.role,
        "tz": person.tz,
        "local_time": local_time(world, person).strftime("%Y-%m-%dT%H:%M"),
        "colour": person.colour,
        "initials": person.initials,
        "avatar": f"/avatar/{person.id}.svg",
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "status_expiration": person.status_expiration,
        "is_admin": person.is_admin,
        "is_guest": person.is_guest,
        "is_external": is_external(world, person),
        "is_bot": person.is_bot,
        "deleted": person.deleted,
        "manager": person.manager,
    }


def conversation_object(world: World, conversation: Conversation, me: Person) -> Json:
    """A conversation as the page's list shows it to this person."""
    member = me.id in conversation.members
    others = [each for each in conversation.members if each != me.id]
    names = ", ".join(sorted((world.people[each].display_name for each in others), key=str.lower))
    return {
        "id": conversation.id,
        "name": names if conversation.is_direct else conversation.name,
        "type": conversation.kind,
        "topic": conversation.topic["value"],
        "purpose": conversation.purpose["value"],
        "is_member": member,
        "is_archived": conversation.is_archived,
        "is_shared": conversation.is_shared,
        "unread": _unread(conversation, me) if member else 0,
        "members": len(conversation.members),
        "app_is_member": world.app.user in conversation.members,
        "latest": next(reversed(conversation.messages), ""),
        "bookmarks": [
            {key: each[key] for key in ("id", "title", "link", "emoji")} for each in conversation.bookmarks
        ],
        "pins": list(conversation.pins),
        "with": others[0] if conversation.kind == "im" else None,
    }


def _unread(conversation: Conversation, me: Person) -> int:
    read, count = conversation.read.get(me.id, "0"), 0
    for ts in reversed(conversation.messages):
        if ts <= read:
            break
        message = conversation.messages[ts]
        count += not message.is_reply and message.user != me.id and message.subtype in (None, "me_message")
    return count


def _messages(asked: Asked) -> Json:
    me, conversation = asked.me, asked.conversation()
    thread_ts, before = asked.given("thread_ts"), asked.given("before")
    seen = sorted(
        [*conversation.messages.values(), *_only_for(conversation, me)], key=lambda message: message.ts
    )
    chosen = [m for m in seen if _belongs(m, thread_ts) and (not before or m.ts < before)]
    limit = _limit(asked)
    if not asked.flag("peek") and conversation.messages and not thread_ts:
        conversation.read[me.id] = next(reversed(conversation.messages))
    shown = [_shown(asked.world, conversation, message) for message in chosen[-limit:]]
    return {"channel": conversation.id, "messages": shown, "has_more": len(chosen) > limit}


def _only_for(conversation: Conversation, me: Person) -> list[Message]:
    return list(conversation.ephemerals.get(me.id, {}).values())


def _limit(asked: Asked) -> int:
    try:
        return min(max(int(asked.values.get("limit") or 200), 1), MOST_SHOWN)
    except ValueError:
        raise Refused("'limit' must be a number.") from None


def _belongs(message: Message, thread_ts: str | None) -> bool:
    if thread_ts:
        return thread_ts in (message.ts, message.thread_ts)
    return not message.is_reply or message.subtype == "thread_broadcast"


def _shown(world: World, conversation: Conversation, message: Message) -> Json:
    shown = message_object(world, conversation, message, counts=not message.ephemeral)
    shown["permalink"] = world.permalink(conversation.id, message.ts, message.thread_ts)
    for file in shown.get("files", []):
        file["sandbox_url"] = f"/sandbox/files/{file['id']}"
    if message.ts in conversation.pins:
        shown["pinned"] = True
    if message.ephemeral:
        shown["ephemeral"] = True
    return shown | ({"state": {"values": message.state}} if message.state else {})


def _home(asked: Asked) -> Json:
    world, me = asked.world, asked.me
    tab = asked.text("tab", "home")
    view = world.views.homes.get(me.id)
    if not asked.flag("quiet") and not me.is_bot:
        conversation = direct(world, [me.id])
        event: Json = {"type": "app_home_opened", "user": me.id, "channel": conversation.id, "tab": tab}
        event |= {"view": shown_view(world, view)} if view and tab == "home" else {}
        world.tell_app(event | {"event_ts": world.event_ts()})
    return {"view": shown_view(world, view) if view else None}


def may_open_file(world: World, file: File, person: Person) -> bool:
    """Whether this person uploaded the file or can open a conversation it was shared in."""
    if file.user == person.id or is_shown_in_blocks(world, file):
        return True
    rooms = [world.conversations[c] for c in file.channels if c in world.conversations]
    return any(is_member(world, room.id, person.id) or may_see(world, room, person.id) for room in rooms)


def is_shown_in_blocks(world: World, file: File) -> bool:
    """Whether it is a picture the app uploaded without a channel, to show it by slack_file in its blocks."""
    return file.user == world.app.user and not file.channels
