"""People: how Slack shows them to an app, and what changes about them."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.sandbox.errors import Refused
from bot.sandbox.model import Json, Person
from bot.sandbox.world import World

MANAGER_FIELD = "Xf0MANAGER"
LATEST_EXPIRATION = 2**32
_COLOURS = ("#4a7c59", "#7c3aed", "#c2410c", "#0369a1", "#be185d", "#4d7c0f", "#a16207", "#0f766e", "#9333ea")
_CHANGEABLE = ("status_text", "status_emoji", "status_expiration", "tz", "title", "real_name", "display_name")


def add_person(world: World, person: Person) -> Person:
    """Let somebody join the workspace (an external person is only seen from it)."""
    if any(other.name == person.name for other in world.people.values()):
        raise Refused(f"There is already somebody called {person.name}.")
    check_zone(person.tz)
    person.team = person.team or world.team
    person.updated = world.now_seconds()
    person.display_name = person.display_name or person.real_name.split()[0]
    world.people[person.id] = person
    if not person.is_bot and not is_external(world, person):
        event_ts = world.event_ts()
        world.tell_app(
            {"type": "team_join", "user": user_object(world, person), "cache_ts": 0, "event_ts": event_ts}
        )
    world.changes.tell({"type": "person", "person": person.id})
    return person


def new_person(world: World, name: str, **details: Any) -> Person:
    """A person with a readable id, a colour and an address of their own, not yet in the workspace."""
    letters = "".join(letter for letter in name.upper() if letter.isascii() and letter.isalnum())
    person_id = f"U0{letters}"[:11]
    if person_id in world.people or len(letters) < 2:  # noqa: PLR2004 - too short to be an id
        person_id = world.new_id("U")
    details.setdefault("real_name", name.capitalize())
    details.setdefault("colour", _COLOURS[len(world.people) % len(_COLOURS)])
    details.setdefault("email", f"{name}@{world.domain}.example")
    return Person(id=person_id, name=name, **details)


def check_zone(name: str) -> ZoneInfo:
    """The time zone of that name; raises Refused for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise Refused(f"There is no time zone called {name!r}; names look like Europe/Paris.") from None


def is_external(world: World, person: Person) -> bool:
    """Whether this is somebody of another workspace, met through Slack Connect."""
    return person.team != world.team


def change_profile(world: World, person: Person, changes: Json) -> None:
    """Change somebody's profile; the app gets user_change."""
    if "tz" in changes:
        check_zone(str(changes["tz"]))
    _check_expiration(changes.get("status_expiration") or 0)
    for key in _CHANGEABLE:
        if key in changes:
            setattr(person, key, type(getattr(person, key))(changes[key] or type(getattr(person, key))()))
    if "deleted" in changes:
        person.deleted = bool(changes["deleted"])
    if "manager" in changes:
        person.manager = changes["manager"]
    person.updated = world.now_seconds()
    tell_user_change(world, person)


def _check_expiration(seconds: object) -> None:
    if not isinstance(seconds, int) or not 0 <= seconds <= LATEST_EXPIRATION:
        raise Refused("'status_expiration' is a number of seconds since 1970, 0 for no end.")


def tell_user_change(world: World, person: Person) -> None:
    """Deliver user_change to the app and tell the pages."""
    event_ts = world.event_ts()
    user = user_object(world, person)
    world.tell_app({"type": "user_change", "user": user, "cache_ts": person.updated, "event_ts": event_ts})
    world.changes.tell({"type": "person", "person": person.id})


def profile_object(world: World, person: Person) -> Json:
    """The profile part of a user, without custom fields."""
    picture = f"{world.url}avatar/{person.id}.svg"
    first, _, last = person.real_name.partition(" ")
    profile: Json = {
        "title": person.title,
        "phone": "",
        "skype": "",
        "real_name": person.real_name,
        "real_name_normalized": person.real_name,
        "display_name": person.display_name,
        "display_name_normalized": person.display_name,
        "first_name": first,
        "last_name": last,
        "status_text": person.status_text,
        "status_emoji": person.status_emoji,
        "status_expiration": person.status_expiration,
        "avatar_hash": person.id.lower(),
        "team": person.team,
        "image_24": picture,
        "image_72": picture,
        "image_192": picture,
    }
    if person.is_bot:
        return profile | {"api_app_id": world.app.id, "bot_id": world.app.bot_id, "always_active": True}
    if person.email and not is_external(world, person) and _has_scope(world, "users:read.email"):
        profile["email"] = person.email
    return profile


def _has_scope(world: World, scope: str) -> bool:
    return not world.app.scopes or scope in world.app.scopes


def user_object(world: World, person: Person, locale: bool = False) -> Json:
    """A user as users.info, users.list and user events show them."""
    user: Json = {
        "id": person.id,
        "team_id": person.team,
        "name": person.name,
        "deleted": person.deleted,
        "color": person.colour.lstrip("#"),
        "real_name": person.real_name,
        "profile": profile_object(world, person),
        "is_bot": person.is_bot,
        "is_app_user": False,
        "updated": person.updated,
    }
    if person.deleted:
        return user
    user |= _zone(world, person) | _standing(world, person)
    if locale and not is_external(world, person):
        user["locale"] = "en-GB"
    return user


def _zone(world: World, person: Person) -> Json:
    there = local_time(world, person)
    offset = there.utcoffset()
    return {
        "tz": person.tz,
        "tz_label": there.tzname() or person.tz,
        "tz_offset": int(offset.total_seconds()) if offset else 0,
    }


def local_time(world: World, person: Person) -> datetime:
    """What the clock shows where this person is."""
    return world.clock.now().astimezone(ZoneInfo(person.tz))


def _standing(world: World, person: Person) -> Json:
    standing: Json = {
        "is_admin": person.is_admin,
        "is_owner": person.is_owner,
        "is_primary_owner": person.is_owner,
        "is_restricted": person.is_guest,
        "is_ultra_restricted": False,
        "is_email_confirmed": True,
        "who_can_share_contact_card": "EVERYONE",
    }
    if is_external(world, person):
        standing = {key: False for key in standing if key.startswith("is_")}
        standing["is_stranger"] = not shares_channel(world, person)
    return standing


def shares_channel(world: World, person: Person) -> bool:
    """Whether the app and this person are members of one channel."""
    app = world.app.user
    channels = (c for c in world.conversations.values() if not c.is_direct)
    return any(app in c.members and person.id in c.members for c in channels)


def custom_fields(person: Person) -> Json:
    """The custom fields of a profile, as users.profile.get shows them."""
    return {MANAGER_FIELD: {"value": person.manager, "alt": ""}} if person.manager else {}
