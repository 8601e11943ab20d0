"""What is said and done in spaces and to the app, as frozen facts: what an event tells, whoever tells it."""

from dataclasses import dataclass, field
from enum import StrEnum


class Source(StrEnum):
    """Where a fact came from; only what is live may start a letter."""

    LIVE = "live"
    CAUGHT_UP = "caught_up"  # missed while we were down
    READ_BACK = "read_back"  # older than our coming, read because somebody asked
    IMPORTED = "imported"


@dataclass(frozen=True, slots=True)
class FileFact:
    """A file of a message; `duration_ms` is the length of a clip, when Slack tells it."""

    id: str
    name: str
    mimetype: str
    size: int
    duration_ms: int | None

    @property
    def is_clip(self) -> bool:
        """Whether this is a video."""
        return self.mimetype.startswith("video/")


@dataclass(frozen=True, slots=True)
class MessageFact:
    """A post, its edit or its deletion in a space: the same fact in three degrees of knowledge."""

    workspace: str
    channel: str
    ts: str
    thread_ts: str | None = None
    author: str | None = None
    by_bot: bool = False
    external: bool = False
    private: bool = False
    text: str = ""
    version: str = ""
    deleted: bool = False
    files: tuple[FileFact, ...] = ()
    letter_key: str | None = None
    source: Source = Source.LIVE

    @property
    def place(self) -> tuple[str, str]:
        """Channel and ts."""
        return self.channel, self.ts

    @property
    def subjects(self) -> tuple[str, ...]:
        """What settling this fact may touch: the message and its thread."""
        root = self.thread_ts or self.ts
        return (f"{self.workspace}/{self.channel}/{self.ts}", f"{self.workspace}/{self.channel}/{root}")


@dataclass(frozen=True, slots=True)
class DirectMessage:
    """Something a person wrote to the app. Its text is for this moment only, or for their journal."""

    workspace: str
    channel: str
    ts: str
    person: str
    thread_ts: str | None
    text: str = field(repr=False)
    files: tuple[FileFact, ...] = ()

    @property
    def place(self) -> tuple[str, str]:
        """Channel and ts."""
        return self.channel, self.ts

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message, what it replies to, and what is written in this conversation."""
        here, root = f"{self.workspace}/{self.channel}", self.thread_ts or self.ts
        return (f"{here}/{self.ts}", f"{here}/{root}", f"{self.workspace}/journal/{self.channel}")


@dataclass(frozen=True, slots=True)
class DirectChange:
    """A person edited or deleted what they wrote to the app; `version` orders the edits of a message."""

    workspace: str
    channel: str
    ts: str
    person: str | None
    deleted: bool
    version: str = ""
    text: str = field(default="", repr=False)
    files: tuple[FileFact, ...] = ()

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message, and what is written in this conversation."""
        return (f"{self.workspace}/{self.channel}/{self.ts}", f"{self.workspace}/journal/{self.channel}")


@dataclass(frozen=True, slots=True)
class LetterHeard:
    """Slack delivered our own letter back to us: proof that it was posted."""

    workspace: str
    channel: str
    ts: str
    key: str

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message that the letter became."""
        return (f"{self.workspace}/{self.channel}/{self.ts}",)


@dataclass(frozen=True, slots=True)
class ReactionFact:
    """A person put an emoji on a message or took it away; skin tones are ignored."""

    workspace: str
    channel: str
    ts: str
    person: str
    emoji: str
    standing: bool
    event_ts: str
    source: Source = Source.LIVE

    @property
    def place(self) -> tuple[str, str]:
        """Channel and ts of the message."""
        return self.channel, self.ts

    @property
    def subjects(self) -> tuple[str, ...]:
        """The message."""
        return (f"{self.workspace}/{self.channel}/{self.ts}",)
