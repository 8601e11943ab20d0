"""Block Kit as Slack takes it: whatever Slack would refuse is refused here, with a pointer to it."""

import json
import secrets
from collections.abc import Callable
from typing import Any

from bot.sandbox.block_kit_elements import check_element
from bot.sandbox.block_kit_parts import MOST_ID, MOST_URL, Problems, check_image, check_text
from bot.sandbox.errors import invalid
from bot.sandbox.form_state import elements_of
from bot.sandbox.model import Json

MOST_BLOCKS = {"message": 50, "modal": 100, "home": 100}
MOST_MARKDOWN = 12_000
_FIELDS: dict[str, set[str]] = {
    "section": {"text", "fields", "accessory", "expand"},
    "header": {"text", "level"},
    "divider": set(),
    "context": {"elements"},
    "actions": {"elements"},
    "input": {"label", "element", "hint", "optional", "dispatch_action"},
    "image": {"image_url", "slack_file", "alt_text", "title"},
    "markdown": {"text"},
    "rich_text": {"elements"},
    "video": {
        "alt_text",
        "author_name",
        "description",
        "provider_icon_url",
        "provider_name",
        "title",
        "title_url",
        "thumbnail_url",
        "video_url",
    },
    "table": {"rows", "column_settings"},
    "file": {"external_id", "source"},
}
_ONLY_IN_MESSAGES = ("markdown", "table", "file")


def check_blocks(blocks: Any, surface: str) -> None:
    """Raise invalid_blocks when Slack would refuse these blocks in a message."""
    problems = Problems()
    find_problems(problems, blocks, surface, "/blocks")
    if problems.found:
        raise invalid("invalid_blocks", problems.found)


def find_problems(problems: Problems, blocks: Any, surface: str, at: str) -> None:
    """Note everything that is wrong with these blocks on that surface."""
    for index, block in enumerate(problems.count(blocks, at, MOST_BLOCKS[surface], 0)):
        _check_block(problems, block, f"{at}/{index}", surface)
    if not problems.found:
        _check_ids(problems, blocks, at)
        _check_sums(problems, blocks, at)


def _check_block(problems: Problems, block: Any, at: str, surface: str) -> None:
    if not problems.object(block, at):
        return
    kind = str(block.get("type"))
    if kind not in _FIELDS or (kind in _ONLY_IN_MESSAGES and surface != "message"):
        problems.add(f"{at}/type", f"unsupported type: {kind}")
        return
    problems.only(block, at, _FIELDS[kind] | {"type", "block_id"})
    problems.length(block.get("block_id"), f"{at}/block_id", MOST_ID)
    if kind in _CHECKS:
        _CHECKS[kind](problems, block, at)
    if kind == "input":
        _check_surface(problems, block, at, surface)


def _check_surface(problems: Problems, block: Json, at: str, surface: str) -> None:
    element = block.get("element")
    if isinstance(element, dict) and element.get("type") == "file_input" and surface != "modal":
        problems.add(f"{at}/element/type", "file_input is available in modals only")


def _check_section(problems: Problems, block: Json, at: str) -> None:
    if block.get("text") is None and not block.get("fields"):
        problems.add(at, "must have text or fields")
    if block.get("text") is not None:
        check_text(problems, block["text"], f"{at}/text")
    if block.get("fields") is not None:
        for index, field in enumerate(problems.count(block["fields"], f"{at}/fields", 10)):
            check_text(problems, field, f"{at}/fields/{index}", 2000)
    if block.get("accessory") is not None:
        check_element(problems, block["accessory"], f"{at}/accessory", "section")


def _check_header(problems: Problems, block: Json, at: str) -> None:
    if problems.required(block, at, ["text"]):
        check_text(problems, block["text"], f"{at}/text", 150, plain=True)


def _check_context(problems: Problems, block: Json, at: str) -> None:
    for index, element in enumerate(problems.count(block.get("elements"), f"{at}/elements", 10)):
        here = f"{at}/elements/{index}"
        if isinstance(element, dict) and element.get("type") == "image":
            check_image(problems, element, here)
        else:
            check_text(problems, element, here)


def _check_actions(problems: Problems, block: Json, at: str) -> None:
    for index, element in enumerate(problems.count(block.get("elements"), f"{at}/elements", 25)):
        check_element(problems, element, f"{at}/elements/{index}", "actions")


def _check_input(problems: Problems, block: Json, at: str) -> None:
    if not problems.required(block, at, ["label", "element"]):
        return
    check_text(problems, block["label"], f"{at}/label", 2000, plain=True)
    if block.get("hint") is not None:
        check_text(problems, block["hint"], f"{at}/hint", 2000, plain=True)
    check_element(problems, block["element"], f"{at}/element", "input")
    if block.get("dispatch_action") and block["element"].get("type") == "file_input":
        problems.add(f"{at}/dispatch_action", "is incompatible with file_input")


def _check_image(problems: Problems, block: Json, at: str) -> None:
    check_image(problems, block, at)
    if block.get("title") is not None:
        check_text(problems, block["title"], f"{at}/title", 2000, plain=True)


def _check_markdown(problems: Problems, block: Json, at: str) -> None:
    if problems.required(block, at, ["text"]):
        problems.length(block["text"], f"{at}/text", MOST_MARKDOWN)


_RICH = ("rich_text_section", "rich_text_list", "rich_text_quote", "rich_text_preformatted")


def _check_rich_text(problems: Problems, block: Json, at: str) -> None:
    for index, element in enumerate(problems.count(block.get("elements"), f"{at}/elements", 1000)):
        here = f"{at}/elements/{index}"
        if problems.object(element, here):
            problems.choice(element.get("type", ""), f"{here}/type", _RICH)
            problems.count(element.get("elements"), f"{here}/elements", 1000, 0)


def _check_video(problems: Problems, block: Json, at: str) -> None:
    problems.required(block, at, ["alt_text", "title", "thumbnail_url", "video_url"])
    problems.length(block.get("video_url"), f"{at}/video_url", MOST_URL)


def _check_table(problems: Problems, block: Json, at: str) -> None:
    for index, row in enumerate(problems.count(block.get("rows"), f"{at}/rows", 100)):
        problems.count(row, f"{at}/rows/{index}", 20)
    if block.get("column_settings") is not None:
        problems.count(block["column_settings"], f"{at}/column_settings", 20)


_CHECKS: dict[str, Callable[[Problems, Json, str], None]] = {
    "section": _check_section,
    "header": _check_header,
    "context": _check_context,
    "actions": _check_actions,
    "input": _check_input,
    "image": _check_image,
    "markdown": _check_markdown,
    "rich_text": _check_rich_text,
    "video": _check_video,
    "table": _check_table,
}


def _check_ids(problems: Problems, blocks: list[Json], at: str) -> None:
    seen: set[str] = set()
    for index, block in enumerate(blocks):
        block_id = block.get("block_id")
        if block_id and block_id in seen:
            problems.add(f"{at}/{index}/block_id", f"block_id already exists: {block_id}")
        seen.add(block_id or "")
        actions = [element.get("action_id") for element in elements_of(block) if element.get("action_id")]
        if len(set(actions)) < len(actions):
            problems.add(f"{at}/{index}", "action_id already exists in this block")


def _check_sums(problems: Problems, blocks: list[Json], at: str) -> None:
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MOST_MARKDOWN:
        problems.add(at, f"markdown must be less than {MOST_MARKDOWN + 1} characters together")
    if sum(block["type"] == "table" for block in blocks) > 1:
        problems.add(at, "only one table allowed")


def with_ids(blocks: list[Json]) -> list[Json]:
    """A copy of the blocks with the ids that Slack gives where there are none."""
    copy: list[Json] = json.loads(json.dumps(blocks))
    for block in copy:
        block["block_id"] = block.get("block_id") or secrets.token_hex(3)
        for element in _interactive(block):
            element["action_id"] = element.get("action_id") or secrets.token_hex(4)
    return copy


def _interactive(block: Json) -> list[Json]:
    if block["type"] == "section":
        accessory = block.get("accessory")
        return [accessory] if accessory and accessory["type"] != "image" else []
    if block["type"] == "input":
        return [block["element"]]
    return list(block["elements"]) if block["type"] == "actions" else []
