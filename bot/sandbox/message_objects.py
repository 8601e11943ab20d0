"""Messages as Slack shows them: in history, in events, after an edit, after a deletion."""

from bot.sandbox.files import file_object
from bot.sandbox.model import Conversation, Json, Message
from bot.sandbox.world import World

CHANNEL_TYPES = {"channel": "channel", "private": "group", "im": "im", "mpim": "mpim"}
TOMBSTONE = "This message was deleted."


def message_object(
    world: World, conversation: Conversation, message: Message, metadata: bool = False, counts: bool = True
) -> Json:
    """A message as history returns it; `metadata` only when it was asked for."""
    shown: Json = {"type": "message", "text": message.text, "ts": message.ts}
    if message.user:
        shown["user"] = message.user
    shown |= {key: value for key, value in _optional(world, message).items() if value}
    shown |= message.extras
    if message.by_app:
        shown |= _by_app(world)
    if message.files:
        shown |= {"files": _files(world, message), "upload": False}
    if message.is_reply:
        shown |= _as_reply(conversation, message)
    if counts:
        shown |= thread_counts(conversation, message.ts)
    if metadata and message.metadata:
        shown["metadata"] = message.metadata
    return shown


def _optional(world: World, message: Message) -> Json:
    person = world.people.get(message.user)
    return {
        "subtype": message.subtype,
        "client_msg_id": message.client_msg_id,
        "team": person.team if person else world.team,
        "blocks": message.blocks,
        "attachments": message.attachments,
        "edited": message.edited,
        "reactions": reactions_object(message),
    }


def reactions_object(message: Message) -> list[Json]:
    """The reactions of a message with who gave them."""
    given = message.reactions.items()
    return [{"name": name, "users": list(users), "count": len(users)} for name, users in given if users]


def _by_app(world: World) -> Json:
    app = world.app
    profile = {
        "id": app.bot_id,
        "app_id": app.id,
        "name": app.name,
        "icons": {},
        "deleted": False,
        "updated": 0,
    }
    return {"bot_id": app.bot_id, "app_id": app.id, "bot_profile": profile | {"team_id": world.team}}


def _files(world: World, message: Message) -> list[Json]:
    known = [world.files[file] for file in message.files if file in world.files]
    return [file_object(world, file) for file in known]


def _as_reply(conversation: Conversation, message: Message) -> Json:
    parent = conversation.messages.get(message.thread_ts or "")
    reply: Json = {"thread_ts": message.thread_ts}
    if parent:
        reply["parent_user_id"] = parent.user
    if message.subtype == "thread_broadcast" and parent:
        reply["root"] = {"type": "message", "user": parent.user, "text": parent.text, "ts": parent.ts}
        reply["root"] |= {"thread_ts": parent.ts} | thread_counts(conversation, parent.ts)
    return reply


def thread_counts(conversation: Conversation, ts: str) -> Json:
    """What a parent shows about its replies; nothing when there are none."""
    replies = [reply for reply in conversation.replies.get(ts, []) if reply in conversation.messages]
    if not replies:
        return {}
    users = list(dict.fromkeys(conversation.messages[reply].user for reply in replies))
    return {
        "thread_ts": ts,
        "reply_count": len(replies),
        "reply_users_count": len(users),
        "latest_reply": replies[-1],
        "reply_users": users[:5],
        "is_locked": False,
        "subscribed": False,
    }


def posted_event(world: World, conversation: Conversation, message: Message) -> Json:
    """The message event of a new message."""
    shown = message_object(world, conversation, message, metadata=True, counts=False)
    if message.files:
        shown["files"] = [_event_file(conversation, file) for file in shown["files"]]
        shown.setdefault("subtype", "file_share")
    person = world.people.get(message.user)
    if person and not message.subtype:
        shown |= {"user_team": person.team, "source_team": person.team}
    return _event(conversation, shown, message.ts)


def _event_file(conversation: Conversation, file: Json) -> Json:
    if not conversation.is_shared:
        return file
    # In a Slack Connect channel an app has to ask files.info for everything else.
    return {"id": file["id"], "file_access": "check_file_info", "created": 0, "timestamp": 0}


def _event(conversation: Conversation, shown: Json, event_ts: str) -> Json:
    return shown | {
        "channel": conversation.id,
        "channel_type": CHANNEL_TYPES[conversation.kind],
        "event_ts": event_ts,
    }


def changed_event(world: World, conversation: Conversation, message: Message, previous: Json) -> Json:
    """message_changed: the new message and the one before, under a ts of its own."""
    ts = world.new_ts(conversation)
    shown: Json = {"type": "message", "subtype": "message_changed", "hidden": True, "ts": ts}
    now = message_object(world, conversation, message, metadata=True)
    person = world.people.get(message.user)
    if person:
        now |= {"user_team": person.team, "source_team": person.team}
    return _event(conversation, shown | {"message": now, "previous_message": previous}, ts)


def deleted_event(world: World, conversation: Conversation, deleted_ts: str, previous: Json) -> Json:
    """message_deleted: which message went, and what it was."""
    ts = world.new_ts(conversation)
    shown: Json = {"type": "message", "subtype": "message_deleted", "hidden": True, "ts": ts}
    return _event(conversation, shown | {"deleted_ts": deleted_ts, "previous_message": previous}, ts)
