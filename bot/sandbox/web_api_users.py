"""Web API: people and user groups."""

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Json, Person
from bot.sandbox.paging import page
from bot.sandbox.people import MANAGER_FIELD, custom_fields, is_external, profile_object, user_object
from bot.sandbox.statuses import end_statuses
from bot.sandbox.usergroups import shown_usergroup

LIMIT_REQUIRED_ABOVE = 10_000


def _info(call: Call) -> Json:
    end_statuses(call.world)
    person = call.world.person(call.args.require("user"))
    return {"user": user_object(call.world, person, locale=call.args.flag("include_locale"))}


def _list(call: Call) -> Json:
    end_statuses(call.world)
    people = sorted(
        (p for p in call.world.people.values() if not is_external(call.world, p)), key=lambda p: p.id
    )
    if not call.args.get("limit") and len(people) > LIMIT_REQUIRED_ABOVE:
        raise SlackError("limit_required")
    some, metadata = page(people, call.args, lambda p: p.id, default=LIMIT_REQUIRED_ABOVE)
    locale = call.args.flag("include_locale")
    members = [user_object(call.world, person, locale) for person in some]
    return {"members": members, "cache_ts": call.world.now_seconds(), "response_metadata": metadata}


def _profile(call: Call) -> Json:
    end_statuses(call.world)
    person = call.world.person(call.args.get("user") or call.me)
    return {"profile": profile_object(call.world, person) | {"fields": custom_fields(person)}}


def _by_email(call: Call) -> Json:
    wanted = call.args.require("email").lower()
    for person in call.world.people.values():
        if _has_address(call, person, wanted):
            return {"user": user_object(call.world, person)}
    raise SlackError("users_not_found")


def _has_address(call: Call, person: Person, wanted: str) -> bool:
    visible = not person.is_bot and not person.deleted and not is_external(call.world, person)
    return visible and person.email.lower() == wanted


def _groups(call: Call) -> Json:
    with_users, with_count = call.args.flag("include_users"), call.args.flag("include_count")
    groups = call.world.usergroups.values()
    shown = [shown_usergroup(group, with_users=with_users, with_count=with_count) for group in groups]
    return {"usergroups": shown}


def _group_users(call: Call) -> Json:
    group = call.world.usergroups.get(call.args.require("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group["users"])}


def _team_profile(_: Call) -> Json:
    manager = {
        "id": MANAGER_FIELD,
        "ordering": 0,
        "label": "Manager",
        "hint": "",
        "type": "user",
        "is_hidden": False,
    }
    return {"profile": {"fields": [manager], "sections": []}}


METHODS: dict[str, Method] = {
    "team.profile.get": Method(_team_profile, ("users.profile:read",)),
    "users.info": Method(_info, ("users:read",)),
    "users.list": Method(_list, ("users:read",)),
    "users.profile.get": Method(_profile, ("users.profile:read",)),
    "users.lookupByEmail": Method(_by_email, ("users:read.email",)),
    "usergroups.list": Method(_groups, ("usergroups:read",)),
    "usergroups.users.list": Method(_group_users, ("usergroups:read",)),
}
