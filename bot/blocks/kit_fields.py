"""What every input block has: an element with its action id, a label, perhaps a hint."""

from bot.blocks import kit_limits as limits
from bot.blocks.kit_limits import Block, given, identifier, own_text


def input_block(label: str, block_id: str, field: Block, optional: bool, hint: str | None) -> Block:
    """The block around an element; the label and the hint are our own words."""
    return given(
        type="input",
        block_id=identifier(block_id, "A block id"),
        label=own_text(label, limits.LABEL, "The label of an input"),
        element=field,
        optional=optional,
        hint=own_text(hint, limits.LABEL, "The hint of an input") if hint else None,
    )


def element(kind: str, action_id: str, placeholder: str | None = None, **values: object) -> Block:
    """The element itself, without the values that are None."""
    most = values.get("max_selected_items")
    if isinstance(most, int) and most < 1:
        raise ValueError("A menu must allow at least one choice.")
    name = identifier(action_id, "An action id")
    return given(type=kind, action_id=name, placeholder=shown_inside(placeholder), **values)


def shown_inside(text: str | None) -> Block | None:
    """The placeholder of an element, if any."""
    return own_text(text, limits.PLACEHOLDER, "A placeholder") if text else None
