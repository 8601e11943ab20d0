"""Web API: conversations, their history and their members."""

from collections.abc import Callable

from bot.sandbox import conversations as rooms
from bot.sandbox.conversation_objects import channel_object
from bot.sandbox.errors import SlackError, invalid
from bot.sandbox.message_objects import message_object
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Conversation, Json, Kind, Message
from bot.sandbox.paging import page
from bot.sandbox.world import SCOPE_FAMILIES

MOST_HISTORY = 999
_KINDS: dict[str, Kind] = {
    "public_channel": "channel",
    "private_channel": "private",
    "im": "im",
    "mpim": "mpim",
}


def _open(call: Call) -> Json:
    if call.args.get("channel"):
        conversation = rooms.visible(call.world, call.args.get("channel"), call.me)
        return {"channel": {"id": conversation.id}, "no_op": True, "already_open": True}
    users = call.args.names("users")
    if not users:
        raise SlackError("users_list_not_supplied")
    if len(users) > 8:  # noqa: PLR2004 - as many as Slack allows
        raise SlackError("too_many_users")
    for user in users:
        rooms.check_reachable(call.world, call.world.person(user))
    before = len(call.world.conversations)
    conversation = rooms.direct(call.world, users)
    already = {"no_op": True, "already_open": True} if len(call.world.conversations) == before else {}
    full = call.args.flag("return_im")
    shown = channel_object(call.world, conversation, call.me) if full else {"id": conversation.id}
    return {"channel": shown} | already


def _info(call: Call) -> Json:
    conversation = _known(call)
    _check_scope(call, conversation.kind, "read")
    with_count = call.args.flag("include_num_members")
    return {"channel": channel_object(call.world, conversation, call.me, with_count)}


def _known(call: Call) -> Conversation:
    return rooms.visible(call.world, call.args.get("channel"), call.me)


def _asked_kinds(call: Call) -> list[Kind]:
    asked = call.args.names("types") or ["public_channel"]
    unknown = [kind for kind in asked if kind not in _KINDS]
    if unknown:
        raise SlackError("invalid_types")
    for kind in asked:
        _check_scope(call, _KINDS[kind], "read")
    return [_KINDS[kind] for kind in asked]


def _list(call: Call) -> Json:
    return _listed(call, lambda c: rooms.may_see(call.world, c, call.me))


def _users_conversations(call: Call) -> Json:
    person = call.args.get("user") or call.me
    call.world.person(person)
    return _listed(call, lambda c: person in c.members and rooms.may_see(call.world, c, call.me))


def _listed(call: Call, shown: Callable[[Conversation], bool]) -> Json:
    kinds, without_archived = _asked_kinds(call), call.args.flag("exclude_archived")
    known = (c for c in call.world.conversations.values() if c.kind in kinds and shown(c))
    chosen = [c for c in known if not (without_archived and c.is_archived)]
    chosen.sort(key=lambda c: c.id)
    some, metadata = page(chosen, call.args, lambda c: c.id)
    channels = [channel_object(call.world, c, call.me, with_count=True) for c in some]
    return {"channels": channels, "response_metadata": metadata}


def _members(call: Call) -> Json:
    some, metadata = page(sorted(_known(call).members), call.args, lambda member: member)
    return {"members": some, "response_metadata": metadata}


def _readable(call: Call) -> Conversation:
    conversation = _known(call)
    if call.me not in conversation.members:
        raise SlackError("not_in_channel")
    _check_scope(call, conversation.kind, "history")
    return conversation


def _check_scope(call: Call, kind: Kind, what: str) -> None:
    needed = f"{SCOPE_FAMILIES[kind]}:{what}"
    if call.app.scopes and needed not in call.app.scopes:
        raise SlackError("missing_scope", needed=needed, provided=",".join(call.app.scopes))


def _between(call: Call, messages: list[Message]) -> list[Message]:
    oldest, latest = _time(call, "oldest", 0), _time(call, "latest", 0)
    inclusive = call.args.flag("inclusive")

    def fits(message: Message) -> bool:
        micros = _micros(message.ts)
        if inclusive and micros in (oldest, latest):
            return True
        return micros > oldest and (not latest or micros < latest)

    return messages if not (oldest or latest) else [message for message in messages if fits(message)]


def _time(call: Call, name: str, default: int) -> int:
    text = call.args.get(name)
    try:
        return _micros(text) if text else default
    except ValueError:
        raise SlackError(f"invalid_ts_{name}") from None


def _micros(ts: str) -> int:
    seconds, _, rest = ts.partition(".")
    return int(seconds) * 1_000_000 + int((rest + "000000")[:6])


def _history(call: Call) -> Json:
    conversation = _readable(call)
    top = [m for m in conversation.messages.values() if not m.is_reply or m.subtype == "thread_broadcast"]
    newest_first = _between(call, top)[::-1]
    some, metadata = page(newest_first, call.args, lambda m: m.ts, most=MOST_HISTORY)
    answer: Json = {
        "messages": _shown(call, conversation, some),
        "has_more": bool(metadata["next_cursor"]),
        "pin_count": len(conversation.pins),
    }
    return answer | ({"response_metadata": metadata} if metadata["next_cursor"] else {})


def _replies(call: Call) -> Json:
    conversation, ts = _readable(call), call.args.require("ts")
    parent = conversation.messages.get(ts)
    if parent is None:
        raise SlackError("thread_not_found")
    root = conversation.messages.get(parent.thread_ts or ts, parent)
    # Slack takes a reply's ts too and then returns that reply alone.
    replies = [conversation.messages[reply] for reply in conversation.replies.get(ts, [])]
    thread = [root, *replies] if not parent.is_reply else [parent]
    inside = _between(call, thread)
    wanted = inside if parent in inside else [parent, *inside]
    some, metadata = page(wanted, call.args, lambda m: m.ts, most=MOST_HISTORY)
    answer: Json = {"messages": _shown(call, conversation, some), "has_more": bool(metadata["next_cursor"])}
    return answer | ({"response_metadata": metadata} if metadata["next_cursor"] else {})


def _shown(call: Call, conversation: Conversation, messages: list[Message]) -> list[Json]:
    metadata = call.args.flag("include_all_metadata")
    return [message_object(call.world, conversation, message, metadata) for message in messages]


def _join(call: Call) -> Json:
    conversation = _known(call)
    if conversation.is_direct or conversation.kind == "private":
        raise SlackError("method_not_supported_for_channel_type")
    if conversation.is_archived:
        raise SlackError("is_archived")
    if call.me not in conversation.members:
        rooms.add_member(call.world, conversation, call.me)
    return {"channel": channel_object(call.world, conversation, call.me)}


def _set(call: Call, what: str) -> Json:
    conversation = rooms.joined(call.world, call.args.get("channel"), call.me)
    if conversation.is_direct:
        raise SlackError("method_not_supported_for_channel_type")
    if what not in call.args.values:
        raise invalid("invalid_arguments", [f"missing required field: {what}"])
    change = rooms.set_topic if what == "topic" else rooms.set_purpose
    change(call.world, conversation, call.me, call.args.get(what))
    return {"channel": channel_object(call.world, conversation, call.me), what: call.args.get(what)}


_READ = ("channels:read", "groups:read", "im:read", "mpim:read")
_HISTORY = ("channels:history", "groups:history", "im:history", "mpim:history")
METHODS: dict[str, Method] = {
    "conversations.open": Method(_open, ("im:write", "mpim:write")),
    "conversations.info": Method(_info, _READ),
    "conversations.list": Method(_list, _READ),
    "users.conversations": Method(_users_conversations, _READ),
    "conversations.members": Method(_members, _READ),
    "conversations.history": Method(_history, _HISTORY),
    "conversations.replies": Method(_replies, _HISTORY),
    "conversations.join": Method(_join, ("channels:join",)),
    "conversations.setTopic": Method(
        lambda call: _set(call, "topic"), ("channels:manage", "channels:write.topic", "groups:write.topic")
    ),
    "conversations.setPurpose": Method(
        lambda call: _set(call, "purpose"), ("channels:manage", "channels:write.topic", "groups:write.topic")
    ),
}
