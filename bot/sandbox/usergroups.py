"""User groups: who belongs to them, how Slack shows them, and what the app hears of them."""

from bot.sandbox.model import Json
from bot.sandbox.world import World


def save_usergroup(
    world: World, by: str, handle: str, name: str, users: list[str], description: str = ""
) -> Json:
    """Make a user group, or change the one of that handle: subteam_created or subteam_updated."""
    existing = find_usergroup(world, handle)
    now = world.now_seconds()
    group: Json = existing or _fresh(world, by, handle, now)
    members = list(dict.fromkeys(users))
    group |= {"name": name, "description": description or group["description"]}
    group |= {"users": members, "user_count": str(len(members)), "date_update": now, "updated_by": by}
    world.usergroups[group["id"]] = group
    kind = "subteam_updated" if existing else "subteam_created"
    world.tell_app({"type": kind, "subteam": group, "event_ts": world.event_ts()})
    world.changes.tell({"type": "person", "person": by})
    return group


def _fresh(world: World, by: str, handle: str, now: int) -> Json:
    return {
        "id": world.new_id("S"),
        "team_id": world.team,
        "is_usergroup": True,
        "is_subteam": True,
        "handle": handle,
        "description": "",
        "is_external": False,
        "date_create": now,
        "date_delete": 0,
        "auto_type": None,
        "auto_provision": False,
        "created_by": by,
        "deleted_by": None,
        "prefs": {"channels": [], "groups": []},
    }


def find_usergroup(world: World, handle: str) -> Json | None:
    """The group with that handle, if there is one."""
    return next((group for group in world.usergroups.values() if group["handle"] == handle.lower()), None)


def shown_usergroup(group: Json, *, with_users: bool, with_count: bool) -> Json:
    """A group as usergroups.list shows it; its people and their number only when asked for."""
    left_out = ({"users"} if not with_users else set()) | ({"user_count"} if not with_count else set())
    return {key: value for key, value in group.items() if key not in left_out}
