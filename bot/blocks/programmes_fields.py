"""What the forms of `/learn programme` have in common."""

from collections.abc import Sequence

from bot.blocks import kit
from bot.ids import ModalId

SAVE, CANCEL = "Save", "Cancel"
SPONSOR, SPONSOR_HINT = "Sponsor", "The leader who stands behind it; sees the results."
NEEDED = "This must not be empty."


def text_field(
    label: str,
    block: str,
    initial: str,
    most: int,
    *,
    hint: str | None = None,
    lines: bool = False,
    optional: bool = False,
    example: str | None = None,
) -> kit.Block:
    """A field for words, of one line or several."""
    return kit.text_input(
        label,
        block,
        block,
        initial or None,
        multiline=lines,
        optional=optional,
        hint=hint,
        max_length=most,
        placeholder=example,
    )


def form_of(
    name: ModalId, title: str, blocks: Sequence[kit.Block], programme: int, submit: str, **kept: object
) -> kit.Modal:
    """A form about a programme; `kept` comes back with it."""
    metadata: dict[str, object] = {"programme": programme, **kept}
    return kit.Modal(name, title, blocks, submit=submit, close=CANCEL, private_metadata=metadata)
