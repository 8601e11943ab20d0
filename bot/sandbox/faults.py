"""Fault injection: rules that say which call or delivery goes wrong, decided by a seeded die."""

import random
from collections.abc import Callable
from dataclasses import asdict, dataclass

from bot.sandbox.errors import Refused
from bot.sandbox.model import Json

CALL_FAULTS = ("429", "500", "timeout", "close", "500_after", "timeout_after", "close_after")
CALL_ERRORS = ("error:", "error_after:")
EVENT_FAULTS = ("lose_ack", "duplicate", "shuffle", "disconnect")
ACK_FAULTS = ("lose_ack", "close")
KINDS = (*CALL_FAULTS, "error:<code>", "error_after:<code>", *EVENT_FAULTS)
MOST_RULES = 100


@dataclass
class Rule:
    """One fault: where, what, how many times more (None: for ever), how likely, what wait a 429 asks for."""

    method: str
    fault: str
    times: int | None = None
    probability: float = 1.0
    retry_after: int = 1

    def as_json(self) -> Json:
        """The rule as the control API shows it."""
        return asdict(self)


class Faults:
    """The rules in force, tried in order."""

    def __init__(self, seed: int = 7) -> None:
        self.rules: list[Rule] = []
        self.on_used: Callable[[], None] = lambda: None
        self.random = random.Random(seed)  # noqa: S311 - faults that can be repeated, no secret

    def replace(self, rules: list[Json]) -> None:
        """Put other rules in force; raises Refused for one that makes no sense."""
        if len(rules) > MOST_RULES:
            raise Refused(f"At most {MOST_RULES} rules at a time, please.")
        self.rules = [_parse(rule) for rule in rules]

    def pick(self, method: str, general: bool = False) -> Rule | None:
        """The rule that strikes now, used up once; with `general` the rules for all methods count too."""
        for rule in self.rules:
            if rule.method != method and not (general and rule.method == "*"):
                continue
            if rule.times == 0 or self.random.random() >= rule.probability:
                continue
            if rule.times is not None:
                rule.times -= 1
                self.on_used()
            return rule
        return None


def _parse(given: Json) -> Rule:
    try:
        times = given.get("times")
        rule = Rule(
            str(given["method"]),
            str(given["fault"]),
            None if times is None else int(times),
            float(given.get("probability", 1.0)),
            int(given.get("retry_after") or 1),
        )
    except (KeyError, TypeError, ValueError, AttributeError):
        raise Refused(
            "A rule needs a method and a fault; times, probability and retry_after are numbers."
        ) from None
    if not _makes_sense(rule):
        raise Refused(f"There is no fault {rule.fault!r} for {rule.method!r}.")
    return rule


def _makes_sense(rule: Rule) -> bool:
    if rule.method == "event":
        return rule.fault in EVENT_FAULTS
    if rule.method == "socket.ack":
        return rule.fault in ACK_FAULTS
    return rule.fault in CALL_FAULTS or rule.fault.startswith(CALL_ERRORS)
