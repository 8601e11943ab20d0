"""Files: uploading, sharing, showing and deleting them."""

import mimetypes
import re

from bot.sandbox.errors import SlackError
from bot.sandbox.model import File, Json
from bot.sandbox.world import World

MOST_BYTES = 30 * 1024 * 1024
_KINDS = {"text/plain": "text", "image/jpeg": "jpg", "video/quicktime": "mov", "text/calendar": "ics"}


def add_file(
    world: World,
    name: str,
    content: bytes,
    user: str,
    *,
    title: str = "",
    duration_ms: int | None = None,
    file_id: str = "",
) -> File:
    """Store an uploaded file that is not shared yet."""
    if len(content) > MOST_BYTES:
        raise SlackError("file_too_large")
    name = safe_name(name)
    mimetype = mimetypes.guess_type(name)[0] or "application/octet-stream"
    suffix = name.rpartition(".")[2].lower() if "." in name else "binary"
    filetype = _KINDS.get(mimetype, suffix)
    file_id = file_id or world.new_id("F")
    file = File(
        file_id, name, title or name, mimetype, filetype, user, content, world.now_seconds(), duration_ms
    )
    world.files[file_id] = file
    return file


def safe_name(name: str) -> str:
    """A file name without folders, control characters or too many letters."""
    return re.sub(r"[\x00-\x1f/\\]", "_", name).strip(". ")[:200] or "file"


def share_file(world: World, file_id: str, channel: str, ts: str) -> File:
    """Note that a message of a conversation carries this file; raises file_not_found."""
    file = existing_file(world, file_id)
    file.channels.setdefault(channel, []).append(ts)
    return file


def existing_file(world: World, file_id: str) -> File:
    """A file that is there; raises SlackError file_not_found or file_deleted."""
    file = world.files.get(file_id)
    if file is None:
        raise SlackError("file_not_found")
    if file.deleted:
        raise SlackError("file_deleted")
    return file


def app_may_read(world: World, file: File) -> bool:
    """Whether the app uploaded this file or is where it was shared (or it was given to the app in a form)."""
    app = world.app.user
    return (
        file.user == app
        or not file.channels
        or any(is_member(world, channel, app) for channel in file.channels)
    )


def is_member(world: World, channel: str, person: str) -> bool:
    """Whether that conversation still exists and this person is in it."""
    conversation = world.conversations.get(channel)
    return conversation is not None and person in conversation.members


def delete_file(world: World, file: File) -> None:
    """Delete a file: file_deleted for the app, and its messages show it as gone."""
    file.deleted, file.content = True, b""
    heard = [c for c in file.channels if is_member(world, c, world.app.user)]
    event = {"type": "file_deleted", "file_id": file.id, "channel_ids": list(file.channels)}
    if heard or not file.channels:
        world.tell_app(event | {"event_ts": world.event_ts()})
    for channel, times in file.channels.items():
        for ts in times:
            world.changes.tell({"type": "message_changed", "channel": channel, "ts": ts})


def file_object(world: World, file: File) -> Json:
    """A file as Slack shows it in messages and in files.info."""
    if file.deleted:
        return {"id": file.id, "mode": "tombstone"}
    private = f"{world.url}files-pri/{world.team}-{file.id}/{file.name.replace(' ', '_')}"
    shown: Json = {
        "id": file.id,
        "created": file.created,
        "timestamp": file.created,
        "name": file.name,
        "title": file.title,
        "mimetype": file.mimetype,
        "filetype": file.filetype,
        "pretty_type": file.filetype.upper(),
        "user": file.user,
        "user_team": world.team,
        "size": len(file.content),
        "mode": "hosted",
        "is_external": False,
        "is_public": False,
        "editable": False,
        "url_private": private,
        "url_private_download": private + "?download=1",
        "permalink": f"{world.url}files/{file.user}/{file.id}",
        "file_access": "visible",
    }
    return shown | _clip(file)


def _clip(file: File) -> Json:
    if not file.mimetype.startswith(("video/", "audio/")):
        return {}
    media = {"media_display_type": file.mimetype.partition("/")[0], "subtype": "slack_video"}
    return media | ({"duration_ms": file.duration_ms} if file.duration_ms is not None else {})


def file_info(world: World, file: File) -> Json:
    """What files.info adds: where the file was shared."""
    shares: Json = {"public": {}, "private": {}}
    for channel, times in file.channels.items():
        conversation = world.conversations.get(channel)
        if conversation:
            side = "public" if conversation.kind == "channel" else "private"
            shares[side][channel] = [{"ts": ts, "channel_name": conversation.name} for ts in times]
    kinds = {
        channel: world.conversations[channel].kind
        for channel in file.channels
        if channel in world.conversations
    }
    return file_object(world, file) | {
        "shares": shares,
        "channels": [channel for channel, kind in kinds.items() if kind == "channel"],
        "groups": [channel for channel, kind in kinds.items() if kind == "private"],
        "ims": [channel for channel, kind in kinds.items() if kind in ("im", "mpim")],
    }
