"""A form of `/learn programme` as it was sent, with whom it names as Slack told us; and what is wrong in one."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.interactions import Submission
from bot.roster_files import RosterLine
from bot.rules.programmes import Asked

LONGEST_NUMBER = 16  # digits


@dataclass(frozen=True, slots=True)
class Wrong:
    """What is wrong in a form, by block."""

    by_block: dict[str, str]


@dataclass(frozen=True, slots=True)
class Sent:
    """A form of `/learn programme`, with what Slack told us about what it names."""

    workspace: str
    form: Submission
    group: tuple[str, ...] = ()  # who is in the user group that was chosen
    lines: tuple[RosterLine, ...] = ()  # of the list or file
    emails: Mapping[str, str] = field(default_factory=dict)

    @property
    def asked(self) -> Asked:
        """Who sent it, about which programme."""
        return Asked(self.workspace, self.form.person, number(self.form.metadata.get("programme")))

    @property
    def run(self) -> Asked:
        """Who sent it, about which run."""
        return Asked(self.workspace, self.form.person, number(self.form.metadata.get("run")))


def number(value: object) -> int:
    """What a form or button says, 0 for anything that is no number."""
    if isinstance(value, int):
        return value
    is_one = isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < LONGEST_NUMBER
    return int(str(value)) if is_one else 0
