"""What we hear about people and spaces themselves, parsed at the door: nested payloads go in, frozen facts come out."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.payloads import Body, Unreadable, find_id, find_ts, mapping, slack_id, text, workspace_of
from bot.profiles import PersonFact, StatusFact, read_person, read_status

LONGEST_NAME = 255
MOST_FILES = 100
_DIRECT = re.compile(r"D[A-Z0-9]+")
EARLIEST = "0.000000"  # an event without its time says nothing about order, so any other is newer


@dataclass(frozen=True, slots=True)
class MembershipFact:
    """Somebody (perhaps the app) came into a space or left it; `inviter` is empty who came by themselves."""

    workspace: str
    channel: str
    person: str
    came: bool
    event_ts: str
    inviter: str | None = None
    team: str | None = None
    private: bool = False  # the space is known to be private

    @property
    def subjects(self) -> tuple[str, ...]:
        """The space."""
        return (f"{self.workspace}/space/{self.channel}",)

    @property
    def is_external(self) -> bool:
        """Whether this is somebody of another organisation."""
        return self.team is not None and self.team.startswith("T") and self.team != self.workspace


@dataclass(frozen=True, slots=True)
class AppRemoved:
    """The app was taken out of a space."""

    workspace: str
    channel: str
    event_ts: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The space."""
        return (f"{self.workspace}/space/{self.channel}",)


@dataclass(frozen=True, slots=True)
class SpaceChange:
    """One aspect of a space changed (`aspect`: name, archived, deleted, shared) and is `value` now."""

    workspace: str
    channel: str
    aspect: str
    value: str | bool
    event_ts: str
    private: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        """The space."""
        return (f"{self.workspace}/space/{self.channel}",)


@dataclass(frozen=True, slots=True)
class SpaceMoved:
    """Slack gave a channel another id, for good."""

    workspace: str
    old: str
    new: str
    event_ts: str = EARLIEST

    @property
    def subjects(self) -> tuple[str, ...]:
        """Both ids."""
        return (f"{self.workspace}/space/{self.old}", f"{self.workspace}/space/{self.new}")


@dataclass(frozen=True, slots=True)
class ProfileFact:
    """What Slack says about a person, as of an event."""

    workspace: str
    person: PersonFact
    event_ts: str
    status: StatusFact | None = None


@dataclass(frozen=True, slots=True)
class FileGone:
    """A file was deleted in Slack."""

    workspace: str
    file: str


@dataclass(frozen=True, slots=True)
class Uninstalled:
    """The workspace removed the app, or took its token away, at `at` (seconds of Slack's clock) if Slack says when."""

    workspace: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class HomeOpened:
    """Somebody looks at our Home tab, or at their messages with the app; `dm` is that conversation."""

    workspace: str
    person: str
    tab: str
    dm: str | None


def parse_membership(body: Body) -> MembershipFact:
    """member_joined_channel and member_left_channel; raises Unreadable."""
    event = mapping(body.get("event"))
    return MembershipFact(
        workspace_of(body),
        slack_id(event.get("channel")),
        slack_id(event.get("user")),
        event.get("type") == "member_joined_channel",
        _event_ts(event),
        find_id(event.get("inviter")),
        find_id(event.get("team")),
        event.get("channel_type") == "G",  # C for public, G for private
    )


def parse_removal(body: Body) -> AppRemoved:
    """channel_left and group_left; raises Unreadable."""
    event = mapping(body.get("event"))
    return AppRemoved(workspace_of(body), slack_id(event.get("channel")), _event_ts(event))


def parse_rename(body: Body) -> SpaceChange:
    """channel_rename and group_rename; raises Unreadable."""
    event = mapping(body.get("event"))
    channel = mapping(event.get("channel"))
    name = text(channel.get("name")).strip()[:LONGEST_NAME]
    if not name:
        raise Unreadable("name")
    return _change(body, channel.get("id"), "name", name)


def parse_archiving(body: Body) -> SpaceChange:
    """channel_archive, channel_unarchive and the same of a group; raises Unreadable."""
    event = mapping(body.get("event"))
    return _change(body, event.get("channel"), "archived", not text(event.get("type")).endswith("unarchive"))


def parse_deletion(body: Body) -> SpaceChange:
    """channel_deleted and group_deleted; raises Unreadable."""
    return _change(body, mapping(body.get("event")).get("channel"), "deleted", True)


def parse_sharing(body: Body) -> SpaceChange:
    """channel_shared and channel_unshared; raises Unreadable."""
    event = mapping(body.get("event"))
    # After one connection ends another may remain, and then the event says so.
    shared = event.get("type") == "channel_shared" or event.get("is_ext_shared") is True
    return _change(body, event.get("channel"), "shared", shared)


def parse_move(body: Body) -> SpaceMoved:
    """channel_id_changed; raises Unreadable."""
    event = mapping(body.get("event"))
    return SpaceMoved(
        workspace_of(body),
        slack_id(event.get("old_channel_id")),
        slack_id(event.get("new_channel_id")),
        _event_ts(event),
    )


def parse_profile(body: Body) -> ProfileFact:
    """team_join and user_change; raises Unreadable."""
    event = mapping(body.get("event"))
    workspace = workspace_of(body)
    person = read_person(workspace, mapping(event.get("user")))
    if person is None:
        raise Unreadable("user")
    return ProfileFact(workspace, person, _event_ts(event), read_status(mapping(event.get("user"))))


def parse_file_gone(body: Body) -> FileGone:
    """file_deleted; raises Unreadable."""
    return FileGone(workspace_of(body), slack_id(mapping(body.get("event")).get("file_id")))


def parse_uninstall(body: Body) -> Uninstalled | None:
    """app_uninstalled, or tokens_revoked when it is the app's own token; raises Unreadable."""
    event = mapping(body.get("event"))
    at = body.get("event_time")
    fact = Uninstalled(workspace_of(body), at if isinstance(at, int) else None)
    if event.get("type") != "tokens_revoked":
        return fact
    return fact if _names_any(mapping(event.get("tokens")), "bot") else None


def parse_home_opened(body: Body) -> HomeOpened:
    """app_home_opened; raises Unreadable."""
    event = mapping(body.get("event"))
    dm = find_id(event.get("channel"))
    return HomeOpened(
        workspace_of(body),
        slack_id(event.get("user")),
        "messages" if event.get("tab") == "messages" else "home",
        dm if dm is not None and _DIRECT.fullmatch(dm) else None,
    )


def _change(body: Body, channel: object, aspect: str, value: str | bool) -> SpaceChange:
    event = mapping(body.get("event"))
    private = text(event.get("type")).startswith("group_")
    return SpaceChange(workspace_of(body), slack_id(channel), aspect, value, _event_ts(event), private)


def _event_ts(event: Body) -> str:
    return find_ts(event.get("event_ts")) or EARLIEST


def _names_any(tokens: Mapping[str, Any], kind: str) -> bool:
    named = tokens.get(kind)
    return isinstance(named, list) and bool(named)
