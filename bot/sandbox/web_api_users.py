"""Web API: people and user groups."""

from bot.sandbox.errors import SlackError
from bot.sandbox.methods import Call, Method
from bot.sandbox.model import Json, Person
from bot.sandbox.paging import page
from bot.sandbox.people import custom_fields, is_external, profile_object, user_object

LIMIT_REQUIRED_ABOVE = 10_000


def _info(call: Call) -> Json:
    person = call.world.person(call.args.require("user"))
    return {"user": user_object(call.world, person, locale=call.args.flag("include_locale"))}


def _list(call: Call) -> Json:
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
    groups = []
    for group in call.world.usergroups.values():
        shown = {key: value for key, value in group.items() if key != "users" or with_users}
        groups.append(shown | ({"user_count": str(len(group["users"]))} if with_count else {}))
    return {"usergroups": groups}


def _group_users(call: Call) -> Json:
    group = call.world.usergroups.get(call.args.require("usergroup"))
    if group is None:
        raise SlackError("no_such_subteam")
    return {"users": list(group["users"])}


METHODS: dict[str, Method] = {
    "users.info": Method(_info, ("users:read",)),
    "users.list": Method(_list, ("users:read",)),
    "users.profile.get": Method(_profile, ("users.profile:read",)),
    "users.lookupByEmail": Method(_by_email, ("users:read.email",)),
    "usergroups.list": Method(_groups, ("usergroups:read",)),
    "usergroups.users.list": Method(_group_users, ("usergroups:read",)),
}
