"""Channels and direct messages: who is in them, what they are called, and what the app hears of it."""

import re
from collections.abc import Callable

from bot.sandbox.errors import SlackError
from bot.sandbox.lines import system_line
from bot.sandbox.model import Conversation, Json, Kind, Person
from bot.sandbox.people import is_external, shares_channel
from bot.sandbox.world import World

MOST_TOPIC = 250
_NAME = re.compile(r"[^\s.,!?:;#@<>&\"'/()\[\]{}|`A-Z]{1,80}")


def create(world: World, person: str, name: str, kind: Kind = "channel", purpose: str = "") -> Conversation:
    """A new channel whose only member is its creator."""
    _check_name(world, name)
    conversation = Conversation(world.new_id("C"), kind, name, person, world.now_seconds(), [])
    conversation.purpose = {
        "value": purpose,
        "creator": person if purpose else "",
        "last_set": world.now_seconds(),
    }
    world.conversations[conversation.id] = conversation
    add_member(world, conversation, person)
    return conversation


def _check_name(world: World, name: str) -> None:
    if not _NAME.fullmatch(name):
        raise SlackError("invalid_name_specials")
    if world.find_by_name(name):
        raise SlackError("name_taken")


def direct(world: World, people: list[str]) -> Conversation:
    """The app's direct messages with these people, opened when they were not yet open."""
    return between(world, world.app.user, people)


def between(world: World, creator: str, others: list[str]) -> Conversation:
    """The direct messages of these people, opened when they were not yet open; with three or more, a group's."""
    members = sorted({creator, *others})
    for conversation in world.conversations.values():
        if conversation.is_direct and sorted(conversation.members) == members:
            return conversation
    single = len(members) == 2  # noqa: PLR2004 - two people talk alone
    name = "" if single else "mpdm-" + "--".join(sorted(world.people[p].name for p in members)) + "-1"
    new_id = world.new_id("D" if single else "C")
    conversation = Conversation(
        new_id, "im" if single else "mpim", name, creator, world.now_seconds(), members
    )
    world.conversations[new_id] = conversation
    world.tell_members(conversation, {"type": "conversation", "channel": new_id})
    return conversation


def check_reachable(world: World, person: Person) -> None:
    """Whether the app may write to this person; raises SlackError as conversations.open does."""
    if person.deleted:
        raise SlackError("user_disabled")
    if person.is_bot:
        raise SlackError("cannot_dm_bot")
    if is_external(world, person) and not shares_channel(world, person):
        raise SlackError("user_not_visible")


def visible(world: World, channel: str, person: str) -> Conversation:
    """A conversation that this person (or the app) knows of; raises channel_not_found."""
    conversation = world.conversations.get(channel)
    if conversation is None or not may_see(world, conversation, person):
        raise SlackError("channel_not_found")
    return conversation


def may_see(world: World, conversation: Conversation, person: str) -> bool:
    """Whether this person can open the conversation, as a member or because it is public."""
    if person in conversation.members:
        return True
    somebody = world.people[person]
    return conversation.kind == "channel" and not somebody.is_guest and not is_external(world, somebody)


def joined(world: World, channel: str, person: str) -> Conversation:
    """A conversation in which this person (or the app) may write; raises SlackError otherwise."""
    conversation = visible(world, channel, person)
    if person not in conversation.members:
        raise SlackError("not_in_channel")
    if conversation.is_archived:
        raise SlackError("is_archived")
    return conversation


def add_member(world: World, conversation: Conversation, person: str, inviter: str | None = None) -> None:
    """Let somebody into a channel: the line in the channel and member_joined_channel."""
    if person in conversation.members:
        raise SlackError("already_in_channel")
    conversation.members.append(person)
    mention = f"<@{person}> has joined the {'group' if conversation.kind == 'private' else 'channel'}"
    extras = {"inviter": inviter} if inviter else {}
    system_line(world, conversation, person, _of(conversation, "join"), mention, extras)
    event = _membership("member_joined_channel", world, conversation, person) | extras
    world.tell_app(event, conversation)
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def remove_member(world: World, conversation: Conversation, person: str, actor: str | None = None) -> None:
    """Somebody leaves or is removed; the app learns of its own removal by channel_left or group_left."""
    if conversation.is_direct or person not in conversation.members:
        raise SlackError("not_in_channel")
    change = {"type": "conversation", "channel": conversation.id}
    world.tell_members(conversation, change)
    if person == world.app.user:
        left = "group_left" if conversation.kind == "private" else "channel_left"
        world.tell_app(
            {
                "type": left,
                "channel": conversation.id,
                "actor_id": actor or person,
                "event_ts": world.event_ts(),
            },
            conversation,
        )
    conversation.members.remove(person)
    world.tell_app(_membership("member_left_channel", world, conversation, person), conversation)
    system_line(world, conversation, person, _of(conversation, "leave"), f"<@{person}> has left the channel")
    world.changes.tell(change, {person})


def _membership(name: str, world: World, conversation: Conversation, person: str) -> Json:
    return {
        "type": name,
        "user": person,
        "channel": conversation.id,
        "channel_type": "G" if conversation.kind == "private" else "C",
        "team": world.people[person].team,
        "event_ts": world.event_ts(),
    }


def rename(world: World, conversation: Conversation, person: str, name: str) -> None:
    """Give a channel another name: channel_rename or group_rename, and a line in it."""
    _check_name(world, name)
    old, conversation.name = conversation.name, name
    conversation.previous_names.append(old)
    text = f'has renamed the channel from "{old}" to "{name}"'
    system_line(world, conversation, person, _of(conversation, "name"), text, {"old_name": old, "name": name})
    renamed = {"id": conversation.id, "name": name, "created": conversation.created}
    _tell(world, conversation, "rename", {"channel": renamed})


def set_archived(world: World, conversation: Conversation, person: str, archived: bool) -> None:
    """Archive a channel or bring it back."""
    if conversation.is_archived == archived:
        raise SlackError("already_archived" if archived else "not_archived")
    act = "archive" if archived else "unarchive"
    system_line(world, conversation, person, _of(conversation, act), f"<@{person}> {act}d the channel")
    conversation.is_archived = archived
    _tell(world, conversation, act, {"channel": conversation.id, "user": person})


def delete(world: World, conversation: Conversation) -> None:
    """Delete a channel with everything in it: channel_deleted carries only the id."""
    _tell(world, conversation, "deleted", {"channel": conversation.id})
    del world.conversations[conversation.id]


def _tell(world: World, conversation: Conversation, act: str, details: Json) -> None:
    family = "group" if conversation.kind == "private" else "channel"
    world.tell_app({"type": f"{family}_{act}", **details, "event_ts": world.event_ts()}, conversation)
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def _of(conversation: Conversation, act: str) -> str:
    return f"{'group' if conversation.kind == 'private' else 'channel'}_{act}"


def set_topic(world: World, conversation: Conversation, person: str, topic: str) -> None:
    """Set the topic, with its line in the channel."""
    _set(world, conversation, person, "topic", topic)


def set_purpose(world: World, conversation: Conversation, person: str, purpose: str) -> None:
    """Set the purpose ("description"), with its line in the channel."""
    _set(world, conversation, person, "purpose", purpose)


def _set(world: World, conversation: Conversation, person: str, what: str, value: str) -> None:
    if len(value) > MOST_TOPIC:
        raise SlackError("too_long")
    setattr(conversation, what, {"value": value, "creator": person, "last_set": world.now_seconds()})
    text = f"<@{person}> set the channel {what}: {value}"
    system_line(world, conversation, person, _of(conversation, what), text, {what: value})
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def share(world: World, conversation: Conversation, team: str) -> None:
    """Connect a channel with another workspace: channel_shared; a private one gets another id for good."""
    conversation.is_shared = True
    event = {"type": "channel_shared", "channel": conversation.id, "connected_team_id": team}
    world.tell_app(event | {"event_ts": world.event_ts()}, conversation)
    if conversation.kind == "private":
        change_id(world, conversation)
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def unshare(world: World, conversation: Conversation, team: str) -> None:
    """End the connection with the other workspace: its people leave, and the app hears channel_unshared."""
    conversation.is_shared = False
    outsiders = [person for person in conversation.members if is_external(world, world.people[person])]
    for person in outsiders:
        conversation.members.remove(person)
    event: Json = {
        "type": "channel_unshared",
        "channel": conversation.id,
        "previously_connected_team_id": team,
    }
    world.tell_app(event | {"is_ext_shared": False, "event_ts": world.event_ts()}, conversation)
    world.tell_members(conversation, {"type": "conversation", "channel": conversation.id})


def change_id(world: World, conversation: Conversation) -> str:
    """Give the conversation another id for good, as sharing does; the app hears channel_id_changed."""
    old, new = conversation.id, world.new_id("C")
    del world.conversations[old]
    conversation.id = new
    world.conversations[new] = conversation
    _each_message(conversation, lambda message: setattr(message, "channel", new))
    event = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": new}
    world.tell_app(event | {"event_ts": world.event_ts()}, conversation)
    world.tell_members(conversation, {"type": "conversation", "channel": new})
    return new


def _each_message(conversation: Conversation, act: Callable[[object], None]) -> None:
    for message in conversation.messages.values():
        act(message)
