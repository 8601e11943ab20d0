import pytest

from bot.rules.choices import DEFAULTS
from bot.rules.tags import find_tag, is_bare


@pytest.mark.parametrize(
    ("text", "tag"),
    [
        ("#solution use rebase", "solution"),
        ("use rebase #solution", "solution"),
        ("#Solution use rebase", "solution"),
        ("use rebase #TIL!", "til"),
        ("<#C1|solution> use rebase", "solution"),
        ("use rebase <#C0ABC|insight>.", "insight"),
        ("#demo", "demo"),
        ("\n  #demo\n", "demo"),
        ("#solution `git rebase`", "solution"),
        ("`git rebase` #solution", "solution"),
        ("> said before\n#solution mine", "solution"),
        ("&gt; said before\nmine #insight", "insight"),
        ("use the #solution we found", None),
        ("`#solution` is the tag", None),
        ("```\n#solution\n```", None),
        ("the tag is `#solution`", None),
        ("&gt; #solution somebody else's", None),
        ("&gt;&gt;&gt; a long quote\nends with #solution", None),
        ("#solutions are many", None),
        ("solution", None),
        ("#", None),
        ("", None),
        ("mail#solution", None),
    ],
)
def test_a_tag_counts_as_first_or_last_own_word(text: str, tag: str | None) -> None:
    """A tag is the first or last word that the person wrote, outside code and quotes, in any case."""
    assert find_tag(text, DEFAULTS.tags) == tag


@pytest.mark.parametrize(
    ("text", "bare"), [("#solution", True), (" #ask ", True), ("", True), ("#til salt", False)]
)
def test_a_tag_alone_says_nothing_yet(text: str, bare: bool) -> None:
    """Who sends only "#solution" by mistake has given nothing to keep."""
    assert is_bare(text) is bare
