"""What all pages of `/learn programme` have in common."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.ids import ModalId

PAGE = "programmes"  # comes back with a press on any of these pages
OPEN, BACK, EDIT = "Open", "Back to all", "Edit"


def counted(number: int, none: str, one: str, many: str) -> str:
    """A number in words that fit it."""
    return (none, one)[number] if number < 2 else many.format(number=number)  # noqa: PLR2004


def notice(text: str) -> list[kit.Block]:
    """What was just done, or what stands against it, above a page."""
    return [kit.section(f":bulb: {text}"), kit.divider()] if text else []


def view(title: str, blocks: Sequence[kit.Block], what: str, shown: int) -> kit.Modal:
    """A page about one thing; `shown` is its id."""
    kept: dict[str, object] = {"page": PAGE, "what": what, "id": shown}
    return kit.Modal(ModalId.PROGRAMMES, title, blocks, close="Close", private_metadata=kept)
