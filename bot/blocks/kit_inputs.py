"""Inputs of forms within Slack's limits; each helper returns a whole input block with its label."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, time

from bot.blocks import kit_limits as limits
from bot.blocks.escaping import clean
from bot.blocks.kit_limits import Block, counted, given, identifier, own, own_text, plain_text
from bot.blocks.shorten import shorten


def control(field: Block) -> Block:
    """The element of an input block alone, to stand beside a section or in a row of actions."""
    element: Block = field["element"]
    return element


def option(text: str, value: str, description: str | None = None, url: str | None = None) -> Block:
    """One choice; people's words through `plain`; `url` only in a "…" menu."""
    return given(
        text=plain_text(text, limits.OPTION),
        value=own(value, limits.OPTION_VALUE, "The value of an option"),
        description=plain_text(description, limits.OPTION) if description else None,
        url=own(url, limits.URL, "The address of an option") if url else None,
    )


def group(label: str, *options: Block) -> Block:
    """Choices under a common label."""
    return {
        "label": plain_text(label, limits.OPTION),
        "options": counted(options, limits.OPTIONS, "Options of a group"),
    }


def text_input(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
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
    element = given(
        type="plain_text_input",
        action_id=identifier(action_id, "An action id"),
        multiline=multiline,
        initial_value=shorten(clean(initial), max_length or limits.TYPED) if initial else None,
        min_length=min_length,
        max_length=max_length,
        placeholder=_placeholder(placeholder),
    )
    return _input(label, block_id, element, optional, hint)


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
    element = _element("url_text_input", action_id, placeholder, initial_value=initial or None)
    return _input(label, block_id, element, optional, hint)


def number(
    label: str,
    block_id: str,
    action_id: str,
    initial: float | None = None,
    least: float | None = None,
    most: float | None = None,
    decimals: bool = False,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A field for a number between `least` and `most`; the answer arrives as a string."""
    element = _element(
        "number_input",
        action_id,
        placeholder,
        is_decimal_allowed=decimals,
        initial_value=_digits(initial),
        min_value=_digits(least),
        max_value=_digits(most),
    )
    return _input(label, block_id, element, optional, hint)


def select(
    label: str,
    block_id: str,
    action_id: str,
    options: Sequence[Block] = (),
    groups: Sequence[Block] = (),
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A menu with one choice, of `options` or `groups`; `initial` is a value, ignored when not offered."""
    element = _element(
        "static_select",
        action_id,
        placeholder,
        initial_option=_first(_chosen(_offered(options, groups), [initial])),
        **_choices(options, groups),
    )
    return _input(label, block_id, element, optional, hint)


def multi_select(
    label: str,
    block_id: str,
    action_id: str,
    options: Sequence[Block] = (),
    groups: Sequence[Block] = (),
    initial: Sequence[str] = (),
    most: int | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A menu with several choices, `most` at once; `initial` are values, ignored when not offered."""
    element = _element(
        "multi_static_select",
        action_id,
        placeholder,
        initial_options=_chosen(_offered(options, groups), initial) or None,
        max_selected_items=most,
        **_choices(options, groups),
    )
    return _input(label, block_id, element, optional, hint)


def external_select(
    label: str,
    block_id: str,
    action_id: str,
    initial: Block | None = None,
    min_query_length: int | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A menu that asks us for its options while the person types; `initial` is an option."""
    element = _element(
        "external_select", action_id, placeholder, initial_option=initial, min_query_length=min_query_length
    )
    return _input(label, block_id, element, optional, hint)


def radio(
    label: str,
    block_id: str,
    action_id: str,
    options: Sequence[Block],
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
) -> Block:
    """Up to ten choices in sight, one of them taken."""
    element = _element(
        "radio_buttons",
        action_id,
        options=counted(options, limits.FEW_OPTIONS, "Options of radio buttons"),
        initial_option=_first(_chosen(options, [initial])),
    )
    return _input(label, block_id, element, optional, hint)


def checkboxes(
    label: str,
    block_id: str,
    action_id: str,
    options: Sequence[Block],
    initial: Sequence[str] = (),
    optional: bool = True,
    hint: str | None = None,
) -> Block:
    """Up to ten choices in sight, any of them taken; required means at least one."""
    element = _element(
        "checkboxes",
        action_id,
        options=counted(options, limits.FEW_OPTIONS, "Options of checkboxes"),
        initial_options=_chosen(options, initial) or None,
    )
    return _input(label, block_id, element, optional, hint)


def users_select(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """One person of the workspace."""
    element = _element("users_select", action_id, placeholder, initial_user=initial or None)
    return _input(label, block_id, element, optional, hint)


def multi_users(
    label: str,
    block_id: str,
    action_id: str,
    initial: Sequence[str] = (),
    most: int | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """Several people of the workspace, `most` at once."""
    element = _element(
        "multi_users_select",
        action_id,
        placeholder,
        initial_users=list(initial) or None,
        max_selected_items=most,
    )
    return _input(label, block_id, element, optional, hint)


def channels_select(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """One public channel."""
    element = _element("channels_select", action_id, placeholder, initial_channel=initial or None)
    return _input(label, block_id, element, optional, hint)


def conversations_select(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
    include: Sequence[str] = ("public", "private"),
    default_to_current: bool = False,
    external: bool = True,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """One conversation of the kinds in `include`; `external=False` leaves channels shared with others out."""
    element = _element(
        "conversations_select",
        action_id,
        placeholder,
        initial_conversation=initial or None,
        default_to_current_conversation=default_to_current or None,
        filter=given(include=list(include), exclude_external_shared_channels=None if external else True),
    )
    return _input(label, block_id, element, optional, hint)


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
    element = _element(
        "datepicker", action_id, placeholder, initial_date=f"{initial:%Y-%m-%d}" if initial else None
    )
    return _input(label, block_id, element, optional, hint)


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
    element = _element("timepicker", action_id, placeholder, initial_time=chosen)
    return _input(label, block_id, element, optional, hint)


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
    element = _element("datetimepicker", action_id, initial_date_time=chosen)
    return _input(label, block_id, element, optional, hint)


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
    element = _element("file_input", action_id, filetypes=list(filetypes) or None, max_files=max_files)
    return _input(label, block_id, element, optional, hint)


def _input(label: str, block_id: str, element: Block, optional: bool, hint: str | None) -> Block:
    return given(
        type="input",
        block_id=identifier(block_id, "A block id"),
        label=own_text(label, limits.LABEL, "The label of an input"),
        element=element,
        optional=optional,
        hint=own_text(hint, limits.LABEL, "The hint of an input") if hint else None,
    )


def _element(kind: str, action_id: str, placeholder: str | None = None, **values: object) -> Block:
    most = values.get("max_selected_items")
    if isinstance(most, int) and most < 1:
        raise ValueError("A menu must allow at least one choice.")
    name = identifier(action_id, "An action id")
    return given(type=kind, action_id=name, placeholder=_placeholder(placeholder), **values)


def _placeholder(text: str | None) -> Block | None:
    return own_text(text, limits.PLACEHOLDER, "A placeholder") if text else None


def _choices(options: Sequence[Block], groups: Sequence[Block]) -> Block:
    if bool(options) == bool(groups):
        raise ValueError("A menu needs either options or groups.")
    if groups:
        return {"option_groups": counted(groups, limits.OPTION_GROUPS, "Groups of a menu")}
    return {"options": counted(options, limits.OPTIONS, "Options of a menu")}


def _offered(options: Sequence[Block], groups: Sequence[Block]) -> list[Block]:
    return [*options, *(choice for each in groups for choice in each["options"])]


def _chosen(options: Sequence[Block], values: Sequence[str | None]) -> list[Block]:
    return [choice for choice in options if choice["value"] in values]


def _first(options: list[Block]) -> Block | None:
    return options[0] if options else None


def _digits(value: float | None) -> str | None:
    return None if value is None else f"{value:g}"
