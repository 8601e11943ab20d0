"""The journal on Home: how much is in it, a way to write and to read, and what others share; never a word of it."""

from bot.blocks import kit
from bot.ids import ActionId

TITLE = "My journal"
EMPTY = "Your own notebook: encrypted, and only you see it, unless you choose otherwise. Two lines a week are plenty."
ONE, SOME = "One entry. Only you see this number.", "{number} entries. Only you see this number."
UNREAD_ONE, UNREAD = (
    "A colleague shares an entry with you that you have not read.",
    "Colleagues share {number} entries with you that you have not read.",
)
WRITE, READ, SHARED = "Write", "My journal", "Shared with me"


def home(number: int, unread: int) -> list[kit.Block]:
    """The part of Home."""
    lines = [EMPTY if not number else ONE if number == 1 else SOME.format(number=number)]
    if unread:
        lines.append(UNREAD_ONE if unread == 1 else UNREAD.format(number=unread))
    buttons = [kit.button(WRITE, ActionId.WRITE_ENTRY)]
    buttons += [kit.button(READ, ActionId.OPEN_JOURNAL)] if number else []
    buttons += [kit.button(SHARED, ActionId.SHARED_WITH_ME)] if unread else []
    return [kit.header(TITLE), kit.section("\n".join(lines)), kit.actions("journal", *buttons)]
