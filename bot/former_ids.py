"""A fact that names a space by an id it had once is taken for what it is: something about the space under its id now.

Slack gives a channel another id for good, and delivers what was said under the old one late, twice or out of order.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from storage.locks import hold_ids, lock
from storage.session import Session
from storage.spaces import find_former_ids

F = TypeVar("F")

# The fields that may name spaces, unless the class of a fact says so itself in `NAMES_SPACES`.
NAMES_SPACES = ("channel",)


def lock_and_readdress(session: Session, workspace: str, facts: Sequence[F]) -> list[F]:
    """Lock what the facts of one workspace may touch, and return them under the ids that spaces have now.

    No space gets another id before this transaction has ended.
    """
    hold_ids(session, workspace)
    lock(session, _subjects(facts))
    former = find_former_ids(session, workspace)
    if not former:
        return list(facts)
    there = [readdress(fact, former) for fact in facts]
    # Beside the one order of all locks, but rare: a deadlock would be noticed, and the transaction repeated.
    lock(session, set(_subjects(there)) - set(_subjects(facts)))
    return there


def readdress(fact: F, former: Mapping[str, str]) -> F:
    """The fact with every former id of a space replaced, also in the facts that it holds; itself when it has none."""
    if not former or isinstance(fact, type) or not is_dataclass(fact):
        return fact
    named = getattr(fact, "NAMES_SPACES", NAMES_SPACES)
    changed = {}
    for name in (field.name for field in fields(fact)):
        value = getattr(fact, name)
        now = _rename(value, former) if name in named else _inside(value, former)
        if now != value:
            changed[name] = now
    return replace(fact, **changed) if changed else fact  # type: ignore[type-var]  # it is a dataclass


def _inside(value: Any, former: Mapping[str, str]) -> Any:
    if isinstance(value, tuple):
        return tuple(_inside(one, former) for one in value)
    return readdress(value, former)


def _rename(value: Any, former: Mapping[str, str]) -> Any:
    """A button says what it is about in one text, such as "C123:1700000000.000100"."""
    if isinstance(value, str):
        return ":".join(former.get(part, part) for part in value.split(":"))
    if isinstance(value, Mapping):
        return {key: _rename(one, former) for key, one in value.items()}
    if isinstance(value, tuple | list):
        return type(value)(_rename(one, former) for one in value)
    return value


def _subjects(facts: Iterable[Any]) -> Iterable[str]:
    for fact in facts:
        yield from getattr(fact, "subjects", ())
