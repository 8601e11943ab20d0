"""Conversations as the Web API shows them."""

from bot.sandbox.model import Conversation, Json
from bot.sandbox.world import World


def channel_object(
    world: World, conversation: Conversation, for_person: str, with_count: bool = False
) -> Json:
    """A conversation as conversations.info and .list show it to this person or to the app."""
    if conversation.kind == "im":
        other = next(member for member in conversation.members if member != for_person)
        return {
            "id": conversation.id,
            "created": conversation.created,
            "is_im": True,
            "is_org_shared": False,
            "is_archived": False,
            "user": other,
            "is_user_deleted": world.people[other].deleted,
            "priority": 0,
        }
    shown = _channel(world, conversation, for_person)
    return shown | {"num_members": len(conversation.members)} if with_count else shown


def _channel(world: World, conversation: Conversation, for_person: str) -> Json:
    return {
        "id": conversation.id,
        "name": conversation.name,
        "name_normalized": conversation.name,
        "is_channel": conversation.kind == "channel",
        "is_group": conversation.kind == "private",
        "is_im": False,
        "is_mpim": conversation.kind == "mpim",
        "is_private": conversation.kind != "channel",
        "created": conversation.created,
        "creator": conversation.creator,
        "is_archived": conversation.is_archived,
        "is_general": conversation.name == "general",
        "is_shared": conversation.is_shared,
        "is_ext_shared": conversation.is_shared,
        "is_org_shared": False,
        "is_pending_ext_shared": False,
        "is_member": for_person in conversation.members,
        "context_team_id": world.team,
        "topic": conversation.topic,
        "purpose": conversation.purpose,
        "previous_names": conversation.previous_names,
        "unlinked": 0,
    }
