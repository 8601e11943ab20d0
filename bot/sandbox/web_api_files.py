"""Web API: uploading files in two steps, looking them up and deleting them."""

import secrets

from bot.sandbox.conversations import joined
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.files import MOST_BYTES, add_file, app_may_read, delete_file, existing_file, file_info
from bot.sandbox.messages import post
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import File, Json
from bot.sandbox.tickets import Upload


def _upload_url(call: Call) -> Json:
    name, length = call.args.require("filename"), _length(call)
    ticket = secrets.token_hex(16)
    file_id = call.world.new_id("F")
    details = {"alt_txt": call.args.get("alt_txt")}
    call.world.tickets.uploads[ticket] = Upload(file_id, name, length, details)
    return {"upload_url": f"{call.world.url}upload/v1/{ticket}", "file_id": file_id}


def _length(call: Call) -> int:
    try:
        length = int(call.args.require("length"))
    except ValueError:
        raise invalid("invalid_arguments", ["must be a number: length"]) from None
    if length <= 0:
        raise invalid("invalid_arguments", ["must be greater than 0: length"])
    if length > MOST_BYTES:
        raise SlackError("file_upload_size_restricted")
    return length


def _complete(call: Call) -> Json:
    given = call.args.data("files")
    if not isinstance(given, list) or not given:
        raise invalid("invalid_arguments", ["missing required field: files"])
    channel = call.args.get("channel_id")
    if channel:
        joined(call.world, channel, call.me)
    files = [_finish(call, one) for one in given]
    if channel:
        post(
            call.world,
            channel,
            call.me,
            call.args.get("initial_comment"),
            thread_ts=call.args.get("thread_ts") or None,
            files=[file.id for file in files],
        )
    return {"files": [file_info(call.world, file) for file in files]}


def _finish(call: Call, given: object) -> File:
    wanted = str(given.get("id")) if isinstance(given, dict) else ""
    uploads = call.world.tickets.uploads
    ticket = next((ticket for ticket, upload in uploads.items() if upload.file == wanted), None)
    if ticket is None:
        raise SlackError("file_not_found")
    upload = uploads[ticket]
    if upload.content is None:
        raise SlackError("file_not_uploaded")
    del uploads[ticket]
    title = str(given.get("title") or "") if isinstance(given, dict) else ""
    return add_file(call.world, upload.name, upload.content, call.me, title=title, file_id=upload.file)


def _visible(call: Call) -> File:
    file = existing_file(call.world, call.args.require("file"))
    if not app_may_read(call.world, file):
        raise SlackError("file_not_found")
    return file


def _info(call: Call) -> Json:
    file = _visible(call)
    return {"file": file_info(call.world, file), "comments": [], "response_metadata": {"next_cursor": ""}}


def _delete(call: Call) -> Json:
    file = _visible(call)
    if file.user != call.me:
        raise SlackError("cant_delete_file")
    delete_file(call.world, file)
    return {}


METHODS: dict[str, Method] = {
    "files.getUploadURLExternal": Method(_upload_url, ("files:write",)),
    "files.completeUploadExternal": Method(_complete, ("files:write",)),
    "files.info": Method(_info, ("files:read",)),
    "files.delete": Method(_delete, ("files:write",)),
}
