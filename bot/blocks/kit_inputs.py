"""Fields of a form within Slack's limits; each helper returns a whole input block with its label."""

# ruff: noqa: PLR0913 - the arguments are Slack's own fields, nearly all of them optional

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.blocks import kit_limits as limits
from bot.blocks.escaping import clean
from bot.blocks.kit_fields import element, input_block, shown_inside
from bot.blocks.kit_limits import Block, given, identifier
from bot.blocks.shorten import shorten


def control(block: Block) -> Block:
    """The element of an input block alone, to stand beside a section or in a row of actions."""
    field: Block = block["element"]
    return field


def text_input(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
    *,
    multiline: bool = False,
    optional: bool = False,
    hint: str | None = None,
    max_length: int | None = None,
    placeholder: str | None = None,
    min_length: int | None = None,
) -> Block:
    """A field to type into; `initial` is plain text and is shortened to `max_length`."""
    if not 0 <= (min_length or 0) <= (max_length or limits.TYPED) <= limits.TYPED or max_length == 0:
        raise ValueError(f"A text of {min_length} to {max_length} characters cannot be asked for.")
    field = given(
        type="plain_text_input",
        action_id=identifier(action_id, "An action id"),
        multiline=multiline,
        initial_value=shorten(clean(initial), max_length or limits.TYPED) if initial else None,
        min_length=min_length,
        max_length=max_length,
        placeholder=shown_inside(placeholder),
    )
    return input_block(label, block_id, field, optional, hint)


def url_input(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A field for a web address."""
    field = element("url_text_input", action_id, placeholder, initial_value=initial or None)
    return input_block(label, block_id, field, optional, hint)


def number(
    label: str,
    block_id: str,
    action_id: str,
    initial: float | None = None,
    *,
    least: float | None = None,
    most: float | None = None,
    decimals: bool = False,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A field for a number between `least` and `most`; the answer arrives as a string."""
    field = element(
        "number_input",
        action_id,
        placeholder,
        is_decimal_allowed=decimals,
        initial_value=_digits(initial),
        min_value=_digits(least),
        max_value=_digits(most),
    )
    return input_block(label, block_id, field, optional, hint)


def date_picker(
    label: str,
    block_id: str,
    action_id: str,
    initial: date | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A day, without a zone: read it in the person's own."""
    field = element(
        "datepicker", action_id, placeholder, initial_date=f"{initial:%Y-%m-%d}" if initial else None
    )
    return input_block(label, block_id, field, optional, hint)


def time_picker(
    label: str,
    block_id: str,
    action_id: str,
    initial: time | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A time of day, without a zone: read it in the person's own."""
    chosen = None if initial is None else f"{initial:%H:%M}"
    field = element("timepicker", action_id, placeholder, initial_time=chosen)
    return input_block(label, block_id, field, optional, hint)


def datetime_picker(
    label: str,
    block_id: str,
    action_id: str,
    initial: datetime | None = None,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """An instant; Slack shows it in the person's zone. Raises ValueError for a naive `initial`."""
    if initial is not None and initial.tzinfo is None:
        raise ValueError("An instant needs its time zone.")
    chosen = int(initial.astimezone(UTC).timestamp()) if initial else None
    field = element("datetimepicker", action_id, initial_date_time=chosen)
    return input_block(label, block_id, field, optional, hint)


def file_input(
    label: str,
    block_id: str,
    action_id: str,
    filetypes: Sequence[str] = (),
    max_files: int = limits.FILES,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """Up to ten files of 10 MB; `filetypes` is only a hint to the person, check what arrives."""
    if not 1 <= max_files <= limits.FILES:
        raise ValueError(f"{max_files} files cannot be asked for, Slack allows 1 to {limits.FILES}.")
    field = element("file_input", action_id, filetypes=list(filetypes) or None, max_files=max_files)
    return input_block(label, block_id, field, optional, hint)


def _digits(value: float | None) -> str | None:
    if value is None:
        return None
    return str(int(value)) if value == int(value) else str(value)
