"""Everything a blocks module needs to build what people see: messages, forms, Home, their parts."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from bot.blocks import kit_limits as limits
from bot.blocks.escaping import escape
from bot.blocks.kit_blocks import (
    actions,
    button,
    confirm,
    context,
    divider,
    file_image,
    header,
    image,
    image_element,
    overflow,
    section,
    started_footer,
)
from bot.blocks.kit_inputs import (
    control,
    date_picker,
    datetime_picker,
    file_input,
    number,
    text_input,
    time_picker,
    url_input,
)
from bot.blocks.kit_limits import Block, all_different, identifier, own, own_text
from bot.blocks.kit_menus import (
    channels_select,
    checkboxes,
    conversations_select,
    external_select,
    group,
    multi_select,
    multi_users,
    option,
    radio,
    select,
    users_select,
)
from bot.blocks.links import date_token, link, local_day, mention, permalink
from bot.blocks.said import first_line, hush, plain, quote, said, shorten

__all__ = [
    "Block",
    "Home",
    "Message",
    "Modal",
    "actions",
    "button",
    "channels_select",
    "checkboxes",
    "confirm",
    "context",
    "control",
    "conversations_select",
    "date_picker",
    "date_token",
    "datetime_picker",
    "divider",
    "escape",
    "external_select",
    "file_image",
    "file_input",
    "first_line",
    "group",
    "header",
    "image",
    "image_element",
    "link",
    "local_day",
    "mention",
    "multi_select",
    "multi_users",
    "number",
    "option",
    "overflow",
    "permalink",
    "plain",
    "quote",
    "radio",
    "said",
    "section",
    "select",
    "shorten",
    "started_footer",
    "text_input",
    "time_picker",
    "url_input",
    "users_select",
]


@dataclass(frozen=True, slots=True)
class Message:
    """A finished message; `text` is mrkdwn too: what notifications, screen readers and search show."""

    text: str
    blocks: Sequence[Block] = ()

    def __post_init__(self) -> None:
        """Raise ValueError for what Slack would refuse."""
        if not self.text.strip():
            raise ValueError("A message needs a text: notifications and screen readers read it.")
        _check_blocks(self.blocks, limits.MESSAGE_BLOCKS, "A message")
        if any(element["type"] == "file_input" for element in _inputs(self.blocks)):
            raise ValueError("Files can be asked for in a form only.")

    def payload(self) -> dict[str, object]:
        """The arguments of chat.postMessage, without the channel."""
        return {
            "text": shorten(hush(self.text), limits.MESSAGE_TEXT),
            "blocks": list(self.blocks),
            "unfurl_links": False,
            "unfurl_media": False,
        }


@dataclass(frozen=True, slots=True)
class Modal:
    """A form; `private_metadata` comes back with the answer (never trust it for rights)."""

    id: str
    title: str
    blocks: Sequence[Block]
    submit: str | None = None
    close: str | None = None
    private_metadata: Mapping[str, object] | None = None
    notify_on_close: bool = False

    def __post_init__(self) -> None:
        """Raise ValueError for what Slack would refuse."""
        _check_blocks(self.blocks, limits.VIEW_BLOCKS, "A form")
        if not self.blocks:
            raise ValueError("A form needs a block.")
        if self.submit is None and any(True for _ in _inputs(self.blocks)):
            raise ValueError("A form with inputs needs a button to submit it.")
        _check_size(self.view())

    def view(self) -> dict[str, object]:
        """The view for views.open, views.push and views.update."""
        return limits.given(
            type="modal",
            callback_id=identifier(self.id, "The id of a form"),
            title=own_text(self.title, limits.VIEW_TITLE, "The title of a form"),
            submit=_short_word(self.submit, "The submit button of a form"),
            close=_short_word(self.close, "The close button of a form"),
            private_metadata=_as_metadata(self.private_metadata),
            notify_on_close=self.notify_on_close,
            blocks=list(self.blocks),
        )


@dataclass(frozen=True, slots=True)
class Home:
    """The Home tab of one person."""

    blocks: Sequence[Block]

    def __post_init__(self) -> None:
        """Raise ValueError for what Slack would refuse."""
        _check_blocks(self.blocks, limits.VIEW_BLOCKS, "The Home tab")
        if not self.blocks:
            raise ValueError("The Home tab needs a block.")
        _check_size(self.view())

    def view(self) -> dict[str, object]:
        """The view for views.publish."""
        return {"type": "home", "blocks": list(self.blocks)}


def _check_blocks(blocks: Sequence[Block], most: int, what: str) -> None:
    if len(blocks) > most:
        raise ValueError(f"{what} has {len(blocks)} blocks, Slack allows {most}.")
    all_different((block["block_id"] for block in blocks if "block_id" in block), "The block id")


def _inputs(blocks: Sequence[Block]) -> Iterable[Block]:
    return (block["element"] for block in blocks if block["type"] == "input")


def _check_size(view: dict[str, object]) -> None:
    size = len(json.dumps(view).encode())
    if size > limits.VIEW_BYTES:
        raise ValueError(f"This view has {size} bytes, Slack allows {limits.VIEW_BYTES}.")


def _short_word(text: str | None, what: str) -> Block | None:
    return None if text is None else own_text(text, limits.VIEW_TITLE, what)


def _as_metadata(values: Mapping[str, object] | None) -> str | None:
    if values is None:
        return None
    text = json.dumps(dict(values), separators=(",", ":"), ensure_ascii=False)
    return own(text, limits.PRIVATE_METADATA, "What a form remembers")
