"""What `/learn` says when it does not know a word."""

from bot.blocks import kit

UNKNOWN = "I don't know `/learn {word}`. "
NEAREST = "Did you mean `/learn {near}`?"
HELP = "`/learn help` shows everything I can do."


def unknown(word: str, near: str | None) -> kit.Message:
    """A word that we do not know, with the nearest one that we do."""
    hint = NEAREST.format(near=near) if near else HELP
    text = UNKNOWN.format(word=kit.escape(kit.shorten(word, 40).replace("`", "'"))) + hint
    return kit.Message(text, [kit.section(text)])
