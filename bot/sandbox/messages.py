"""What people and the app do with messages: post, reply, edit, delete, react, pin."""

import uuid
from typing import Any

from bot.sandbox.conversations import joined, visible
from bot.sandbox.errors import SlackError
from bot.sandbox.files import share_file
from bot.sandbox.lines import put
from bot.sandbox.message_objects import TOMBSTONE, changed_event, deleted_event, message_object
from bot.sandbox.model import Conversation, Json, Message
from bot.sandbox.reactions import REACTIONS_PER_MESSAGE, is_emoji
from bot.sandbox.world import World

MOST_TEXT = 40_000


def post(
    world: World,
    channel: str,
    person: str,
    text: str,
    *,
    thread_ts: str | None = None,
    broadcast: bool = False,
    files: list[str] | None = None,
    **details: Any,
) -> Message:
    """Post as this person or as the app; `details` are further fields of the message."""
    conversation = joined(world, channel, person)
    parent = _thread_parent(conversation, thread_ts) if thread_ts else None
    message = Message(
        conversation.id,
        world.new_ts(conversation),
        person,
        text[:MOST_TEXT],
        thread_ts=parent.ts if parent else None,
        files=list(files or []),
        **details,
    )
    message.by_app = person == world.app.user
    if parent and broadcast:
        message.subtype = "thread_broadcast"
    if not message.by_app:
        message.client_msg_id = str(uuid.UUID(int=world.random.getrandbits(128), version=4))
    for file in message.files:
        share_file(world, file, conversation.id, message.ts)
    return put(world, conversation, message)


def _thread_parent(conversation: Conversation, thread_ts: str) -> Message:
    parent = conversation.messages.get(thread_ts)
    if parent is None:
        raise SlackError("thread_not_found")
    if parent.subtype and parent.subtype.startswith(("channel_", "group_")):
        raise SlackError("cannot_reply_to_message")
    if parent.is_reply and parent.thread_ts:
        # Slack takes a reply to a reply as one to its thread.
        return conversation.messages[parent.thread_ts]
    return parent


def edit(world: World, message: Message, changes: Json, mark: bool = True) -> Message:
    """Change a message's own fields; with `mark` it is shown as edited."""
    conversation = world.conversations[message.channel]
    previous = message_object(world, conversation, message, metadata=True)
    for name, value in changes.items():
        setattr(message, name, value)
    if mark:
        message.edited = {"user": message.user, "ts": world.event_ts()}
    world.tell_app(changed_event(world, conversation, message, previous), conversation)
    _tell_pages(world, conversation, message, "message_changed")
    return message


def delete(world: World, message: Message) -> None:
    """Delete a message; a parent with replies stays as a tombstone, as in Slack."""
    conversation = world.conversations[message.channel]
    if message.ts in conversation.pins:
        conversation.pins.remove(message.ts)
    if conversation.replies.get(message.ts):
        _bury(world, message)
        return
    previous = message_object(world, conversation, message, metadata=True)
    del conversation.messages[message.ts]
    if message.is_reply and message.thread_ts:
        _forget_reply(conversation, message.thread_ts, message.ts)
    world.tell_app(deleted_event(world, conversation, message.ts, previous), conversation)
    _tell_pages(world, conversation, message, "message_deleted")


def _forget_reply(conversation: Conversation, thread_ts: str, ts: str) -> None:
    replies = conversation.replies.get(thread_ts, [])
    if ts in replies:
        replies.remove(ts)
    if not replies:
        conversation.replies.pop(thread_ts, None)
        parent = conversation.messages.get(thread_ts)
        if parent and parent.subtype == "tombstone":
            del conversation.messages[thread_ts]


def _bury(world: World, message: Message) -> None:
    empty: Json = {
        "blocks": [],
        "attachments": [],
        "files": [],
        "reactions": {},
        "edited": None,
        "metadata": None,
    }
    empty |= {"user": "USLACKBOT", "by_app": False, "extras": {"hidden": True}}
    edit(world, message, empty | {"subtype": "tombstone", "text": TOMBSTONE}, mark=False)


def _tell_pages(world: World, conversation: Conversation, message: Message, kind: str) -> None:
    change: Json = {"type": kind, "channel": conversation.id, "ts": message.ts}
    world.tell_members(conversation, change | ({"thread_ts": message.thread_ts} if message.is_reply else {}))


def react(world: World, channel: str, ts: str, person: str, emoji: str) -> None:
    """Add a reaction; raises already_reacted, invalid_name, too_many_reactions."""
    message = _target(world, channel, ts, person)
    if not is_emoji(emoji):
        raise SlackError("invalid_name")
    users = message.reactions.setdefault(emoji, [])
    if person in users:
        raise SlackError("already_reacted")
    if len(message.reactions) > REACTIONS_PER_MESSAGE:
        del message.reactions[emoji]
        raise SlackError("too_many_emoji")
    users.append(person)
    _tell_reaction(world, message, person, emoji, "reaction_added")


def unreact(world: World, channel: str, ts: str, person: str, emoji: str) -> None:
    """Take a reaction back; raises no_reaction."""
    message = _target(world, channel, ts, person)
    if person not in message.reactions.get(emoji, []):
        raise SlackError("no_reaction")
    message.reactions[emoji].remove(person)
    if not message.reactions[emoji]:
        del message.reactions[emoji]
    _tell_reaction(world, message, person, emoji, "reaction_removed")


def _target(world: World, channel: str, ts: str, person: str) -> Message:
    conversation = visible(world, channel, person)
    message = world.message(channel, ts)
    if message.subtype == "tombstone":
        raise SlackError("message_not_found")
    if person not in conversation.members:
        raise SlackError("not_in_channel")
    if conversation.is_archived:
        raise SlackError("is_archived")
    return message


def _tell_reaction(world: World, message: Message, person: str, emoji: str, kind: str) -> None:
    conversation = world.conversations[message.channel]
    item = {"type": "message", "channel": message.channel, "ts": message.ts}
    event: Json = {
        "type": kind,
        "user": person,
        "reaction": emoji,
        "item": item,
        "event_ts": world.event_ts(),
    }
    if message.subtype != "bot_message":
        event["item_user"] = message.user
    world.tell_app(event, conversation)
    _tell_pages(world, conversation, message, "reaction")


def pin(world: World, channel: str, ts: str, person: str) -> None:
    """Pin a message to its conversation; raises already_pinned."""
    conversation = joined(world, channel, person)
    message = world.message(channel, ts)
    if ts in conversation.pins:
        raise SlackError("already_pinned")
    conversation.pins.append(ts)
    _tell_pages(world, conversation, message, "message_changed")
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def unpin(world: World, channel: str, ts: str, person: str) -> None:
    """Take a pin off; raises no_pin."""
    conversation = joined(world, channel, person)
    if ts not in conversation.pins:
        raise SlackError("no_pin")
    conversation.pins.remove(ts)
    _tell_pages(world, conversation, world.message(channel, ts), "message_changed")
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def post_ephemeral(
    world: World,
    conversation: Conversation,
    person: str,
    text: str,
    blocks: list[Json],
    thread_ts: str | None = None,
) -> Message:
    """Show something to one person in a conversation, until it is dismissed."""
    ts = world.new_ts(conversation)
    app = world.app.user
    message = Message(
        conversation.id, ts, app, text, blocks, thread_ts=thread_ts, by_app=True, ephemeral=True
    )
    conversation.ephemerals.setdefault(person, {})[ts] = message
    tell_ephemeral(world, message, person)
    return message


def tell_ephemeral(world: World, message: Message, person: str) -> None:
    """Tell this person's pages that something only they see changed."""
    change: Json = {"type": "ephemeral", "channel": message.channel, "ts": message.ts}
    world.changes.tell(change | ({"thread_ts": message.thread_ts} if message.is_reply else {}), {person})


def dismiss(world: World, conversation: Conversation, person: str, ts: str) -> bool:
    """Take away an ephemeral message; False when there is none of that ts."""
    message = conversation.ephemerals.get(person, {}).pop(ts, None)
    if message:
        tell_ephemeral(world, message, person)
    return message is not None
