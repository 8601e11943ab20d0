"""Menus and choices of a form within Slack's limits; each returns a whole input block with its label."""

# ruff: noqa: PLR0913 - the arguments are Slack's own fields, nearly all of them optional

from collections.abc import Sequence

from bot.blocks import kit_limits as limits
from bot.blocks.kit_fields import element, input_block
from bot.blocks.kit_limits import Block, counted, given, own, plain_text


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


def select(
    label: str,
    block_id: str,
    action_id: str,
    options: Sequence[Block] = (),
    groups: Sequence[Block] = (),
    *,
    initial: str | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A menu with one choice, of `options` or `groups`; `initial` is a value, ignored when not offered."""
    field = element(
        "static_select",
        action_id,
        placeholder,
        initial_option=_first(_chosen(_offered(options, groups), [initial])),
        **_choices(options, groups),
    )
    return input_block(label, block_id, field, optional, hint)


def multi_select(
    label: str,
    block_id: str,
    action_id: str,
    options: Sequence[Block] = (),
    groups: Sequence[Block] = (),
    *,
    initial: Sequence[str] = (),
    most: int | None = None,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """A menu with several choices, `most` at once; `initial` are values, ignored when not offered."""
    field = element(
        "multi_static_select",
        action_id,
        placeholder,
        initial_options=_chosen(_offered(options, groups), initial) or None,
        max_selected_items=most,
        **_choices(options, groups),
    )
    return input_block(label, block_id, field, optional, hint)


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
    field = element(
        "external_select", action_id, placeholder, initial_option=initial, min_query_length=min_query_length
    )
    return input_block(label, block_id, field, optional, hint)


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
    field = element(
        "radio_buttons",
        action_id,
        options=counted(options, limits.FEW_OPTIONS, "Options of radio buttons"),
        initial_option=_first(_chosen(options, [initial])),
    )
    return input_block(label, block_id, field, optional, hint)


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
    field = element(
        "checkboxes",
        action_id,
        options=counted(options, limits.FEW_OPTIONS, "Options of checkboxes"),
        initial_options=_chosen(options, initial) or None,
    )
    return input_block(label, block_id, field, optional, hint)


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
    field = element("users_select", action_id, placeholder, initial_user=initial or None)
    return input_block(label, block_id, field, optional, hint)


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
    field = element(
        "multi_users_select",
        action_id,
        placeholder,
        initial_users=list(initial) or None,
        max_selected_items=most,
    )
    return input_block(label, block_id, field, optional, hint)


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
    field = element("channels_select", action_id, placeholder, initial_channel=initial or None)
    return input_block(label, block_id, field, optional, hint)


def conversations_select(
    label: str,
    block_id: str,
    action_id: str,
    initial: str | None = None,
    *,
    include: Sequence[str] = ("public", "private"),
    default_to_current: bool = False,
    external: bool = True,
    optional: bool = False,
    hint: str | None = None,
    placeholder: str | None = None,
) -> Block:
    """One conversation of the kinds in `include`; `external=False` leaves channels shared with others out."""
    field = element(
        "conversations_select",
        action_id,
        placeholder,
        initial_conversation=initial or None,
        default_to_current_conversation=default_to_current or None,
        filter=given(include=list(include), exclude_external_shared_channels=None if external else True),
    )
    return input_block(label, block_id, field, optional, hint)


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
