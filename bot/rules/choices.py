"""What a workspace may choose, with our defaults; only what differs from them is stored."""

from dataclasses import dataclass, field, fields
from datetime import timedelta

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


def read_choices(session: Session, workspace: str) -> Choices:
    """What this workspace chose."""
    known = {choice.name for choice in fields(Choices)}
    stored = read_settings(session, workspace)
    return Choices(**{key: value for key, value in stored.items() if key in known})
