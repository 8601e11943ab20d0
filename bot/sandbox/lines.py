"""Putting messages into a conversation: the one place where a message is stored and told."""

from bot.sandbox.message_objects import posted_event
from bot.sandbox.model import Conversation, Json, Message
from bot.sandbox.world import World

# Slack remembers very much; a sandbox keeps this many messages per conversation so that a long test ends.
MOST_MESSAGES = 200_000


def put(world: World, conversation: Conversation, message: Message) -> Message:
    """Store a finished message, deliver its event and tell the pages."""
    conversation.messages[message.ts] = message
    if len(conversation.messages) > MOST_MESSAGES:
        conversation.messages.pop(next(iter(conversation.messages)))
    if message.is_reply and message.thread_ts:
        conversation.replies.setdefault(message.thread_ts, []).append(message.ts)
    conversation.read[message.user] = message.ts
    world.tell_app(posted_event(world, conversation, message), conversation)
    change: Json = {"type": "message", "channel": conversation.id, "ts": message.ts, "user": message.user}
    world.tell_members(conversation, change | ({"thread_ts": message.thread_ts} if message.is_reply else {}))
    return message


def system_line(
    world: World, conversation: Conversation, person: str, subtype: str, text: str, extras: Json | None = None
) -> Message:
    """A line such as "has joined the channel"."""
    ts = world.new_ts(conversation)
    message = Message(conversation.id, ts, person, text, subtype=subtype, extras=extras or {})
    return put(world, conversation, message)
