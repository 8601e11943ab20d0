"""What people do with the app, parsed at the door: commands, shortcuts, presses and forms."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

import orjson

from bot.incoming import FileFact, MessageFact, parse_files, read_message
from bot.payloads import (
    Body,
    find_id,
    find_ts,
    is_direct,
    mapping,
    slack_id,
    text,
    typed_number,
    workspace_of,
)


@dataclass(frozen=True, slots=True)
class CommandUse:
    """Somebody typed `/learn …`; `words` is what follows the command."""

    workspace: str
    person: str
    channel: str
    words: str
    trigger: str
    response_url: str = ""

    @property
    def key(self) -> str:
        """What makes this use one of a kind."""
        return f"command:{self.trigger}"[:255]


@dataclass(frozen=True, slots=True)
class ShortcutUse:
    """Somebody chose one of our shortcuts, on a message or anywhere."""

    workspace: str
    person: str
    shortcut: str
    trigger: str
    channel: str | None = None
    message: MessageFact | None = None
    response_url: str = ""

    @property
    def key(self) -> str:
        """What makes this use one of a kind."""
        return f"shortcut:{self.trigger}"[:255]

    @property
    def subjects(self) -> tuple[str, ...]:
        """What recording its message may touch."""
        return () if self.message is None else self.message.subjects


@dataclass(frozen=True, slots=True)
class Press:
    """Somebody pressed a button or chose from a menu; `values` holds what the surrounding inputs contain."""

    NAMES_SPACES: ClassVar = ("channel", "value", "metadata", "values")

    workspace: str
    person: str
    action: str
    value: str
    trigger: str
    channel: str | None
    ts: str | None
    view: str | None
    view_hash: str | None
    action_ts: str
    response_url: str = ""
    metadata: Mapping[str, Any] = field(default_factory=dict)
    values: Mapping[str, Any] = field(default_factory=dict)
    in_modal: bool = False  # in a form, on top of which another one may be shown

    @property
    def number(self) -> int | None:
        """The number that the button carries, None when it carries anything else."""
        return typed_number(self.value)

    @property
    def key(self) -> str:
        """What makes this press one of a kind: a second delivery has the same, a second press another."""
        place = self.view or f"{self.channel}:{self.ts}"
        return f"press:{place}:{self.action}:{self.action_ts}:{self.person}"[:255]


@dataclass(frozen=True, slots=True)
class Submission:
    """Somebody sent a form; `values` maps each block to what it holds: text, a choice, a list of choices, files."""

    NAMES_SPACES: ClassVar = ("values", "metadata")

    workspace: str
    person: str
    form: str
    view: str
    values: Mapping[str, Any]
    metadata: Mapping[str, Any]
    trigger: str = ""
    below: str | None = None  # the page that this form stands on, when it was put on top of one

    @property
    def key(self) -> str:
        """What makes this form one of a kind."""
        return f"form:{self.view}"

    def words(self, block: str) -> str:
        """What was typed into this block, without white space around it."""
        value = self.values.get(block)
        return value.strip() if isinstance(value, str) else ""

    def chosen(self, block: str) -> tuple[str, ...]:
        """The several choices made in this block."""
        value = self.values.get(block)
        return tuple(value) if isinstance(value, tuple) else ((value,) if isinstance(value, str) else ())

    def files(self, block: str) -> tuple[FileFact, ...]:
        """The files given in this block."""
        value = self.values.get(block)
        return tuple(v for v in value if isinstance(v, FileFact)) if isinstance(value, tuple) else ()


def parse_command(body: Body) -> CommandUse:
    """A slash command; raises Unreadable."""
    return CommandUse(
        workspace_of(body),
        slack_id(body.get("user_id")),
        slack_id(body.get("channel_id")),
        text(body.get("text")).strip(),
        text(body.get("trigger_id")),
        text(body.get("response_url")),
    )


def parse_shortcut(body: Body) -> ShortcutUse:
    """A message or global shortcut; raises Unreadable."""
    channel = find_id(mapping(body.get("channel")).get("id"))
    message = mapping(body.get("message"))
    workspace = workspace_of(body)
    return ShortcutUse(
        workspace,
        _person(body),
        text(body.get("callback_id")),
        text(body.get("trigger_id")),
        channel,
        # What was said directly is not even looked at.
        read_message(workspace, channel, message) if channel and message and not is_direct(channel) else None,
        text(body.get("response_url")),
    )


def parse_press(body: Body) -> Press:
    """A press of a button or a choice in a menu; raises Unreadable."""
    actions = body.get("actions")
    action = mapping(actions[0]) if isinstance(actions, list) and actions else {}
    container, view = mapping(body.get("container")), mapping(body.get("view"))
    chosen = _simple(action)
    return Press(
        workspace_of(body),
        _person(body),
        text(action.get("action_id")),
        chosen if isinstance(chosen, str) else ",".join(map(str, chosen or ())),
        text(body.get("trigger_id")),
        find_id(container.get("channel_id")) or find_id(mapping(body.get("channel")).get("id")),
        find_ts(container.get("message_ts")),
        find_id(view.get("id")) or find_id(container.get("view_id")),
        text(view.get("hash")) or None,
        text(action.get("action_ts")),
        text(body.get("response_url")),
        _metadata(view),
        _values(mapping(view.get("state")) or mapping(body.get("state"))),
        view.get("type") == "modal",
    )


def parse_submission(body: Body) -> Submission:
    """A form that was sent; raises Unreadable."""
    view = mapping(body.get("view"))
    return Submission(
        workspace_of(body),
        _person(body),
        text(view.get("callback_id")),
        slack_id(view.get("id")),
        _values(mapping(view.get("state"))),
        _metadata(view),
        text(body.get("trigger_id")),
        find_id(view.get("previous_view_id")),
    )


def _person(body: Body) -> str:
    return slack_id(mapping(body.get("user")).get("id"))


def _metadata(view: Body) -> Mapping[str, Any]:
    """What we wrote into the form ourselves; it comes from outside again, so rights are never read from it."""
    try:
        return mapping(orjson.loads(text(view.get("private_metadata")) or "{}"))
    except orjson.JSONDecodeError:
        return {}


def _values(state: Body) -> dict[str, Any]:
    found = {}
    for block, actions in mapping(state.get("values")).items():
        for element in mapping(actions).values():
            found[str(block)] = _simple(mapping(element))
    return found


_SINGLE = (
    "value",
    "selected_user",
    "selected_channel",
    "selected_conversation",
    "selected_date",
    "selected_time",
)
_SEVERAL = ("selected_users", "selected_channels", "selected_conversations")


def _simple(element: Body) -> str | tuple[Any, ...] | None:
    """What one element holds: text, one choice, several choices or files."""
    if isinstance(element.get("files"), list):
        return parse_files(element.get("files"))
    if isinstance(element.get("selected_options"), list):
        return tuple(text(mapping(option).get("value")) for option in element["selected_options"])
    if isinstance(element.get("selected_option"), Mapping):
        return text(element["selected_option"].get("value"))
    for name in _SEVERAL:
        if isinstance(element.get(name), list):
            return tuple(text(choice) for choice in element[name])
    for name in _SINGLE:
        if isinstance(element.get(name), str):
            return text(element[name])
    moment = element.get("selected_date_time")
    return str(moment) if isinstance(moment, int) else None
