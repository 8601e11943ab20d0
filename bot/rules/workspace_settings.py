"""The workspace's settings: an admin changes them by subject, each number checked, and each change is logged."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.blocks import workspace_settings as blocks
from bot.blocks.kit import Modal
from bot.errors import BotError
from bot.interactions import Press, Submission
from bot.rules.choices import DEFAULTS, NAMES, PAGES, RANGES, Choices, read_choices
from bot.rules.replanning import plan_everybody_again
from bot.rules.roles import is_admin
from bot.rules.settings_fields import read_form
from storage.inbox import heard_before
from storage.people import log_act
from storage.session import Session
from storage.settings import WORKSPACE, store_setting

FIRST_PAGE = "words"
MOVES_DAYS = ("working_days", "country")  # changes of these move what is planned for everybody


class OnlyAdmins(BotError):
    """Only admins can change the workspace's settings. An admin can make you one, in `/learn settings` → Roles."""


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form that cannot be taken as it is: what to say under which block."""

    by_block: dict[str, str]


def open_page(session: Session, workspace: str, person: str, subject: str) -> Modal:
    """The form of one subject, the first for a subject that we do not have; raises OnlyAdmins."""
    check_admin(session, workspace, person)
    return _form(read_choices(session, workspace), _page(subject), {})


def change(session: Session, form: Submission, now: datetime) -> Wrong | None:
    """Store what was chosen, only what differs, each with a line in the log; raises OnlyAdmins."""
    check_admin(session, form.workspace, form.person)
    given = {block.partition(".")[0]: value for block, value in form.values.items()}
    wanted, wrong = read_form(given, PAGES[_page(form.metadata.get("subject"))])
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
    check_admin(session, press.workspace, press.person)
    if press.value in NAMES and not heard_before(session, press.workspace, press.key, now):
        _store(session, press.workspace, press.person, press.value, getattr(DEFAULTS, press.value), now)
        session.flush()
    drawn = _drawn(press.metadata.get("drawn"))
    drawn[press.value] = drawn.get(press.value, 0) + 1
    return _form(read_choices(session, press.workspace), _page(press.metadata.get("subject")), drawn)


def check_admin(session: Session, workspace: str, person: str) -> None:
    """Raise OnlyAdmins for anybody else."""
    if not is_admin(session, workspace, person):
        raise OnlyAdmins


def _page(subject: object) -> str:
    return subject if isinstance(subject, str) and subject in PAGES else FIRST_PAGE


def _drawn(value: object) -> dict[str, int]:
    known = value if isinstance(value, Mapping) else {}
    return {name: known[name] for name in NAMES if isinstance(known.get(name), int)}


def _form(choices: Choices, subject: str, drawn: dict[str, int]) -> Modal:
    values = {name: getattr(choices, name) for name in PAGES[subject]}
    defaults = {name: getattr(DEFAULTS, name) for name in PAGES[subject]}
    return blocks.form(subject, values, defaults, RANGES, drawn)


def _store(session: Session, workspace: str, by: str, name: str, value: Any, now: datetime) -> None:
    stored = None if value == getattr(DEFAULTS, name) else value
    store_setting(session, workspace, WORKSPACE, name, stored)
    log_act(session, workspace, by, "setting changed", f"{name}: {value}", now)
    if name in MOVES_DAYS:
        session.flush()
        plan_everybody_again(session, workspace)
