"""Control API: conversations, memberships, profiles, and installing the app."""

import re

from bot.sandbox import conversations as rooms
from bot.sandbox.control import Act, Asked
from bot.sandbox.control_state import person_object
from bot.sandbox.errors import Refused
from bot.sandbox.installation import install, uninstall
from bot.sandbox.model import Conversation, Json, Kind
from bot.sandbox.people import add_person, change_profile, new_person
from bot.sandbox.usergroups import save_usergroup
from bot.sandbox.world import World

OTHER_TEAM = "T0PARTNER"
MOST_PEOPLE = 20_000
MOST_IN_A_GROUP = 8
_HANDLE = re.compile(r"[\w.\-]*\w")


def routes(_: World) -> dict[str, Act]:
    """POST addresses under /sandbox/."""
    return {
        "channels": _create,
        "direct": _direct,
        "join": _join,
        "leave": _leave,
        "invite": _invite,
        "kick": _kick,
        "rename": _rename,
        "topic": _topic,
        "archive": lambda asked: _archive(asked, archived=True),
        "unarchive": lambda asked: _archive(asked, archived=False),
        "delete_channel": _delete,
        "share": _share,
        "unshare": _unshare,
        "change_id": lambda asked: {"channel": rooms.change_id(asked.world, asked.conversation())},
        "person": _change_person,
        "people": _add_person,
        "usergroup": _usergroup,
        "install": lambda asked: install(asked.world),
        "uninstall": lambda asked: uninstall(asked.world),
    }


def _create(asked: Asked) -> Json:
    name = asked.text("name").strip().removeprefix("#")
    kind: Kind = "private" if asked.flag("private") else "channel"
    purpose = asked.text("purpose", "", most=rooms.MOST_TOPIC)
    conversation = rooms.create(asked.world, asked.me.id, name, kind, purpose)
    conversation.is_shared = asked.flag("shared")
    return {"channel": conversation.id}


def _direct(asked: Asked) -> Json:
    names = asked.values.get("people")
    if not isinstance(names, list):
        raise Refused("'people' is a list of people.")
    others = {asked.person(str(name)).id for name in names} - {asked.me.id}
    if not others:
        raise Refused("Please choose somebody to write to.")
    if len(others) > MOST_IN_A_GROUP:
        raise Refused(f"At most {MOST_IN_A_GROUP} others fit into one group message.")
    if any(asked.world.people[other].deleted for other in others):
        raise Refused("Somebody among them has left the workspace.")
    return {"channel": rooms.between(asked.world, asked.me.id, sorted(others)).id}


def _room(asked: Asked) -> Conversation:
    conversation = asked.conversation()
    if conversation.is_direct:
        raise Refused("This is not possible in direct messages.")
    return conversation


def _member(asked: Asked) -> Conversation:
    return rooms.joined(asked.world, _room(asked).id, asked.me.id)


def _join(asked: Asked) -> Json:
    conversation = _room(asked)
    if conversation.is_archived:
        raise Refused("This channel is archived.")
    rooms.add_member(asked.world, conversation, asked.me.id)
    return {}


def _leave(asked: Asked) -> Json:
    rooms.remove_member(asked.world, _room(asked), asked.me.id)
    return {}


def _invite(asked: Asked) -> Json:
    person = asked.person(asked.text("person"))
    rooms.add_member(asked.world, _member(asked), person.id, asked.me.id)
    return {}


def _kick(asked: Asked) -> Json:
    person = asked.person(asked.text("person"))
    rooms.remove_member(asked.world, _member(asked), person.id, asked.me.id)
    return {}


def _rename(asked: Asked) -> Json:
    rooms.rename(asked.world, _member(asked), asked.me.id, asked.text("name").strip().removeprefix("#"))
    return {}


def _topic(asked: Asked) -> Json:
    conversation = _member(asked)
    if asked.values.get("topic") is not None:
        rooms.set_topic(asked.world, conversation, asked.me.id, asked.text("topic"))
    if asked.values.get("purpose") is not None:
        rooms.set_purpose(asked.world, conversation, asked.me.id, asked.text("purpose"))
    return {}


def _archive(asked: Asked, archived: bool) -> Json:
    rooms.set_archived(asked.world, _room(asked), asked.me.id, archived)
    return {}


def _delete(asked: Asked) -> Json:
    if not asked.me.is_admin:
        raise Refused("Only an admin can delete a channel.")
    rooms.delete(asked.world, _room(asked))
    return {}


def _share(asked: Asked) -> Json:
    conversation = _member(asked)
    rooms.share(asked.world, conversation, OTHER_TEAM)
    return {"channel": conversation.id}


def _unshare(asked: Asked) -> Json:
    rooms.unshare(asked.world, _member(asked), OTHER_TEAM)
    return {}


def _change_person(asked: Asked) -> Json:
    name = asked.given("person")
    person = asked.person(name) if name else asked.me
    changes = {key: value for key, value in asked.values.items() if key not in ("as", "person")}
    if changes.get("manager"):
        changes["manager"] = asked.person(str(changes["manager"])).id
    change_profile(asked.world, person, changes)
    return {"person": person_object(asked.world, person)}


def _add_person(asked: Asked) -> Json:
    world = asked.world
    if len(world.people) >= MOST_PEOPLE:
        raise Refused("This workspace is full.")
    name = asked.text("name", most=80).strip().lower()
    if not _HANDLE.fullmatch(name):
        raise Refused("A person's name has letters, digits, dots, - and _ only.")
    texts = ("real_name", "tz", "title", "email")
    details: Json = {key: asked.text(key, most=200) for key in texts if asked.values.get(key)}
    if asked.values.get("manager"):
        details["manager"] = asked.person(asked.text("manager")).id
    details |= {"is_guest": asked.flag("guest"), "is_admin": asked.flag("admin")}
    details |= {"team": OTHER_TEAM} if asked.flag("external") else {}
    return {"person": person_object(world, add_person(world, new_person(world, name, **details)))}


def _usergroup(asked: Asked) -> Json:
    users = asked.values.get("users")
    if not isinstance(users, list):
        raise Refused("'users' is a list of people.")
    handle = asked.text("handle", most=80).removeprefix("@")
    members = [asked.person(str(user)).id for user in users]
    group = save_usergroup(asked.world, asked.me.id, handle, asked.text("name", handle, most=80), members)
    return {"usergroup": group["id"]}
