"""What a person types becomes what Slack sends: people, channels, addresses as tokens, the rest escaped."""

import re

from bot.sandbox.model import Person
from bot.sandbox.usergroups import find_usergroup
from bot.sandbox.world import World

_CODE = re.compile(r"(```.*?```|`[^`\n]+`)", re.DOTALL)
_TOKEN = re.compile(
    r"(?P<url>https?://[^\s<>|]+[^\s<>|.,;:!?)\]}'\"])|(?<![\w@])@(?P<person>[\w.\-]+)|(?<![\w#&])#(?P<channel>[\w\-]+)"
)
_BROADCASTS = ("here", "channel", "everyone")


def to_slack(world: World, text: str) -> str:
    """The text as it arrives at the app; code is escaped and otherwise left alone."""
    parts = _CODE.split(escape(text))
    return "".join(part if index % 2 else _with_tokens(world, part) for index, part in enumerate(parts))


def escape(text: str) -> str:
    """The three characters that Slack escapes."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _with_tokens(world: World, text: str) -> str:
    return _TOKEN.sub(lambda match: _token(world, match), text)


def _token(world: World, match: "re.Match[str]") -> str:
    if match["url"]:
        return f"<{match['url']}>"
    if match["person"]:
        return _mention(world, match["person"], match[0])
    channel = world.find_by_name(match["channel"].lower())
    return f"<#{channel.id}|{channel.name}>" if channel and channel.kind == "channel" else match[0]


def _mention(world: World, name: str, typed: str) -> str:
    if name in _BROADCASTS:
        return f"<!{name}>"
    bare = name.rstrip(".-")
    rest = name[len(bare) :]
    if person := find_person(world, bare):
        return f"<@{person.id}>{rest}"
    group = find_usergroup(world, bare)
    return f"<!subteam^{group['id']}>{rest}" if group else typed


def find_person(world: World, name: str) -> Person | None:
    """Somebody by handle or id."""
    if name in world.people:
        return world.people[name]
    return next((person for person in world.people.values() if person.name == name.lower()), None)


def escaped_entities(world: World, text: str) -> str:
    """A command's text when should_escape is set: people, groups and channels with their names behind the id."""
    text = to_slack(world, text)
    text = re.sub(r"<@(\w+)>", lambda match: f"<@{match[1]}|{world.people[match[1]].name}>", text)
    return re.sub(r"<!subteam\^(\w+)>", lambda match: _group_with_handle(world, match[1]), text)


def _group_with_handle(world: World, group: str) -> str:
    return f"<!subteam^{group}|@{world.usergroups[group]['handle']}>"
