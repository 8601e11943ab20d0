"""What a search says when it cannot be read: what was wrong, and what to type instead."""

from dataclasses import dataclass, replace
from enum import StrEnum

from bot.blocks.shorten import shorten

KINDS = {
    "solution": "Solution",
    "insight": "Insight",
    "demo": "Demo",
    "question": "Question",
    "discussion": "Discussion",
}
FILTERS = ("in", "by", "kind", "subject", "since")

FILTER_UNKNOWN = (
    "I don't know the filter “{key}:”. You can use in:, by:, kind:, subject: and since:. To look for it as words, "
    "put it in quotes: “{value}”."
)
DID_YOU_MEAN = " Did you mean {near}?"
NO_VALUE = {
    "in": "After in: I need a space, for example in:#general.",
    "by": "After by: I need a person, for example by:@asha.",
    "kind": "After kind: I need one of solution, insight, demo, question or discussion.",
    "subject": "After subject: I need a subject, for example subject:git.",
    "since": "After since: I need a date, for example since:2026-01 or since:30d.",
}
SPACE = "I don't find a space called {value} that you can open. Type its name as in in:#general."
PERSON = "I don't know anybody called {value}. Type the name as in by:@asha."
PEOPLE = '{value} could be several people: {near}. Type the whole name, in quotes: by:"{first}".'
KIND = "{value} is no kind that I know. Use kind:solution, insight, demo, question or discussion."
SINCE = (
    "I can't read {value} as a date. Type since:2026-01, since:2026-01-15, or since:30d for the last 30 days."
)
FUTURE = "{value} is still to come. Type a day in the past, for example since:30d for the last 30 days."
NO_LETTERS = "I can only look for words with letters or digits. Type one of those, or only filters."

_SHOWN_VALUE = 60


class Trouble(StrEnum):
    """What can be unclear about a search."""

    FILTER = "filter"
    EMPTY = "empty"
    SPACE = "space"
    PERSON = "person"
    PEOPLE = "people"
    KIND = "kind"
    SINCE = "since"
    FUTURE = "future"
    NO_LETTERS = "no letters"


@dataclass(frozen=True, slots=True)
class Unclear:
    """A search that cannot be read: what about, the value as typed, and what may have been meant."""

    trouble: Trouble
    value: str = ""
    near: tuple[str, ...] = ()
    typed: str = ""

    def having(self, typed: str) -> "Unclear":
        """The same with everything that was typed, ready to be corrected."""
        return replace(self, typed=typed)


_SENTENCES = {
    Trouble.FILTER: FILTER_UNKNOWN,
    Trouble.SPACE: SPACE,
    Trouble.PERSON: PERSON,
    Trouble.PEOPLE: PEOPLE,
    Trouble.KIND: KIND,
    Trouble.SINCE: SINCE,
    Trouble.FUTURE: FUTURE,
    Trouble.NO_LETTERS: NO_LETTERS,
}
_MEANT = {Trouble.FILTER: "{near}:", Trouble.SPACE: "in:#{near}", Trouble.PERSON: 'by:"{near}"'}


def sentence(unclear: Unclear) -> str:
    """What is wrong and what to type instead, as plain words."""
    if unclear.trouble is Trouble.EMPTY:
        return NO_VALUE[unclear.value]
    value = shorten(unclear.value, _SHOWN_VALUE)
    text = _SENTENCES[unclear.trouble].format(
        value=value, key=value.partition(":")[0], near=", ".join(unclear.near), first=(*unclear.near, "")[0]
    )
    meant = _MEANT.get(unclear.trouble)
    if meant and unclear.near:
        text += DID_YOU_MEAN.format(near=meant.format(near=unclear.near[0]))
    return text
