"""What stands in the fields of a form: initial values, what a person chose, and what is still missing."""

import re
from collections.abc import Iterator
from typing import Any

from bot.sandbox.errors import Refused
from bot.sandbox.model import Json

REQUIRED = "Please complete this required field."

_TEXTS = ("plain_text_input", "email_text_input", "url_text_input", "number_input")
_ONE_OPTION = ("static_select", "external_select", "radio_buttons", "overflow")
_OPTIONS = ("multi_static_select", "multi_external_select", "checkboxes")
# element type -> (key in Slack's state, key of the initial value)
_KEYS: dict[str, tuple[str, str]] = (
    dict.fromkeys(_TEXTS, ("value", "initial_value"))
    | dict.fromkeys(_ONE_OPTION, ("selected_option", "initial_option"))
    | dict.fromkeys(_OPTIONS, ("selected_options", "initial_options"))
    | {
        "users_select": ("selected_user", "initial_user"),
        "conversations_select": ("selected_conversation", "initial_conversation"),
        "channels_select": ("selected_channel", "initial_channel"),
        "multi_users_select": ("selected_users", "initial_users"),
        "multi_conversations_select": ("selected_conversations", "initial_conversations"),
        "multi_channels_select": ("selected_channels", "initial_channels"),
        "datepicker": ("selected_date", "initial_date"),
        "timepicker": ("selected_time", "initial_time"),
        "datetimepicker": ("selected_date_time", "initial_date_time"),
        "file_input": ("files", "initial_files"),
        "rich_text_input": ("rich_text_value", "initial_value"),
    }
)


def elements_of(block: Json) -> list[Json]:
    """The interactive elements of one block."""
    kind = block.get("type")
    if kind == "input":
        return [block["element"]]
    if kind == "section":
        return [block["accessory"]] if (block.get("accessory") or {}).get("action_id") else []
    if kind == "actions":
        return [element for element in block["elements"] if element.get("action_id")]
    return []


def all_elements(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Every interactive element with its block."""
    for block in blocks:
        for element in elements_of(block):
            yield block, element


def find_element(blocks: list[Json], action_id: str, block_id: str | None) -> tuple[Json, Json]:
    """The block and element that a person used; raises Refused when it is not there."""
    for block, element in all_elements(blocks):
        if element["action_id"] == action_id and block_id in (None, block["block_id"]):
            return block, element
    raise Refused(f"There is no element {action_id!r} here.")


def keep_values(blocks: list[Json], values: Json) -> Json:
    """The state of these blocks: what was there for the same ids and type, else the initial value."""
    state: Json = {}
    for block, element in all_elements(blocks):
        if element["type"] not in _KEYS:
            continue
        old = values.get(block["block_id"], {}).get(element["action_id"])
        kept = old if old and old["type"] == element["type"] else _initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = kept
    return state


def _initial(element: Json) -> Json:
    key, initial = _KEYS[element["type"]]
    empty: list[Any] | None = [] if key.endswith("s") else None
    return {"type": element["type"], key: element.get(initial, empty)}


def set_values(blocks: list[Json], state: Json, given: Json) -> None:
    """Put what a person filled in into the state; raises Refused for fields and options that do not exist."""
    for block_id, actions in given.items():
        if not isinstance(actions, dict):
            raise Refused(f"The value of block {block_id!r} must be an object of action_id and value.")
        for action_id, value in actions.items():
            _, element = find_element(blocks, action_id, block_id)
            state.setdefault(block_id, {})[action_id] = element_state(element, value)


def element_state(element: Json, value: Any) -> Json:
    """Slack's state object for what a person chose; takes the simple form and Slack's own."""
    kind = element["type"]
    if kind not in _KEYS:
        return {"type": kind}
    key, _ = _KEYS[kind]
    if isinstance(value, dict) and (key in value or "type" in value):
        value = value.get(key)
    return {"type": kind, key: _chosen(element, key, value)}


def _chosen(element: Json, key: str, value: Any) -> Any:
    if key == "selected_option":
        return None if value in (None, "") else _option(element, value)
    if key.endswith("s"):
        return _many(element, key, value or [])
    if key == "rich_text_value" and isinstance(value, str):
        text = {"type": "text", "text": value}
        return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [text]}]}
    if key == "selected_date_time":
        return None if value in (None, "") else _whole_number(value)
    return None if value in (None, "") else value if isinstance(value, dict) else str(value)


def _many(element: Json, key: str, values: Any) -> list[Any]:
    if not isinstance(values, list):
        raise Refused(f"The value of {element['action_id']!r} must be a list.")
    if key == "selected_options":
        return [_option(element, value) for value in values]
    return [str(value) for value in values] if key != "files" else values


def _whole_number(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError):
        raise Refused("A date with time is given in whole seconds since 1970.") from None


def options_of(element: Json) -> list[Json]:
    """The options that an element offers, groups flattened."""
    groups = element.get("option_groups") or []
    return list(element.get("options") or []) + [option for group in groups for option in group["options"]]


def _option(element: Json, value: Any) -> Json:
    wanted = value.get("value") if isinstance(value, dict) else value
    if element["type"] in ("external_select", "multi_external_select"):
        if not isinstance(value, dict):
            raise Refused("An option of an external select is given as the whole option.")
        return value
    for option in options_of(element):
        if option.get("value") == wanted:
            return option
    raise Refused(f"There is no option {wanted!r} to choose.")


def is_empty(state: Json | None) -> bool:
    """Whether nothing was filled in."""
    return not state or not any(value for key, value in state.items() if key != "type")


def mistakes(blocks: list[Json], state: Json) -> dict[str, str]:
    """What Slack's own client would complain about before it sends a form, by block_id."""
    found: dict[str, str] = {}
    for block in blocks:
        if block.get("type") != "input":
            continue
        value = state.get(block["block_id"], {}).get(block["element"]["action_id"])
        complaint = _mistake(block, value)
        if complaint:
            found[block["block_id"]] = complaint
    return found


def _mistake(block: Json, state: Json | None) -> str | None:
    if is_empty(state):
        return None if block.get("optional") else REQUIRED
    element, text = block["element"], (state or {}).get("value")
    if not isinstance(text, str):
        return None
    if element["type"] == "number_input":
        return _number_mistake(element, text)
    return _text_mistake(element, text)


def _text_mistake(element: Json, text: str) -> str | None:
    if len(text) < element.get("min_length", 0):
        return f"Please write at least {element['min_length']} characters."
    if len(text) > element.get("max_length", 3000):
        return f"Please write at most {element.get('max_length', 3000)} characters."
    if element["type"] == "email_text_input" and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", text):
        return "Please enter a valid email address."
    if element["type"] == "url_text_input" and not re.fullmatch(r"https?://\S+", text):
        return "Please enter a valid URL."
    return None


def _number_mistake(element: Json, text: str) -> str | None:
    pattern = r"-?\d+(\.\d+)?" if element.get("is_decimal_allowed") else r"-?\d+"
    if not re.fullmatch(pattern, text):
        return (
            "Please enter a number." if element.get("is_decimal_allowed") else "Please enter a whole number."
        )
    if "min_value" in element and float(text) < float(element["min_value"]):
        return f"Please enter {element['min_value']} or more."
    if "max_value" in element and float(text) > float(element["max_value"]):
        return f"Please enter {element['max_value']} or less."
    return None
