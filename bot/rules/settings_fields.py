"""The fields of the workspace's settings: what was typed into each is read, or the mistake is said."""

import re
from collections.abc import Callable, Collection, Mapping
from typing import Any

from bot.blocks import workspace_settings as blocks
from bot.rules.choices import (
    EMOJI,
    LAST_CHECK_IN,
    LONGEST_WORD,
    MOST_CHECK_INS,
    MOST_WORDS,
    RANGES,
    RHYTHMS,
    are_check_in_days,
    are_weekdays,
    is_emoji,
    is_tag,
)
from bot.rules.holidays import find_country
from storage.contributions import Kind

_SPLIT = re.compile(r"[\s,;#]+")
_COMMAS = re.compile(r"[,;\n]+")
MOST_DIGITS = 5


class Wrong(Exception):
    """What was typed cannot be taken; the argument says what to type instead."""


def read_form(given: Mapping[str, Any], names: Collection[str]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings of these names in the form's values, and what is wrong with which."""
    wanted: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    if "tags" in names:
        _read_tags(given, wanted, wrong)
        _read_emoji(given, wanted, wrong)
    for name in names:
        if name in _READERS:
            try:
                wanted[name] = _READERS[name](given.get(name))
            except Wrong as mistake:
                wrong[name] = str(mistake)
    _compare(wanted, wrong)
    return wanted, wrong


def _compare(wanted: Mapping[str, Any], wrong: dict[str, str]) -> None:
    """Numbers that only make sense together."""
    for small, large, sentence in (
        ("learner_day", "learner_week", blocks.WEEK_TOO_SMALL),
        ("duty_day", "duty_week", blocks.WEEK_TOO_SMALL),
        ("circle_size", "circle_most", blocks.MOST_TOO_SMALL),
    ):
        if small in wanted and large in wanted and wanted[large] < wanted[small]:
            wrong.setdefault(large, sentence.format(least=wanted[small]))
    if "talk_day" in wanted and wanted["talk_day"] <= wanted.get("talk_asked_day", 0):
        wrong.setdefault("talk_day", blocks.TALK_TOO_EARLY.format(least=wanted["talk_asked_day"]))


def _read_tags(given: Mapping[str, Any], wanted: dict[str, Any], wrong: dict[str, str]) -> None:
    tags: dict[str, str] = {}
    for kind in Kind:
        block = f"tags_{kind}"
        for word in _words(given.get(block)):
            if not is_tag(word):
                wrong[block] = blocks.NO_TAG.format(word=word)
            elif word in tags:
                wrong[block] = blocks.TAG_TWICE.format(word=word)
            tags[word] = kind.value
    if not tags:
        wrong.setdefault("tags_solution", blocks.NO_TAGS)
    asks = _words(given.get("ask_tag"))
    if len(asks) != 1 or not is_tag(asks[0]):
        wrong["ask_tag"] = blocks.ONE_TAG
    elif asks[0] in tags:
        wrong["ask_tag"] = blocks.TAG_TWICE.format(word=asks[0])
    wanted.update(tags=tags, ask_tag=asks[0] if asks else "")


def _words(value: object) -> list[str]:
    return [word for word in _SPLIT.split(value.lower()) if word] if isinstance(value, str) else []


def _read_emoji(given: Mapping[str, Any], wanted: dict[str, Any], wrong: dict[str, str]) -> None:
    seen: set[str] = set()
    for name in EMOJI:
        emoji = _emoji(given.get(name))
        if not is_emoji(emoji):
            wrong[name] = blocks.NO_EMOJI
        elif emoji in seen:
            wrong[name] = blocks.EMOJI_TWICE.format(emoji=emoji)
        seen.add(emoji)
        wanted[name] = emoji


def _emoji(typed: object) -> str:
    return typed.strip().lower().strip(":").split("::")[0] if isinstance(typed, str) else ""


def _number(name: str) -> Callable[[Any], int]:
    least, most = RANGES[name]

    def read(given: Any) -> int:
        typed = str(given or "").strip()
        number = _whole(typed)
        if not least <= number <= most:
            raise Wrong(blocks.NO_NUMBER.format(least=least, most=most))
        return number

    return read


def _whole(typed: str) -> int:
    """The whole number that was typed, or -1."""
    return int(typed) if typed.isascii() and typed.isdigit() and len(typed) <= MOST_DIGITS else -1


def _rhythm(given: Any) -> str:
    if given not in RHYTHMS:
        raise Wrong(blocks.NO_CHOICE)
    return str(given)


def _weekday(given: Any) -> int:
    number = _whole(str(given or ""))
    if not are_weekdays([number]):
        raise Wrong(blocks.NO_CHOICE)
    return number


def _week(given: Any) -> list[int]:
    days = sorted({_whole(str(day)) for day in given}) if isinstance(given, tuple) else []
    if not are_weekdays(days):
        raise Wrong(blocks.NO_WEEK)
    return days


def _check_in_days(given: Any) -> list[int]:
    typed = _SPLIT.split(given.strip(" ,;")) if isinstance(given, str) else []
    days = [_whole(day) for day in typed]
    if not are_check_in_days(days):
        raise Wrong(blocks.NO_DAYS.format(most=MOST_CHECK_INS, last=LAST_CHECK_IN))
    return days


def _country(given: Any) -> str:
    typed = given.strip() if isinstance(given, str) else ""
    country = find_country(typed)
    if typed and not country:
        raise Wrong(blocks.NO_COUNTRY.format(typed=typed))
    return country


def _leave_emoji(given: Any) -> list[str]:
    typed = [_emoji(word) for word in _SPLIT.split(given) if word] if isinstance(given, str) else []
    for word in typed:
        if not is_emoji(word):
            raise Wrong(blocks.NO_EMOJI_LIST.format(word=word))
    return _few(typed)


def _leave_words(given: Any) -> list[str]:
    typed = given if isinstance(given, str) else ""
    return _few([words for part in _COMMAS.split(typed) if (words := " ".join(part.split()).casefold())])


def _few(words: list[str]) -> list[str]:
    once = list(dict.fromkeys(words))
    if len(once) > MOST_WORDS or any(len(word) > LONGEST_WORD for word in once):
        raise Wrong(blocks.TOO_MANY_WORDS.format(most=MOST_WORDS, longest=LONGEST_WORD))
    return once


_READERS: dict[str, Callable[[Any], Any]] = {
    **{name: _number(name) for name in RANGES},
    "free_plan": lambda given: "yes" in (given or ()),
    "learner_note": _rhythm,
    "duty_note": _rhythm,
    "note_weekday": _weekday,
    "check_in_days": _check_in_days,
    "working_days": _week,
    "country": _country,
    "leave_emoji": _leave_emoji,
    "leave_words": _leave_words,
}
