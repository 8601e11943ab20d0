"""Plain words without the signs that Slack turns into bold, italics, strikes and code."""

import re

_FENCE = re.compile("```")
# A sign right before a word and the same right after one; "2 * 3 * 4", snake_case and **kwargs stay as they are.
_PAIRS = tuple(
    re.compile(rf"(?<![\w{sign}]){sign}(?=[^\s{sign}])([^{sign}\n]*[^\s{sign}\n]){sign}(?![\w{sign}])")
    for sign in (r"\*", "_", "~", "`")
)


def unmarked(plain: str) -> str:
    """The text of `plain` as somebody would read it aloud, for titles and excerpts."""
    text = _FENCE.sub("", plain)
    for _ in range(2):  # *_both_*: the inner pair shows when the outer one is gone
        for pair in _PAIRS:
            text = pair.sub(r"\1", text)
    return text
