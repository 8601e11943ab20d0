"""What we hear, parsed at the door: Slack's nested payloads go in, frozen facts come out.

A payload that lacks what makes it a fact raises Unreadable; a message we keep nothing of parses to None.
"""

from dataclasses import replace

from bot.ids import LETTER_EVENT_TYPE
from bot.incoming_facts import (
    DirectChange,
    DirectMessage,
    FileFact,
    LetterHeard,
    MessageFact,
    ReactionFact,
    Source,
)
from bot.payloads import (
    Body,
    emoji_name,
    find_id,
    find_ts,
    is_direct,
    mapping,
    number,
    slack_id,
    slack_ts,
    text,
    workspace_of,
)

# Whoever hears takes facts and their parsers from here.
__all__ = [
    "DirectChange",
    "DirectMessage",
    "FileFact",
    "LetterHeard",
    "MessageFact",
    "ReactionFact",
    "Source",
    "parse_files",
    "parse_message",
    "parse_reaction",
    "read_message",
]

MOST_FILES = 20
_POSTS = {"", "file_share", "thread_broadcast", "me_message", "bot_message"}
_PRIVATE_TYPES = {"group", "private_channel", "mpim"}


def parse_message(body: Body) -> MessageFact | DirectMessage | DirectChange | LetterHeard | None:
    """What a message event says; None for system lines and for what concerns nobody."""
    event = mapping(body.get("event"))
    workspace, channel = workspace_of(body), slack_id(event.get("channel"))
    subtype = text(event.get("subtype"))
    channel_type = text(event.get("channel_type"))
    if channel_type in ("im", "app_home") or is_direct(channel):
        return _parse_direct(workspace, channel, event)
    private = channel_type in _PRIVATE_TYPES
    if subtype == "message_deleted":
        return _deletion(workspace, channel, private, event)
    message = mapping(event.get("message")) if subtype == "message_changed" else event
    return read_message(workspace, channel, message, private=private)


def read_message(
    workspace: str, channel: str, message: Body, *, private: bool = False, source: Source = Source.LIVE
) -> MessageFact | None:
    """The fact in one message object, as events, history and exports hold it; None for a system line."""
    subtype, ts = text(message.get("subtype")), slack_ts(message.get("ts"))
    thread = find_ts(message.get("thread_ts"))
    known = MessageFact(
        workspace, channel, ts, thread_ts=thread if thread != ts else None, private=private, source=source
    )
    if subtype == "tombstone":
        return replace(known, deleted=True)
    if subtype not in _POSTS:
        return None
    return replace(
        known,
        author=find_id(message.get("user")),
        by_bot=bool(message.get("bot_id")) or subtype == "bot_message",
        external=_is_external(workspace, message),
        text=text(message.get("text")),
        version=find_ts(mapping(message.get("edited")).get("ts")) or "",
        files=parse_files(message.get("files")),
        letter_key=_letter_key(message),
    )


def parse_files(files: object) -> tuple[FileFact, ...]:
    """The files of a message that have an id; what Slack hides or deleted has none of its data."""
    if not isinstance(files, list):
        return ()
    return tuple(
        _parse_file(mapping(file)) for file in files[:MOST_FILES] if find_id(mapping(file).get("id"))
    )


def _parse_file(file: Body) -> FileFact:
    return FileFact(
        slack_id(file.get("id")),
        text(file.get("name") or file.get("title"))[:255],
        text(file.get("mimetype"))[:255],
        number(file.get("size")) or 0,
        number(file.get("duration_ms")),
    )


def _parse_direct(
    workspace: str, channel: str, event: Body
) -> DirectMessage | DirectChange | LetterHeard | None:
    if text(event.get("subtype")) in ("message_changed", "message_deleted"):
        return _parse_direct_change(workspace, channel, event)
    if text(event.get("subtype")) not in ("", "file_share", "me_message", "thread_broadcast"):
        return None
    ts, thread = slack_ts(event.get("ts")), find_ts(event.get("thread_ts"))
    key = _letter_key(event)
    if key:
        return LetterHeard(workspace, channel, ts, key)
    if event.get("bot_id"):
        return None
    return DirectMessage(
        workspace,
        channel,
        ts,
        slack_id(event.get("user")),
        thread if thread != ts else None,
        text(event.get("text")),
        parse_files(event.get("files")),
    )


def _parse_direct_change(workspace: str, channel: str, event: Body) -> DirectChange | None:
    """What became of something a person wrote; None for our own messages and for changes nobody made."""
    before, now = mapping(event.get("previous_message")), mapping(event.get("message"))
    if before.get("bot_id") or now.get("bot_id"):
        return None
    person = find_id(before.get("user")) or find_id(now.get("user"))
    if event.get("subtype") == "message_deleted" or now.get("subtype") == "tombstone":
        ts = slack_ts(event.get("deleted_ts") or now.get("ts") or before.get("ts"))
        return DirectChange(workspace, channel, ts, person, deleted=True)
    version = find_ts(mapping(now.get("edited")).get("ts"))
    if version is None:
        return None
    return DirectChange(
        workspace,
        channel,
        slack_ts(now.get("ts")),
        person,
        False,
        version,
        text(now.get("text")),
        parse_files(now.get("files")),
    )


def _deletion(workspace: str, channel: str, private: bool, event: Body) -> MessageFact:
    before = mapping(event.get("previous_message"))
    ts, thread = slack_ts(event.get("deleted_ts") or before.get("ts")), find_ts(before.get("thread_ts"))
    return MessageFact(
        workspace,
        channel,
        ts,
        thread_ts=thread if thread != ts else None,
        author=find_id(before.get("user")),
        by_bot=bool(before.get("bot_id")),
        private=private,
        deleted=True,
    )


def _is_external(workspace: str, message: Body) -> bool:
    """Slack Connect: the author's own team is another one."""
    team = find_id(message.get("user_team")) or find_id(message.get("source_team"))
    return team is not None and team != workspace and team.startswith("T")


def _letter_key(message: Body) -> str | None:
    metadata = mapping(message.get("metadata"))
    if not message.get("bot_id") or metadata.get("event_type") != LETTER_EVENT_TYPE:
        return None
    return text(mapping(metadata.get("event_payload")).get("key"))[:64] or None


def parse_reaction(body: Body) -> ReactionFact | None:
    """What a reaction event says; None when it is on a file, or on a direct message: that is no space."""
    event = mapping(body.get("event"))
    item = mapping(event.get("item"))
    if item.get("type") != "message":
        return None
    channel = slack_id(item.get("channel"))
    if is_direct(channel):
        return None
    return ReactionFact(
        workspace_of(body),
        channel,
        slack_ts(item.get("ts")),
        slack_id(event.get("user")),
        emoji_name(event.get("reaction")),
        event.get("type") == "reaction_added",
        slack_ts(event.get("event_ts")),
    )
