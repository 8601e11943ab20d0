"""Checking interactive elements: which there are, where they may stand, and what they need."""

import re
from collections.abc import Callable
from typing import Any

from bot.sandbox.block_kit_parts import (
    MOST_ID,
    MOST_URL,
    Problems,
    check_confirm,
    check_image,
    check_option,
    check_options,
    check_text,
)
from bot.sandbox.model import Json

_COMMON = {"type", "action_id", "confirm", "focus_on_load"}
_MENU = _COMMON | {"placeholder"}
_MANY = {"max_selected_items"}
_STATIC = {"options", "option_groups"}
_FILTER = {"default_to_current_conversation", "filter"}
_LINE = {"type", "action_id", "focus_on_load", "placeholder", "initial_value", "dispatch_action_config"}

FIELDS: dict[str, set[str]] = {
    "button": {"type", "action_id", "text", "url", "value", "style", "confirm", "accessibility_label"},
    "image": {"type", "image_url", "slack_file", "alt_text"},
    "static_select": _MENU | _STATIC | {"initial_option"},
    "multi_static_select": _MENU | _STATIC | _MANY | {"initial_options"},
    "external_select": _MENU | {"initial_option", "min_query_length"},
    "multi_external_select": _MENU | _MANY | {"initial_options", "min_query_length"},
    "users_select": _MENU | {"initial_user"},
    "multi_users_select": _MENU | _MANY | {"initial_users"},
    "conversations_select": _MENU | _FILTER | {"initial_conversation", "response_url_enabled"},
    "multi_conversations_select": _MENU | _MANY | _FILTER | {"initial_conversations"},
    "channels_select": _MENU | {"initial_channel", "response_url_enabled"},
    "multi_channels_select": _MENU | _MANY | {"initial_channels"},
    "overflow": {"type", "action_id", "options", "confirm"},
    "radio_buttons": _COMMON | {"options", "initial_option"},
    "checkboxes": _COMMON | {"options", "initial_options"},
    "datepicker": _MENU | {"initial_date"},
    "timepicker": _MENU | {"initial_time", "timezone"},
    "datetimepicker": _COMMON | {"initial_date_time"},
    "plain_text_input": _LINE | {"multiline", "min_length", "max_length"},
    "email_text_input": _LINE,
    "url_text_input": _LINE,
    "number_input": _LINE | {"is_decimal_allowed", "min_value", "max_value"},
    "rich_text_input": _LINE,
    "file_input": {"type", "action_id", "filetypes", "max_files"},
}
_MENUS = {kind for kind in FIELDS if kind.endswith("_select")}
_SINGLE = {kind for kind in _MENUS if not kind.startswith("multi_")}
_CHOICES = {"radio_buttons", "checkboxes", "datepicker", "timepicker"}
_TYPED = {
    "plain_text_input",
    "email_text_input",
    "url_text_input",
    "number_input",
    "rich_text_input",
    "file_input",
}
ALLOWED: dict[str, set[str]] = {
    "section": _MENUS | _CHOICES | {"button", "image", "overflow"},
    "actions": _SINGLE | _CHOICES | {"button", "overflow", "datetimepicker"},
    "input": _MENUS | _CHOICES | _TYPED | {"datetimepicker"},
}


def check_element(problems: Problems, element: Any, at: str, block: str) -> None:
    """An element in a block of type `block`."""
    if not problems.object(element, at):
        return
    kind = str(element.get("type"))
    if kind not in FIELDS:
        problems.add(f"{at}/type", f"unsupported type: {kind}")
        return
    if kind not in ALLOWED[block]:
        problems.add(f"{at}/type", f"{kind} is not allowed in a block of type {block}")
        return
    problems.only(element, at, FIELDS[kind])
    problems.length(element.get("action_id"), f"{at}/action_id", MOST_ID)
    if element.get("placeholder") is not None:
        check_text(problems, element["placeholder"], f"{at}/placeholder", 150, plain=True)
    if element.get("confirm") is not None:
        check_confirm(problems, element["confirm"], f"{at}/confirm")
    if kind in _CHECKS:
        _CHECKS[kind](problems, element, at)


def _check_button(problems: Problems, button: Json, at: str) -> None:
    if problems.required(button, at, ["text"]):
        check_text(problems, button["text"], f"{at}/text", 75, plain=True)
    problems.length(button.get("value"), f"{at}/value", 2000, 0)
    problems.length(button.get("url"), f"{at}/url", MOST_URL)
    problems.length(button.get("accessibility_label"), f"{at}/accessibility_label", 75)
    problems.choice(button.get("style"), f"{at}/style", ("primary", "danger"))


def _check_static(problems: Problems, menu: Json, at: str) -> None:
    if ("options" in menu) == ("option_groups" in menu):
        problems.add(at, "must have exactly one of options and option_groups")
        return
    check_options(problems, menu, at, 100)
    _check_initial(problems, menu, at)
    _check_most(problems, menu, at)


def _check_most(problems: Problems, menu: Json, at: str) -> None:
    most = menu.get("max_selected_items")
    if most is not None and (not isinstance(most, int) or most < 1):
        problems.add(f"{at}/max_selected_items", "must be greater than 0")


def _check_initial(problems: Problems, element: Json, at: str) -> None:
    if problems.found:
        # What cannot be read cannot be compared.
        return
    groups = element.get("option_groups") or []
    offered = list(element.get("options") or [])
    offered += [option for group in groups for option in group.get("options", [])]
    chosen = element.get("initial_options")
    if chosen is not None and not problems.count(chosen, f"{at}/initial_options", 100):
        return
    one = element.get("initial_option")
    for option in [*(chosen or []), *([one] if one is not None else [])]:
        if option not in offered:
            problems.add(
                f"{at}/{'initial_options' if chosen else 'initial_option'}", "must exactly match an option"
            )


def _check_external(problems: Problems, menu: Json, at: str) -> None:
    _check_most(problems, menu, at)
    if menu.get("initial_option") is not None:
        check_option(problems, menu["initial_option"], f"{at}/initial_option")
    for index, option in enumerate(menu.get("initial_options") or []):
        check_option(problems, option, f"{at}/initial_options/{index}")


def _check_overflow(problems: Problems, menu: Json, at: str) -> None:
    check_options(problems, menu, at, 5, url=True)


def _check_boxes(problems: Problems, boxes: Json, at: str) -> None:
    check_options(problems, boxes, at, 10, mrkdwn=True)
    _check_initial(problems, boxes, at)


def _check_line(problems: Problems, line: Json, at: str) -> None:
    least, most = line.get("min_length"), line.get("max_length")
    for name, value in (("min_length", least), ("max_length", most)):
        if value is not None and not (isinstance(value, int) and 0 <= value <= 3000):  # noqa: PLR2004 - Slack's limit
            problems.add(f"{at}/{name}", "must be from 0 to 3000")
    if isinstance(least, int) and isinstance(most, int) and least > most:
        problems.add(f"{at}/max_length", "must not be less than min_length")
    problems.length(line.get("initial_value"), f"{at}/initial_value", 3000, 0)


def _check_number(problems: Problems, line: Json, at: str) -> None:
    if not isinstance(line.get("is_decimal_allowed"), bool):
        problems.add(at, "missing required field: is_decimal_allowed")
    for name in ("initial_value", "min_value", "max_value"):
        if name in line and not isinstance(line[name], str):
            problems.add(f"{at}/{name}", "must be a string")


def _check_files(problems: Problems, element: Json, at: str) -> None:
    most = element.get("max_files", 10)
    if not isinstance(most, int) or not 1 <= most <= 10:  # noqa: PLR2004 - Slack's limit
        problems.add(f"{at}/max_files", "must be from 1 to 10")
    if "filetypes" in element:
        problems.count(element["filetypes"], f"{at}/filetypes", 100)


def _matches(name: str, pattern: str) -> Callable[[Problems, Json, str], None]:
    def check(problems: Problems, element: Json, at: str) -> None:
        value = element.get(name)
        if value is not None and not re.fullmatch(pattern, str(value)):
            problems.add(f"{at}/{name}", "has an invalid format")

    return check


_CHECKS: dict[str, Callable[[Problems, Json, str], None]] = {
    "button": _check_button,
    "image": check_image,
    "static_select": _check_static,
    "multi_static_select": _check_static,
    "external_select": _check_external,
    "multi_external_select": _check_external,
    "multi_users_select": _check_most,
    "multi_conversations_select": _check_most,
    "multi_channels_select": _check_most,
    "overflow": _check_overflow,
    "radio_buttons": _check_boxes,
    "checkboxes": _check_boxes,
    "datepicker": _matches("initial_date", r"\d{4}-\d{2}-\d{2}"),
    "timepicker": _matches("initial_time", r"([01]\d|2[0-3]):[0-5]\d"),
    "datetimepicker": _matches("initial_date_time", r"\d{10}"),
    "plain_text_input": _check_line,
    "email_text_input": _check_line,
    "url_text_input": _check_line,
    "number_input": _check_number,
    "file_input": _check_files,
}
