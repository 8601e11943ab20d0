"""Blocks that show something, and the buttons on them, within Slack's limits."""

from collections.abc import Sequence

from bot.blocks import kit_limits as limits
from bot.blocks.kit_limits import (
    Block,
    all_different,
    counted,
    given,
    identifier,
    mrkdwn,
    own,
    own_text,
    plain_text,
)

BECAUSE = "You get this because {why}."
STOP = "Stop these"


def section(
    text: str,
    accessory: Block | None = None,
    fields: Sequence[str] | None = None,
    block_id: str | None = None,
) -> Block:
    """A paragraph of our mrkdwn (people's words through `said`), an element beside it or fields below."""
    columns = None
    if fields:
        columns = [
            mrkdwn(field, limits.FIELD) for field in counted(fields, limits.FIELDS, "Fields of a section")
        ]
    return given(
        type="section",
        block_id=_block_id(block_id),
        text=mrkdwn(text) if text.strip() or not columns else None,
        fields=columns,
        accessory=accessory,
    )


def header(text: str, block_id: str | None = None) -> Block:
    """A large heading of plain words."""
    return given(type="header", block_id=_block_id(block_id), text=plain_text(text, limits.HEADER))


def context(*texts: str | Block, block_id: str | None = None) -> Block:
    """Small grey mrkdwn texts, and `image` elements, side by side."""
    elements = [mrkdwn(text) if isinstance(text, str) else text for text in texts]
    shown = counted(elements, limits.CONTEXT_ELEMENTS, "Elements of a context")
    return given(type="context", block_id=_block_id(block_id), elements=shown)


def divider(block_id: str | None = None) -> Block:
    """A thin line."""
    return given(type="divider", block_id=_block_id(block_id))


def image(url: str, alt_text: str, title: str | None = None, block_id: str | None = None) -> Block:
    """A picture from an https address; `alt_text` says in words what it shows."""
    return _image(own(url, limits.URL, "The address of a picture"), None, alt_text, title, block_id)


def file_image(file_id: str, alt_text: str, title: str | None = None, block_id: str | None = None) -> Block:
    """A picture that was uploaded to Slack; `alt_text` says in words what it shows."""
    return _image(None, {"id": identifier(file_id, "The id of a file")}, alt_text, title, block_id)


def image_element(url: str, alt_text: str) -> Block:
    """A small picture for a context or beside a section."""
    return {
        "type": "image",
        "image_url": own(url, limits.URL, "The address of a picture"),
        "alt_text": _alt_text(alt_text),
    }


def actions(block_id: str | None, *elements: Block) -> Block:
    """A row of buttons, menus and pickers."""
    row = counted(elements, limits.ACTION_ELEMENTS, "Elements in a row")
    all_different((element["action_id"] for element in row), "The action id")
    return given(type="actions", block_id=_block_id(block_id), elements=row)


def button(
    text: str,
    action_id: str,
    value: str = "",
    style: str | None = None,
    url: str | None = None,
    confirm: Block | None = None,
    label: str | None = None,
) -> Block:
    """A button; style "primary" or "danger"; `label` is for screen readers when `text` needs its row."""
    if style not in {None, "primary", "danger"}:
        raise ValueError(f"Slack has no button style {style!r}.")
    return given(
        type="button",
        action_id=identifier(action_id, "The action id of a button"),
        text=own_text(text, limits.BUTTON, "The text of a button"),
        value=own(value, limits.BUTTON_VALUE, "The value of a button") or None,
        style=style,
        url=own(url, limits.URL, "The address of a button") if url else None,
        confirm=confirm,
        accessibility_label=plain_text(label, limits.BUTTON)["text"] if label else None,
    )


def confirm(title: str, text: str, yes: str, no: str = "Cancel", style: str | None = None) -> Block:
    """The question before something that cannot be taken back; `text` may carry people's words (`plain`)."""
    return given(
        title=own_text(title, limits.CONFIRM_TITLE, "The title of a question"),
        text=plain_text(text, limits.CONFIRM_TEXT),
        confirm=own_text(yes, limits.CONFIRM_BUTTON, "The yes of a question"),
        deny=own_text(no, limits.CONFIRM_BUTTON, "The no of a question"),
        style=style,
    )


def overflow(action_id: str, *options: Block, confirm: Block | None = None) -> Block:
    """The "…" menu with one to five options."""
    return given(
        type="overflow",
        action_id=identifier(action_id, "The action id of a menu"),
        options=counted(options, limits.OVERFLOW_OPTIONS, "Options of a … menu"),
        confirm=confirm,
    )


def started_footer(why: str, kind: str, action_id: str) -> list[Block]:
    """The end of every message the app starts: why this person gets it, and a button that stops its kind.

    `why` completes "You get this because …" as mrkdwn; the button carries `kind` as its value.
    """
    return [
        context(BECAUSE.format(why=why.rstrip(". "))),
        actions(f"started:{kind}", button(STOP, action_id, value=kind)),
    ]


def _image(
    url: str | None, slack_file: Block | None, alt_text: str, title: str | None, block_id: str | None
) -> Block:
    return given(
        type="image",
        block_id=_block_id(block_id),
        image_url=url,
        slack_file=slack_file,
        alt_text=_alt_text(alt_text),
        title=plain_text(title, limits.ALT_TEXT) if title else None,
    )


def _alt_text(text: str) -> str:
    return str(plain_text(text, limits.ALT_TEXT)["text"])


def _block_id(name: str | None) -> str | None:
    return None if name is None else identifier(name, "A block id")
