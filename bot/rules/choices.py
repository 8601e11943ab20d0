"""What a workspace may choose, with our defaults; only what differs from them is stored."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from itertools import pairwise
from typing import Any

from bot.rules.holidays import is_country
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

    # Messages that the app starts. Users of other tools left over 62 notices in a week.
    learner_week: int = 3
    learner_day: int = 1
    duty_week: int = 5  # of anyone with a role
    duty_day: int = 2
    noted_request: int = 3  # from this request of a day on they are lines of the morning note
    learner_note: str = "weekly"
    duty_note: str = "daily"
    note_weekday: int = 0  # of weekly notes; Monday is 0

    # After a programme. Expanding gaps keep recall high on the way to a year (Cepeda et al. 2008, Kang 2014).
    check_in_days: list[int] = field(default_factory=lambda: [2, 7, 16, 35, 70, 182, 365])
    check_in_gap: int = 3  # working days between two, at least
    same_day_reminder: int = 4  # hours after a check-in
    later_reminder: int = 2  # working days after it
    goal_days: int = 7  # before a programme starts
    plan_weeks: int = 12
    item_days: int = 30  # after its due date an item closes
    talk_asked_day: int = 21
    talk_day: int = 35
    circle_size: int = 3  # circles of three are at least as good as larger groups (Luo 2023)
    circle_most: int = 5
    circle_weeks: int = 8

    # Who works when.
    working_days: list[int] = field(default_factory=lambda: [0, 1, 2, 3, 4])  # Monday is 0
    country: str = ""  # whose holidays; empty: each person's time zone says
    leave_emoji: list[str] = field(
        default_factory=lambda: ["palm_tree", "beach_with_umbrella", "desert_island", "face_with_thermometer"]
    )
    leave_words: list[str] = field(
        default_factory=lambda: [
            "on vacation",
            "vacationing",
            "on holiday",
            "annual leave",
            "parental leave",
            "maternity leave",
            "paternity leave",
            "sick leave",
            "on leave",
            "out sick",
            "out of office",
            "ooo",
            "day off",
        ]
    )

    @property
    def meaningful_emoji(self) -> frozenset[str]:
        """Emoji that may have consequences; all others are only remembered."""
        return frozenset((self.nominate_emoji, self.yes_emoji))

    @property
    def nomination_lapse(self) -> timedelta:
        """How long a nomination waits for its author's word."""
        return timedelta(days=self.nomination_days)


DEFAULTS = Choices()
# The settings by subject, one page of the form each.
PAGES: dict[str, tuple[str, ...]] = {
    "words": (
        "tags",
        "ask_tag",
        "nominate_emoji",
        "yes_emoji",
        "kept_emoji",
        "answer_emoji",
        "nomination_days",
        "clip_minutes_to_post",
        "long_clip_minutes",
        "free_plan",
    ),
    "attention": (
        "learner_day",
        "learner_week",
        "duty_day",
        "duty_week",
        "noted_request",
        "learner_note",
        "duty_note",
        "note_weekday",
    ),
    "programmes": (
        "goal_days",
        "check_in_days",
        "check_in_gap",
        "same_day_reminder",
        "later_reminder",
        "plan_weeks",
        "item_days",
        "talk_asked_day",
        "talk_day",
        "circle_size",
        "circle_most",
        "circle_weeks",
    ),
    "time": ("working_days", "country", "leave_emoji", "leave_words"),
}
RANGES = {
    "nomination_days": (1, 60),
    "clip_minutes_to_post": (5, 240),
    "long_clip_minutes": (1, 60),
    "learner_day": (1, 10),
    "learner_week": (1, 30),
    "duty_day": (1, 10),
    "duty_week": (1, 30),
    "noted_request": (2, 20),
    "goal_days": (1, 60),
    "check_in_gap": (1, 10),
    "same_day_reminder": (1, 12),
    "later_reminder": (1, 20),
    "plan_weeks": (1, 52),
    "item_days": (1, 365),
    "talk_asked_day": (1, 180),
    "talk_day": (2, 365),
    "circle_size": (2, 8),
    "circle_most": (2, 8),  # as many as Slack lets into a group conversation beside the app
    "circle_weeks": (4, 12),  # there is a question for each
}
EMOJI = ("nominate_emoji", "yes_emoji", "kept_emoji", "answer_emoji")
RHYTHMS = ("daily", "weekly", "never")
WEEKDAYS = tuple(range(7))
LAST_CHECK_IN, MOST_CHECK_INS = 1000, 20  # days after the end; how many
MOST_WORDS, LONGEST_WORD = 100, 80
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


def are_check_in_days(value: object) -> bool:
    """Whether these can be the days of check-ins: whole numbers that rise."""
    return (
        isinstance(value, list)
        and 0 < len(value) <= MOST_CHECK_INS
        and all(_is_number(day) and 0 < day <= LAST_CHECK_IN for day in value)
        and all(before < after for before, after in pairwise(value))
    )


def are_weekdays(value: object) -> bool:
    """Whether this is a working week: some weekdays in order, Monday is 0."""
    return (
        isinstance(value, list)
        and bool(value)
        and all(_is_number(day) and day in WEEKDAYS for day in value)
        and value == sorted(set(value))
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _are_words(value: object) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= MOST_WORDS
        and all(isinstance(word, str) and 0 < len(word) <= LONGEST_WORD for word in value)
    )


def _are_emoji(value: object) -> bool:
    return _are_words(value) and isinstance(value, list) and all(is_emoji(name) for name in value)


def _is_rhythm(value: object) -> bool:
    return isinstance(value, str) and value in RHYTHMS


def _is_country(value: object) -> bool:
    return isinstance(value, str) and (not value or is_country(value))


_VALID: dict[str, Callable[[object], bool]] = {
    "tags": _are_tags,
    "ask_tag": is_tag,
    **dict.fromkeys(EMOJI, is_emoji),
    **{name: _in_range(name) for name in RANGES},
    "free_plan": lambda value: isinstance(value, bool),
    "learner_note": _is_rhythm,
    "duty_note": _is_rhythm,
    "note_weekday": lambda value: _is_number(value) and value in WEEKDAYS,
    "check_in_days": are_check_in_days,
    "working_days": are_weekdays,
    "country": _is_country,
    "leave_emoji": _are_emoji,
    "leave_words": _are_words,
}
NAMES = tuple(choice.name for choice in fields(Choices))


def valid_choices(stored: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the stored values that make sense; in place of the others our defaults hold."""
    return {name: stored[name] for name in NAMES if name in stored and _VALID[name](stored[name])}


def read_choices(session: Session, workspace: str) -> Choices:
    """What this workspace chose."""
    return Choices(**valid_choices(read_settings(session, workspace)))
