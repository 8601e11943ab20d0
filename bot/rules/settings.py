"""Settings: what a person and an admin can choose, checked word by word before any of it is stored."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks import settings as blocks
from bot.blocks.kit import Modal
from bot.errors import BotError
from bot.interactions import Press, Submission
from bot.rules.attention import Started, stop, stopped_kinds
from bot.rules.choices import DEFAULTS, EMOJI, NAMES, PAGES, RANGES, Choices, is_emoji, is_tag, read_choices
from bot.rules.my_settings import mine
from bot.rules.roles import duties_given_by, is_admin
from storage.contributions import Kind
from storage.inbox import heard_before
from storage.people import is_left_out, log_act
from storage.session import Session
from storage.settings import WORKSPACE, store_setting

_SPLIT = re.compile(r"[\s,;#]+")


class OnlyAdmins(BotError):
    """Only admins can change the workspace's settings. An admin can make you one, in `/learn settings` → Roles."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that cannot be taken as it is: what to say under which block."""

    by_block: dict[str, str]


@dataclass(frozen=True, slots=True)
class Kinds:
    """A person allows a kind of message again, or stops it."""

    workspace: str
    person: str
    kind: str


def open_settings(session: Session, workspace: str, person: str, now: datetime, notice: str = "") -> Modal:
    """The page of settings that fits this person."""
    return blocks.settings(
        mine(session, workspace, person, now),
        stopped_kinds(session, workspace, person),
        left_out=is_left_out(session, workspace, person),
        admin=is_admin(session, workspace, person),
        gives_roles=bool(duties_given_by(session, workspace, person)),
        notice=notice,
    )


def stop_kind(session: Session, wish: Kinds, now: datetime) -> None:
    """Stop a kind of message; one that we do not know changes nothing."""
    del now
    if wish.kind in set(Started):
        stop(session, wish.workspace, wish.person, Started(wish.kind))


def allow_kind(session: Session, wish: Kinds, now: datetime) -> Modal:
    """Allow a kind of message again, and show the page as it is then."""
    if wish.kind in set(Started):
        stop(session, wish.workspace, wish.person, Started(wish.kind), stopped=False)
        session.flush()
    return open_settings(session, wish.workspace, wish.person, now)


def open_workspace(session: Session, workspace: str, person: str) -> Modal:
    """The form of the workspace's settings; raises OnlyAdmins."""
    _check_admin(session, workspace, person)
    return _form(read_choices(session, workspace), {})


def change(session: Session, form: Submission, now: datetime) -> Wrong | None:
    """Store what was chosen, only what differs, each with a line in the log; raises OnlyAdmins."""
    _check_admin(session, form.workspace, form.person)
    given = {block.partition(".")[0]: value for block, value in form.values.items()}
    wanted, wrong = read_form(given)
    if wrong:
        drawn = {block.partition(".")[0]: block for block in form.values}
        return Wrong({drawn.get(name, name): sentence for name, sentence in wrong.items()})
    if not heard_before(session, form.workspace, form.key, now):
        before = read_choices(session, form.workspace)
        for name, value in wanted.items():
            if value != getattr(before, name):
                _store(session, form.workspace, form.person, name, value, now)
    return None


def reset(session: Session, press: Press, now: datetime) -> Modal:
    """Put one setting back to its default and draw the form anew, what was typed elsewhere staying as it is."""
    _check_admin(session, press.workspace, press.person)
    if press.value in NAMES and not heard_before(session, press.workspace, press.key, now):
        _store(session, press.workspace, press.person, press.value, getattr(DEFAULTS, press.value), now)
        session.flush()
    drawn = _drawn(press.metadata.get("drawn"))
    drawn[press.value] = drawn.get(press.value, 0) + 1
    return _form(read_choices(session, press.workspace), drawn)


def _drawn(value: object) -> dict[str, int]:
    known = value if isinstance(value, Mapping) else {}
    return {name: known[name] for name in NAMES if isinstance(known.get(name), int)}


def _form(choices: Choices, drawn: dict[str, int]) -> Modal:
    values = {name: getattr(choices, name) for name in PAGES["words"]}
    defaults = {name: getattr(DEFAULTS, name) for name in PAGES["words"]}
    return blocks.workspace_form(values, defaults, RANGES, drawn)


def _check_admin(session: Session, workspace: str, person: str) -> None:
    if not is_admin(session, workspace, person):
        raise OnlyAdmins


def _store(session: Session, workspace: str, by: str, name: str, value: Any, now: datetime) -> None:
    stored = None if value == getattr(DEFAULTS, name) else value
    store_setting(session, workspace, WORKSPACE, name, stored)
    log_act(session, workspace, by, "setting changed", f"{name}: {value}", now)


def read_form(given: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, str]]:
    """The settings in the form's values by name, and what is wrong with which."""
    wanted: dict[str, Any] = {}
    wrong: dict[str, str] = {}
    _read_tags(given, wanted, wrong)
    _read_emoji(given, wanted, wrong)
    _read_numbers(given, wanted, wrong)
    if "free_plan" in given:
        wanted["free_plan"] = "yes" in (given["free_plan"] or ())
    return wanted, wrong


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
        typed = given.get(name)
        emoji = typed.strip().lower().strip(":").split("::")[0] if isinstance(typed, str) else ""
        if not is_emoji(emoji):
            wrong[name] = blocks.NO_EMOJI
        elif emoji in seen:
            wrong[name] = blocks.EMOJI_TWICE.format(emoji=emoji)
        seen.add(emoji)
        wanted[name] = emoji


def _read_numbers(given: Mapping[str, Any], wanted: dict[str, Any], wrong: dict[str, str]) -> None:
    for name, (least, most) in RANGES.items():
        if name not in PAGES["words"]:
            continue
        typed = str(given.get(name) or "").strip()
        number = int(typed) if typed.isascii() and typed.isdigit() and len(typed) < 6 else -1  # noqa: PLR2004
        if not least <= number <= most:
            wrong[name] = blocks.NO_NUMBER.format(least=least, most=most)
        wanted[name] = number
