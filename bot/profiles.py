"""What Slack tells of people and channels themselves, as events, the Web API and exports share it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from bot.payloads import Body, find_id, mapping, text

LONGEST_NAME = 255
_SLACKBOT = "USLACKBOT"  # Slack itself does not call it a bot

_NOT_IN_A_NAME = re.compile(r"[<>&|`*\s]")  # Slack has no such channel; an export may say anything


@dataclass(frozen=True, slots=True)
class PersonFact:
    """A Slack user as their profile describes them."""

    workspace: str
    id: str
    name: str
    tz: str
    locale: str
    is_bot: bool
    is_guest: bool
    is_external: bool
    is_deactivated: bool
    is_slack_admin: bool


@dataclass(frozen=True, slots=True)
class StatusFact:
    """What somebody's status says; `ends_at` in seconds since 1970, 0 for no end. The words are stored nowhere."""

    emoji: str
    text: str
    ends_at: int = 0


@dataclass(frozen=True, slots=True)
class ChannelFact:
    """A channel as Slack describes it."""

    NAMES_SPACES: ClassVar = ("id",)

    workspace: str
    id: str
    name: str
    is_private: bool
    is_shared: bool
    is_archived: bool


def read_person(workspace: str, user: Body, *, home: str | None = None) -> PersonFact | None:
    """The person in a user object; None without an id.

    `home` is the team whose people are not external, when the records go to a workspace of another id.
    """
    person = find_id(user.get("id"))
    if person is None:
        return None
    is_external = _is_external(home or workspace, user)
    rules = any(user.get(key) is True for key in ("is_admin", "is_owner", "is_primary_owner"))
    return PersonFact(
        workspace,
        person,
        _name(user),
        text(user.get("tz"))[:LONGEST_NAME],
        text(user.get("locale"))[:LONGEST_NAME],
        is_bot=user.get("is_bot") is True or person == _SLACKBOT,
        is_guest=user.get("is_restricted") is True or user.get("is_ultra_restricted") is True,
        is_external=is_external,
        is_deactivated=user.get("deleted") is True,
        is_slack_admin=rules and not is_external,  # an admin of another organisation is none here
    )


def read_status(user: Body) -> StatusFact | None:
    """The status in a user object; None when the object tells of none, not even of an empty one."""
    profile = mapping(user.get("profile"))
    if "status_text" not in profile and "status_emoji" not in profile:
        return None
    ends_at = profile.get("status_expiration")
    return StatusFact(
        text(profile.get("status_emoji"))[:LONGEST_NAME],
        text(profile.get("status_text"))[:LONGEST_NAME],
        ends_at if isinstance(ends_at, int) and not isinstance(ends_at, bool) else 0,
    )


def read_channel(workspace: str, channel: Body) -> ChannelFact | None:
    """The channel in a conversation object; None without an id, and for direct conversations."""
    found = find_id(channel.get("id"))
    if found is None or channel.get("is_im") is True or channel.get("is_mpim") is True:
        return None
    return ChannelFact(
        workspace,
        found,
        _NOT_IN_A_NAME.sub("", text(channel.get("name")))[:LONGEST_NAME],
        is_private=channel.get("is_private") is True or channel.get("is_group") is True,
        # Shared with another organisation; being shared inside one's own does not count.
        is_shared=channel.get("is_ext_shared") is True,
        is_archived=channel.get("is_archived") is True,
    )


def team_of(user: Mapping[str, Any]) -> str | None:
    """The team that this person belongs to, if the object tells."""
    return find_id(user.get("team_id")) or find_id(mapping(user.get("profile")).get("team"))


def _name(user: Body) -> str:
    profile = mapping(user.get("profile"))
    names = (
        profile.get("display_name"),
        profile.get("real_name"),
        user.get("real_name"),
        user.get("name"),
    )
    return next((text(name).strip() for name in names if text(name).strip()), "")[:LONGEST_NAME]


def _is_external(home: str, user: Body) -> bool:
    """Slack Connect has no single flag: another team, unless it is of the same organisation."""
    if user.get("is_stranger") is True:
        return True
    team = team_of(user)
    teams = mapping(user.get("enterprise_user")).get("teams")
    return team is not None and team.startswith("T") and team != home and home not in (teams or ())
