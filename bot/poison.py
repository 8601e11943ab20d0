"""Facts that our own code could not take in: kept sealed for a week, for a mended version to run again."""

import types
import typing
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields, is_dataclass, replace
from datetime import datetime
from enum import Enum
from traceback import extract_tb
from typing import Any

import orjson

from bot.errors import BotError
from bot.incoming import DirectChange, MessageFact, ReactionFact
from bot.incoming_world import AppRemoved, FileGone, MembershipFact, ProfileFact, SpaceChange, SpaceMoved
from bot.rules import direct, letters, messages, people, reactions, spaces
from bot.secrets import Vault
from bot.transactions import Transactions
from storage.inbox import FailedFact
from storage.people import is_left_out
from storage.session import Session

Rule = Callable[..., Any]


class NotReplayable(BotError):
    """This cannot be run again: it belongs to no rule that this version may repeat."""


# What may be run again, by the name it is stored under; nothing else is ever looked up or imported. What
# people write to the app itself is not here on purpose: its text is stored nowhere.
REPLAYABLE: Mapping[str, tuple[Rule, type[Any]]] = {
    f"{rule.__module__}.{rule.__qualname__}": (rule, fact)
    for rule, fact in (
        (messages.record, MessageFact),
        (reactions.record, ReactionFact),
        (letters.record_heard, letters.Heard),
        (spaces.record_membership, MembershipFact),
        (spaces.record_removal, AppRemoved),
        (spaces.record_change, SpaceChange),
        (spaces.record_move, SpaceMoved),
        (people.record_profile, ProfileFact),
        (people.record_file_gone, FileGone),
        (direct.hear_change, DirectChange),  # of deletions only, which have no words
    )
}


@dataclass(frozen=True, slots=True)
class Kept:
    """A fact that was set aside, and how to run it."""

    rule: Rule
    fact: Any
    grouped: bool

    @property
    def subjects(self) -> tuple[str, ...]:
        """What settling it may touch."""
        return tuple(getattr(self.fact, "subjects", ()))

    def run(self, session: Session, now: datetime) -> None:
        """Run it once more."""
        self.rule(session, [self.fact] if self.grouped else self.fact, now)


@dataclass(frozen=True, slots=True)
class FailedFactNote:
    """What is stored about a fact that failed: sealed, with the kind of error but none of its words."""

    workspace: str
    rule: str
    fact: str
    error: str
    whose: str | None = None
    wordless: str | None = None


async def keep_failure(
    transactions: Transactions, vault: Vault, rule: Rule, fact: Any, error: Exception, *, grouped: bool
) -> None:
    """Set a fact aside in a transaction of its own; raises when that fails too, and NotReplayable."""
    await transactions.run(store_failure, note_failure(rule, fact, vault, error, grouped=grouped))


def note_failure(
    rule: Rule, fact: Any, vault: Vault, error: BaseException, *, grouped: bool = True
) -> FailedFactNote:
    """What is stored about this fact; raises NotReplayable."""
    whose, wordless = words_of(fact)
    return FailedFactNote(
        fact.workspace,
        name_of_rule(rule),
        pack(rule, fact, vault, grouped=grouped),
        describe(error),
        whose,
        pack(rule, wordless, vault, grouped=grouped) if whose else None,
    )


def words_of(fact: Any) -> tuple[str | None, Any]:
    """The person whose words a fact holds, None when it holds nobody's; and the fact without them."""
    if isinstance(fact, MessageFact):
        return fact.author, replace(fact, text="", files=())
    if isinstance(fact, ProfileFact):
        return fact.person.id, replace(fact, person=replace(fact.person, name="", tz="", locale=""))
    return None, fact


def store_failure(session: Session, note: FailedFactNote, now: datetime) -> None:
    """Keep the note for a week; of somebody who is left out without their words."""
    left_out = note.whose is not None and is_left_out(session, note.workspace, note.whose)
    session.add(
        FailedFact(
            workspace=note.workspace,
            rule=note.rule,
            fact=note.wordless if left_out else note.fact,
            error=note.error,
            failed_at=now,
            whose=note.whose,
            wordless=None if left_out else note.wordless,
        )
    )


def describe(error: BaseException) -> str:
    """The kind of an error and where it was raised; its own words could hold somebody's text."""
    frames = extract_tb(error.__traceback__)
    place = f" in {frames[-1].name}, line {frames[-1].lineno}" if frames else ""
    return type(error).__name__ + place


def pack(rule: Rule, fact: Any, vault: Vault, *, grouped: bool = True) -> str:
    """The sealed form of a fact and of the rule that failed on it; raises NotReplayable."""
    name = name_of_rule(rule)
    known = REPLAYABLE.get(name)
    if known is None or known[1] is not type(fact):
        raise NotReplayable
    plain = {"rule": name, "grouped": grouped, "type": type(fact).__name__, "fact": asdict(fact)}
    return vault.encrypt(orjson.dumps(plain))


def unpack(sealed: str, vault: Vault) -> Kept:
    """What `pack` sealed; raises CannotDecrypt, and NotReplayable when this version does not know it."""
    try:
        plain = orjson.loads(vault.decrypt(sealed))
        rule, kind = REPLAYABLE[plain["rule"]]
        if plain["type"] != kind.__name__:
            raise NotReplayable
        return Kept(rule, _build(kind, plain["fact"]), plain["grouped"] is True)
    except (KeyError, TypeError, ValueError) as error:
        raise NotReplayable from error


def name_of_rule(rule: Rule) -> str:
    """The name that a rule is stored under."""
    return f"{rule.__module__}.{rule.__qualname__}"


def _build(kind: Any, value: Any) -> Any:
    """`value`, as JSON holds it, in the form that a fact's field has."""
    if is_dataclass(kind) and isinstance(kind, type):
        hints = typing.get_type_hints(kind)
        # A field that a newer version added has its default; one that it dropped is left out.
        known = [field.name for field in fields(kind) if field.name in value]
        return kind(**{name: _build(hints[name], value[name]) for name in known})
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    if typing.get_origin(kind) is tuple:
        return tuple(_build(typing.get_args(kind)[0], one) for one in value)
    if isinstance(kind, types.UnionType) and value is not None:
        return _build(next(one for one in typing.get_args(kind) if one is not types.NoneType), value)
    return value
