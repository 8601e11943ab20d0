"""What a workspace is made of: people, conversations, messages, files and the app, as plain data."""

from dataclasses import dataclass, field
from typing import Any, Literal

Json = dict[str, Any]
Kind = Literal["channel", "private", "im", "mpim"]


@dataclass
class Person:
    """A member of the workspace, a guest, an external person of another workspace, or the app's own user."""

    id: str
    name: str
    real_name: str
    display_name: str = ""
    title: str = ""
    about: str = ""
    role: str = "learner"
    tz: str = "Europe/London"
    email: str = ""
    colour: str = "#4a7c59"
    manager: str | None = None
    status_text: str = ""
    status_emoji: str = ""
    status_expiration: int = 0
    is_admin: bool = False
    is_owner: bool = False
    is_guest: bool = False
    is_bot: bool = False
    team: str = ""
    deleted: bool = False
    updated: int = 0

    @property
    def initials(self) -> str:
        """One or two letters for the picture."""
        words = [word for word in self.real_name.split() if word[:1].isalpha()] or [self.name]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else "")).upper()


@dataclass
class File:
    """An uploaded file with its content; `channels` are the conversations it was shared in."""

    id: str
    name: str
    title: str
    mimetype: str
    filetype: str
    user: str
    content: bytes
    created: int
    duration_ms: int | None = None
    channels: dict[str, list[str]] = field(default_factory=dict)
    deleted: bool = False


@dataclass
class Message:
    """One message; `thread_ts` is set on replies, `subtype` as Slack names it."""

    channel: str
    ts: str
    user: str
    text: str
    blocks: list[Json] = field(default_factory=list)
    attachments: list[Json] = field(default_factory=list)
    files: list[str] = field(default_factory=list)
    thread_ts: str | None = None
    subtype: str | None = None
    edited: Json | None = None
    reactions: dict[str, list[str]] = field(default_factory=dict)
    metadata: Json | None = None
    client_msg_id: str | None = None
    by_app: bool = False
    ephemeral: bool = False
    state: Json = field(default_factory=dict)
    extras: Json = field(default_factory=dict)

    @property
    def is_reply(self) -> bool:
        """Whether it stands in a thread below another message."""
        return self.thread_ts is not None and self.thread_ts != self.ts


@dataclass
class Conversation:
    """A channel, a private channel or direct messages; messages are kept by ts, in rising order."""

    id: str
    kind: Kind
    name: str
    creator: str
    created: int
    members: list[str] = field(default_factory=list)
    topic: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    purpose: Json = field(default_factory=lambda: {"value": "", "creator": "", "last_set": 0})
    is_archived: bool = False
    is_shared: bool = False
    messages: dict[str, Message] = field(default_factory=dict)
    replies: dict[str, list[str]] = field(default_factory=dict)
    ephemerals: dict[str, dict[str, Message]] = field(default_factory=dict)
    pins: list[str] = field(default_factory=list)
    bookmarks: list[Json] = field(default_factory=list)
    read: dict[str, str] = field(default_factory=dict)
    last_micros: int = 0
    previous_names: list[str] = field(default_factory=list)
    invites_app: bool = False

    @property
    def is_direct(self) -> bool:
        """Whether it is a direct message, alone or in a group."""
        return self.kind in ("im", "mpim")


@dataclass
class App:
    """The app under trial, as its manifest describes it, and its credentials."""

    id: str
    name: str
    user: str
    bot_id: str
    bot_token: str
    app_token: str
    signing_secret: str
    client_id: str
    client_secret: str
    commands: list[Json]
    shortcuts: list[Json]
    scopes: list[str]
    events: frozenset[str] | None
    socket_mode: bool = True
    installed: bool = True
    installer: str = ""
    revoked: set[str] = field(default_factory=set)
