"""What people filled into the forms of a plan, and everything that is wrong with it at once, by block."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.blocks import plans_forms as forms
from bot.blocks.plans_forms import Row
from bot.blocks.plans_words import MOST_HALF
from bot.blocks.said import clean
from bot.interactions import Submission
from bot.rules.attention import Started, may_write
from bot.rules.managers import manager_of
from storage.people import find_person
from storage.plans import Plan
from storage.session import Session

RATINGS = frozenset(str(number) for number in range(1, 11))
Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A form was filled in wrongly: what to say under which block."""

    by_block: dict[str, str]


def rows_in(values: Values) -> list[Row]:
    """The items as they stand in a form, in its order."""
    numbers = [block.removeprefix("cue:") for block in values if block.startswith("cue:")]
    rows = sorted(int(number) for number in numbers if number.isdecimal())
    return [read_row(values, n) for n in rows[: forms.MOST_ITEMS]]


def read_row(values: Values, n: int) -> Row:
    """One item as it stands in a form."""
    return Row(
        n,
        words_in(values, f"cue:{n}"),
        words_in(values, f"action:{n}"),
        _date(values.get(f"due:{n}")),
        words_in(values, f"helper:{n}") or None,
    )


def words_in(values: Values, block: str) -> str:
    """What was typed or chosen there."""
    value = values.get(block)
    return clean(value).strip() if isinstance(value, str) else ""


def buddy_in(values: Values) -> str | None:
    """The buddy that was chosen, unless none is wanted."""
    return None if wants_no_buddy(values) else words_in(values, "buddy") or None


def wants_no_buddy(values: Values) -> bool:
    """Whether the person would rather go without."""
    return "none" in (values.get("no_buddy") or ())


def read_rating(form: Submission) -> int | None:
    """The rating from 1 to 10 that was chosen."""
    chosen = form.words("rating")
    return int(chosen) if chosen in RATINGS else None


def check_row(session: Session, plan: Plan, row: Row, today: date, ends_on: date) -> dict[str, str]:
    """What is wrong with an item; `today` is where the person lives."""
    found = {
        f"cue:{row.n}": _half(row.cue, forms.CUE_MISSING),
        f"action:{row.n}": _half(row.action, forms.ACTION_MISSING),
        f"due:{row.n}": _due(row.due, today, ends_on),
        f"helper:{row.n}": check_helper(session, plan, row.helper),
    }
    return {block: sentence for block, sentence in found.items() if sentence}


def _half(words: str, missing: str) -> str:
    if not any(letter.isalnum() for letter in words):
        return missing
    return forms.TOO_LONG.format(most=MOST_HALF) if len(words) > MOST_HALF else ""


def _due(due: date | None, today: date, ends_on: date) -> str:
    if due is None:
        return forms.DUE_MISSING
    if due < today:
        return forms.DUE_PAST
    return forms.late(ends_on) if due > ends_on else ""


def check_helper(session: Session, plan: Plan, helper: str | None) -> str:
    """Why this person cannot be asked to help; empty when they can, or nobody is named."""
    if helper is None:
        return ""
    if helper == plan.person:
        return forms.HELPER_SELF
    return "" if _can_be_asked(session, plan, helper) else forms.HELPER_AWAY


def check_buddy(session: Session, plan: Plan, buddy: str | None) -> str:
    """Why this person cannot be asked to be the buddy; empty when they can, or nobody is named."""
    if buddy is None:
        return ""
    if buddy == plan.person:
        return forms.BUDDY_SELF
    if buddy == manager_of(session, plan.workspace, plan.person):
        return forms.BUDDY_MANAGER
    known = find_person(session, plan.workspace, buddy)
    is_guest = known is not None and known.is_guest
    return forms.BUDDY_AWAY if is_guest or not _can_be_asked(session, plan, buddy) else ""


def _can_be_asked(session: Session, plan: Plan, person: str) -> bool:
    known = find_person(session, plan.workspace, person)
    if known is None:
        return True  # never met: a colleague who has done nothing here yet
    if known.is_external:
        return False
    return may_write(session, plan.workspace, person, Started.HELP, asked_by=plan.person)


def _date(value: object) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
