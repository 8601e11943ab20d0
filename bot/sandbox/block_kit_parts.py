"""Checking the parts that blocks are built from: texts, options, confirmations, ids."""

from collections.abc import Collection
from typing import Any

from bot.sandbox.model import Json

MOST_TEXT = 3000
MOST_ID = 255
MOST_URL = 3000


class Problems:
    """Collects what Slack would refuse, each with a pointer to where it stands."""

    def __init__(self) -> None:
        self.found: list[str] = []

    def add(self, at: str, text: str) -> None:
        """Note one problem."""
        self.found.append(f"{text} [json-pointer:{at}]")

    def object(self, value: Any, at: str) -> bool:
        """Whether this is an object; notes it when it is not."""
        if not isinstance(value, dict):
            self.add(at, "must provide an object")
            return False
        return True

    def only(self, given: Json, at: str, allowed: Collection[str]) -> None:
        """Note fields that this kind of object does not have."""
        for key in given:
            if key not in allowed:
                self.add(at, f"invalid additional property: {key}")

    def required(self, given: Json, at: str, names: Collection[str]) -> bool:
        """Whether all these fields are there; notes each that is missing."""
        missing = [name for name in names if given.get(name) in (None, "")]
        for name in missing:
            self.add(at, f"missing required field: {name}")
        return not missing

    def length(self, value: Any, at: str, most: int, least: int = 1) -> None:
        """Note a text that is no text, too short or too long; None is fine."""
        if value is None:
            return
        if not isinstance(value, str):
            self.add(at, "must be a string")
        elif len(value) > most:
            self.add(at, f"must be less than {most + 1} characters")
        elif len(value) < least:
            self.add(at, f"must be more than {least - 1} characters")

    def count(self, value: Any, at: str, most: int, least: int = 1) -> list[Any]:
        """The list, or an empty one when it is no list; notes too few and too many items."""
        if not isinstance(value, list):
            self.add(at, "must be an array")
            return []
        if len(value) > most:
            self.add(at, f"no more than {most} items allowed")
        if len(value) < least:
            self.add(at, f"no fewer than {least} items allowed")
        return value

    def choice(self, value: Any, at: str, allowed: Collection[str]) -> None:
        """Note a value that is not one of those allowed; None is fine."""
        if value is not None and value not in allowed:
            self.add(at, f"must be one of: {', '.join(sorted(allowed))}")


def check_text(problems: Problems, text: Any, at: str, most: int = MOST_TEXT, plain: bool = False) -> None:
    """A text object, plain_text only when `plain`."""
    if not problems.object(text, at):
        return
    kinds = ("plain_text",) if plain else ("plain_text", "mrkdwn")
    if text.get("type") not in kinds:
        problems.add(f"{at}/type", f"must be {' or '.join(kinds)}")
        return
    extra = "emoji" if text["type"] == "plain_text" else "verbatim"
    problems.only(text, at, {"type", "text", extra})
    if text.get("text") is None:
        problems.add(at, "missing required field: text")
    problems.length(text.get("text"), f"{at}/text", most)


def check_option(problems: Problems, option: Any, at: str, mrkdwn: bool = False, url: bool = False) -> None:
    """One option of a menu or of radio buttons."""
    if not problems.object(option, at) or not problems.required(option, at, ["text"]):
        return
    problems.only(option, at, {"text", "value", "description", *(["url"] if url else [])})
    check_text(problems, option["text"], f"{at}/text", 75, plain=not mrkdwn)
    if option.get("value") is None and not option.get("url"):
        problems.add(at, "missing required field: value")
    problems.length(option.get("value"), f"{at}/value", 150, 0)
    problems.length(option.get("url"), f"{at}/url", MOST_URL)
    if option.get("description") is not None:
        check_text(problems, option["description"], f"{at}/description", 75, plain=not mrkdwn)


def check_options(
    problems: Problems, element: Json, at: str, most: int, mrkdwn: bool = False, url: bool = False
) -> None:
    """The options of an element, or its groups of options."""
    if "option_groups" in element and "options" not in element:
        _check_groups(problems, element["option_groups"], f"{at}/option_groups")
        return
    options = problems.count(element.get("options"), f"{at}/options", most)
    for index, option in enumerate(options):
        check_option(problems, option, f"{at}/options/{index}", mrkdwn, url)
    values = [option.get("value") for option in options if isinstance(option, dict) and "url" not in option]
    if len(set(map(str, values))) < len(values):
        problems.add(f"{at}/options", "option values must be unique")


def _check_groups(problems: Problems, groups: Any, at: str) -> None:
    for index, group in enumerate(problems.count(groups, at, 100)):
        here = f"{at}/{index}"
        if problems.object(group, here) and problems.required(group, here, ["label"]):
            check_text(problems, group["label"], f"{here}/label", 75, plain=True)
            check_options(problems, group, here, 100)


def check_confirm(problems: Problems, confirm: Any, at: str) -> None:
    """A confirmation dialog."""
    if not problems.object(confirm, at) or not problems.required(
        confirm, at, ["title", "text", "confirm", "deny"]
    ):
        return
    problems.only(confirm, at, {"title", "text", "confirm", "deny", "style"})
    check_text(problems, confirm["title"], f"{at}/title", 100, plain=True)
    check_text(problems, confirm["text"], f"{at}/text", 300)
    check_text(problems, confirm["confirm"], f"{at}/confirm", 30, plain=True)
    check_text(problems, confirm["deny"], f"{at}/deny", 30, plain=True)
    problems.choice(confirm.get("style"), f"{at}/style", ("primary", "danger"))


def check_image(problems: Problems, image: Json, at: str) -> None:
    """The picture of an image block or element: an address or one of Slack's files, and words for it."""
    if image.get("alt_text") is None:
        problems.add(at, "missing required field: alt_text")
    problems.length(image.get("alt_text"), f"{at}/alt_text", 2000)
    if ("image_url" in image) == ("slack_file" in image):
        problems.add(at, "must have exactly one of image_url and slack_file")
    if "image_url" in image:
        problems.length(image["image_url"], f"{at}/image_url", MOST_URL)
        if not str(image["image_url"]).startswith(("http://", "https://")):
            problems.add(f"{at}/image_url", "must be a valid URL")
    if "slack_file" in image and problems.object(image["slack_file"], f"{at}/slack_file"):
        file = image["slack_file"]
        if ("id" in file) == ("url" in file):
            problems.add(f"{at}/slack_file", "must have exactly one of id and url")
