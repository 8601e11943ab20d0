"""Web API: posting, updating and deleting the app's messages."""

from bot.sandbox.block_kit import check_blocks, with_ids
from bot.sandbox.conversations import check_reachable, direct, joined, visible
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.form_state import keep_values
from bot.sandbox.message_objects import message_object
from bot.sandbox.messages import delete, edit, post, post_ephemeral
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Conversation, Json, Message

MOST_MESSAGE_BLOCKS = 50
MOST_UPDATED_TEXT = 4_000
MOST_ATTACHMENTS = 100
MOST_METADATA = 16_000


def target(call: Call, name: str = "channel") -> Conversation:
    """The conversation to write to: a user id stands for the app's direct messages with that person."""
    wanted = call.args.get(name)
    if not wanted:
        raise SlackError("channel_not_found")
    if wanted in call.world.people:
        return _direct(call, wanted)
    by_name = call.world.find_by_name(wanted.lstrip("#"))
    conversation = joined(call.world, by_name.id if by_name else wanted, call.me)
    if conversation.kind == "im":
        _refuse_deleted(call, conversation)
    return conversation


def _direct(call: Call, person_id: str) -> Conversation:
    try:
        check_reachable(call.world, call.world.people[person_id])
    except SlackError:
        # chat.postMessage does not say why somebody cannot be written to.
        raise SlackError("channel_not_found") from None
    return direct(call.world, [person_id])


def _refuse_deleted(call: Call, conversation: Conversation) -> None:
    others = (member for member in conversation.members if member != call.me)
    if any(call.world.people[other].deleted for other in others):
        raise SlackError("channel_not_found")


def message_blocks(call: Call) -> list[Json]:
    """The blocks of a message, checked and with ids; empty when there are none."""
    blocks = call.args.data("blocks")
    if not blocks:
        return []
    check_blocks(blocks, "message")
    return with_ids(blocks)


def _attachments(call: Call) -> list[Json]:
    attachments = call.args.data("attachments") or []
    if not isinstance(attachments, list) or len(attachments) > MOST_ATTACHMENTS:
        raise SlackError("too_many_attachments")
    return attachments


def _metadata(call: Call) -> Json | None:
    metadata = call.args.data("metadata")
    if metadata is None:
        return None
    fine = isinstance(metadata, dict) and isinstance(metadata.get("event_type"), str)
    if not fine or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_format")
    if len(str(metadata)) > MOST_METADATA:
        raise SlackError("metadata_too_large")
    return {"event_type": metadata["event_type"], "event_payload": metadata["event_payload"]}


def _post(call: Call) -> Json:
    conversation, args = target(call), call.args
    blocks, attachments, text = message_blocks(call), _attachments(call), args.get("text")
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    message = post(
        call.world,
        conversation.id,
        call.me,
        text,
        thread_ts=args.get("thread_ts") or None,
        broadcast=args.flag("reply_broadcast"),
        blocks=blocks,
        attachments=attachments,
        metadata=_metadata(call),
        state=keep_values(blocks, {}),
    )
    return _posted(call, conversation, message)


def _posted(call: Call, conversation: Conversation, message: Message) -> Json:
    shown = message_object(call.world, conversation, message, metadata=True)
    return {"channel": conversation.id, "ts": message.ts, "message": shown}


def _own_message(call: Call, refusal: str) -> Message:
    channel, ts = call.args.require("channel"), call.args.require("ts")
    if channel in call.world.people:
        raise SlackError("channel_not_found")
    conversation = visible(call.world, channel, call.me)
    message = call.world.message(channel, ts)
    if message.user != call.me or message.subtype == "tombstone":
        raise SlackError(refusal if message.subtype != "tombstone" else "message_not_found")
    if conversation.is_archived:
        raise SlackError("is_archived")
    return message


def _update(call: Call) -> Json:
    message, text = _own_message(call, "cant_update_message"), call.args.get("text")
    if len(text) > MOST_UPDATED_TEXT:
        raise SlackError("msg_too_long")
    blocks, attachments = message_blocks(call), _attachments(call)
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    changes: Json = {"blocks": blocks, "state": keep_values(blocks, message.state)}
    # A call with blocks only leaves the text as it was, and shows no "edited".
    changes |= {"text": text} if text else {}
    changes |= {"attachments": attachments} if call.args.data("attachments") is not None else {}
    metadata = _metadata(call)
    changes |= {"metadata": metadata} if metadata else {}
    edit(call.world, message, changes, mark=not blocks)
    conversation = call.world.conversations[message.channel]
    return _posted(call, conversation, message) | {"text": message.text}


def _delete(call: Call) -> Json:
    message = _own_message(call, "cant_delete_message")
    delete(call.world, message)
    return {"channel": message.channel, "ts": message.ts}


def _ephemeral(call: Call) -> Json:
    conversation, person, args = target(call), call.args.require("user"), call.args
    if person not in conversation.members or call.world.people[person].deleted:
        raise SlackError("user_not_in_channel")
    blocks = message_blocks(call)
    if not args.get("text") and not blocks and not _attachments(call):
        raise SlackError("no_text")
    message = post_ephemeral(
        call.world, conversation, person, args.get("text"), blocks, args.get("thread_ts") or None
    )
    return {"message_ts": message.ts}


def _permalink(call: Call) -> Json:
    conversation = visible(call.world, call.args.require("channel"), call.me)
    message = call.world.message(conversation.id, call.args.require("message_ts"))
    link = call.world.permalink(conversation.id, message.ts, message.thread_ts)
    return {"channel": conversation.id, "permalink": link}


def _me(call: Call) -> Json:
    conversation = target(call)
    if not call.args.get("text"):
        raise invalid("invalid_arguments", ["missing required field: text"])
    message = post(call.world, conversation.id, call.me, call.args.get("text"), subtype="me_message")
    return {"channel": conversation.id, "ts": message.ts}


_WRITE = ("chat:write",)
METHODS: dict[str, Method] = {
    "chat.postMessage": Method(_post, _WRITE),
    "chat.update": Method(_update, _WRITE),
    "chat.delete": Method(_delete, _WRITE),
    "chat.postEphemeral": Method(_ephemeral, _WRITE),
    "chat.meMessage": Method(_me, _WRITE),
    "chat.getPermalink": Method(_permalink),
}
