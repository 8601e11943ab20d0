"""What a workspace may choose, with our defaults; only what differs from them is stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from typing import Any

from storage.contributions import Kind
from storage.session import Session
from storage.settings import read_settings


@dataclass(frozen=True, slots=True)
class Choices:
    """The workspace's settings; each field is one, its value here the default.

    A nomination lapses after a week: late enough for a holiday, early enough to be about something remembered.
    Clips: 1 to 3 minutes are asked for, and above 6 a kind word is said (interest in video drops sharply after
    6 minutes, Guo et al. 2014).
    """

    tags: dict[str, str] = field(
        default_factory=lambda: {
            "solution": Kind.SOLUTION.value,
            "insight": Kind.INSIGHT.value,
            "til": Kind.INSIGHT.value,
            "demo": Kind.DEMO.value,
        }
    )
    ask_tag: str = "ask"
    nominate_emoji: str = "bulb"
    yes_emoji: str = "white_check_mark"
    kept_emoji: str = "green_book"
    answer_emoji: str = "ballot_box_with_check"
    nomination_days: int = 7
    clip_minutes_to_post: int = 30
    long_clip_minutes: int = 6
    free_plan: bool = False  # Slack's free plan hides what is older than 90 days, and so do we

    @property
    def meaningful_emoji(self) -> frozenset[str]:
        """Emoji that may have consequences; all others are only remembered."""
        return frozenset((self.nominate_emoji, self.yes_emoji))

    @property
    def nomination_lapse(self) -> timedelta:
        """How long a nomination waits for its author's word."""
        return timedelta(days=self.nomination_days)


DEFAULTS = Choices()
RANGES = {"nomination_days": (1, 60), "clip_minutes_to_post": (5, 240), "long_clip_minutes": (1, 60)}
EMOJI = ("nominate_emoji", "yes_emoji", "kept_emoji", "answer_emoji")
_TAG = re.compile(r"[\w-]{1,40}")
_EMOJI = re.compile(r"[a-z0-9_+'-]{1,100}")


def is_tag(word: object) -> bool:
    """Whether this is one word as a tag may be: letters, digits and hyphens, in lower case."""
    return isinstance(word, str) and _TAG.fullmatch(word) is not None and word == word.lower()


def is_emoji(name: object) -> bool:
    """Whether this may be the name of an emoji, without its colons."""
    return isinstance(name, str) and _EMOJI.fullmatch(name) is not None


def _are_tags(value: object) -> bool:
    kinds = set(Kind)
    return (
        isinstance(value, dict)
        and bool(value)
        and all(is_tag(tag) and isinstance(kind, str) and kind in kinds for tag, kind in value.items())
    )


def _in_range(name: str) -> Callable[[object], bool]:
    least, most = RANGES[name]

    def check(value: object) -> bool:
        return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most

    return check


_VALID: dict[str, Callable[[object], bool]] = {
    "tags": _are_tags,
    "ask_tag": is_tag,
    **dict.fromkeys(EMOJI, is_emoji),
    **{name: _in_range(name) for name in RANGES},
    "free_plan": lambda value: isinstance(value, bool),
}
NAMES = tuple(choice.name for choice in fields(Choices))


def valid_choices(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the stored values that make sense; in place of the others our defaults hold."""
    return {name: stored[name] for name in NAMES if name in stored and _VALID[name](stored[name])}


def read_choices(session: Session, workspace: str) -> Choices:
    """What this workspace chose."""
    return Choices(**valid_choices(read_settings(session, workspace)))
