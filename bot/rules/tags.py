"""Which tag a text carries: a word such as #solution, first or last of what the person wrote themselves."""

import re
from collections.abc import Iterable

# Slack turns "#solution" into a channel link when a channel of that name exists.
_TAG = re.compile(r"(?:#|<#[A-Z0-9]+\|#?)([\w-]+)>?[.,:;!?]*")
_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]+`", re.DOTALL)
_QUOTE = re.compile(r"^(?:&gt;|>).*$", re.MULTILINE)
_QUOTE_TO_THE_END = re.compile(r"^(?:&gt;|>){3}.*", re.MULTILINE | re.DOTALL)
_SOMETHING = "\u0001"  # stands where code was, so that a tag beside it is still the first or last word


def find_tag(text: str, tags: Iterable[str]) -> str | None:
    """The tag of `tags` (lower case, no #) that is first or last word of `text`, outside code and quotes."""
    if "#" not in text:
        return None
    own = _QUOTE.sub("", _QUOTE_TO_THE_END.sub("", _CODE.sub(_SOMETHING, text)))
    words = own.split()
    wanted = set(tags)
    for word in words[:1] + words[-1:]:
        match = _TAG.fullmatch(word)
        if match and match[1].lower() in wanted:
            return match[1].lower()
    return None


def is_bare(text: str) -> bool:
    """Whether there is nothing beside one word: a tag alone says nothing yet."""
    return len(text.split(None, 1)) < 2  # noqa: PLR2004  a first word, and whatever follows it
