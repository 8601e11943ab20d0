"""Web API: what is put on messages and conversations: reactions, pins, bookmarks."""

from bot.sandbox import messages
from bot.sandbox.conversations import joined, visible
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.message_objects import message_object
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Conversation, Json

MOST_BOOKMARKS = 100
MOST_PINS = 100
MOST_LINK = 3000


def _emoji(call: Call) -> str:
    name = call.args.get("name").strip(":")
    if not name:
        raise SlackError("no_reaction" if "name" not in call.args.values else "invalid_name")
    return name


def _place(call: Call) -> tuple[str, str]:
    channel, ts = call.args.get("channel"), call.args.get("timestamp")
    if not channel or not ts:
        raise SlackError("no_item_specified")
    if "." not in ts:
        raise SlackError("bad_timestamp")
    return channel, ts


def _add_reaction(call: Call) -> Json:
    messages.react(call.world, *_place(call), call.me, _emoji(call))
    return {}


def _remove_reaction(call: Call) -> Json:
    messages.unreact(call.world, *_place(call), call.me, _emoji(call))
    return {}


def _get_reactions(call: Call) -> Json:
    channel, ts = _place(call)
    conversation = visible(call.world, channel, call.me)
    message = call.world.message(channel, ts)
    shown = message_object(call.world, conversation, message)
    link = call.world.permalink(channel, ts, message.thread_ts)
    return {"type": "message", "channel": channel, "message": shown | {"permalink": link}}


def _add_pin(call: Call) -> Json:
    channel, ts = _place(call)
    if len(joined(call.world, channel, call.me).pins) >= MOST_PINS:
        raise SlackError("too_many_pins")
    messages.pin(call.world, channel, ts, call.me)
    return {}


def _remove_pin(call: Call) -> Json:
    messages.unpin(call.world, *_place(call), call.me)
    return {}


def _list_pins(call: Call) -> Json:
    conversation = visible(call.world, call.args.require("channel"), call.me)
    items = [_pin(call, conversation, ts) for ts in conversation.pins]
    return {"items": items}


def _pin(call: Call, conversation: Conversation, ts: str) -> Json:
    shown = message_object(call.world, conversation, conversation.messages[ts])
    return {"type": "message", "channel": conversation.id, "created": int(float(ts)), "message": shown}


def _room(call: Call) -> Conversation:
    return joined(call.world, call.args.require("channel_id"), call.me)


def _add_bookmark(call: Call) -> Json:
    conversation = _room(call)
    if len(conversation.bookmarks) >= MOST_BOOKMARKS:
        raise SlackError("too_many_bookmarks")
    if call.args.require("type") != "link":
        raise SlackError("invalid_bookmark_type")
    bookmark: Json = {
        "id": call.world.new_id("Bk"),
        "channel_id": conversation.id,
        "title": call.args.require("title"),
        "link": _link(call),
        "emoji": call.args.get("emoji"),
        "type": "link",
        "date_created": call.world.now_seconds(),
        "date_updated": 0,
        "last_updated_by_user_id": call.me,
        "app_id": call.app.id,
    }
    conversation.bookmarks.append(bookmark)
    _tell(call, conversation)
    return {"bookmark": bookmark}


def _link(call: Call) -> str:
    link = call.args.require("link")
    if not link.startswith(("https://", "http://")) or len(link) > MOST_LINK:
        raise SlackError("invalid_link")
    return link


def _tell(call: Call, conversation: Conversation) -> None:
    call.world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def _bookmark(call: Call, conversation: Conversation) -> Json:
    wanted = call.args.require("bookmark_id")
    for bookmark in conversation.bookmarks:
        if bookmark["id"] == wanted:
            return bookmark
    raise SlackError("not_found")


def _edit_bookmark(call: Call) -> Json:
    conversation = _room(call)
    bookmark = _bookmark(call, conversation)
    changes: Json = {key: call.args.get(key) for key in ("title", "emoji") if key in call.args.values}
    changes |= {"link": _link(call)} if "link" in call.args.values else {}
    if not changes:
        raise invalid("invalid_arguments", ["nothing to change"])
    bookmark |= changes | {"date_updated": call.world.now_seconds(), "last_updated_by_user_id": call.me}
    _tell(call, conversation)
    return {"bookmark": bookmark}


def _remove_bookmark(call: Call) -> Json:
    conversation = _room(call)
    conversation.bookmarks.remove(_bookmark(call, conversation))
    _tell(call, conversation)
    return {}


def _list_bookmarks(call: Call) -> Json:
    conversation = visible(call.world, call.args.require("channel_id"), call.me)
    return {"bookmarks": list(conversation.bookmarks)}


_BOOKMARKS = ("bookmarks:write",)
METHODS: dict[str, Method] = {
    "reactions.add": Method(_add_reaction, ("reactions:write",)),
    "reactions.remove": Method(_remove_reaction, ("reactions:write",)),
    "reactions.get": Method(_get_reactions, ("reactions:read",)),
    "pins.add": Method(_add_pin, ("pins:write",)),
    "pins.remove": Method(_remove_pin, ("pins:write",)),
    "pins.list": Method(_list_pins, ("pins:read",)),
    "bookmarks.add": Method(_add_bookmark, _BOOKMARKS),
    "bookmarks.edit": Method(_edit_bookmark, _BOOKMARKS),
    "bookmarks.remove": Method(_remove_bookmark, _BOOKMARKS),
    "bookmarks.list": Method(_list_bookmarks, ("bookmarks:read",)),
}
